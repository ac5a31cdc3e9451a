use async_trait::async_trait;
use tollgate_domain::ports::{Edited, KeyStore, StoreError};
use tollgate_domain::{Actor, ApiKey, KeyId, Timestamp};

use super::{FakeStore, taken};

#[async_trait]
impl KeyStore for FakeStore {
    async fn create_key(&self, mut key: ApiKey, actor: &Actor) -> Result<ApiKey, StoreError> {
        let mut shelves = self.open()?;
        if shelves.keys.iter().any(|other| other.name == key.name) {
            return Err(taken(&key.name));
        }
        key.revision = 1;
        shelves.keys.push(key.clone());
        shelves.authors.push(actor.name.to_string());
        Ok(key)
    }

    async fn update_key(
        &self,
        mut key: ApiKey,
        expected: Option<i64>,
        actor: &Actor,
    ) -> Result<Edited<ApiKey>, StoreError> {
        let mut shelves = self.open()?;
        if shelves.lost_races > 0 {
            shelves.lost_races -= 1;
            shelves
                .keys
                .iter_mut()
                .find(|other| other.id == key.id)
                .unwrap()
                .revision += 1;
        }
        let Some(at) = shelves.keys.iter().position(|other| other.id == key.id) else {
            return Ok(Edited::Missing);
        };
        let revision = shelves.keys[at].revision;
        if expected.is_some_and(|expected| expected != revision) {
            return Ok(Edited::Stale { revision });
        }
        if shelves
            .keys
            .iter()
            .any(|other| other.name == key.name && other.id != key.id)
        {
            return Err(taken(&key.name));
        }
        key.revision = revision + 1;
        shelves.keys[at] = key.clone();
        shelves.authors.push(actor.name.to_string());
        Ok(Edited::Done(key))
    }

    async fn keys(&self) -> Result<Vec<ApiKey>, StoreError> {
        Ok(self.open()?.keys.clone())
    }

    async fn key(&self, id: KeyId) -> Result<Option<ApiKey>, StoreError> {
        Ok(self.open()?.keys.iter().find(|key| key.id == id).cloned())
    }

    async fn delete_key(
        &self,
        id: KeyId,
        expected: Option<i64>,
        actor: &Actor,
        _at: Timestamp,
    ) -> Result<Edited<()>, StoreError> {
        let mut shelves = self.open()?;
        let Some(at) = shelves.keys.iter().position(|key| key.id == id) else {
            return Ok(Edited::Missing);
        };
        let revision = shelves.keys[at].revision;
        if expected.is_some_and(|expected| expected != revision) {
            return Ok(Edited::Stale { revision });
        }
        shelves.keys.remove(at);
        shelves.authors.push(actor.name.to_string());
        Ok(Edited::Done(()))
    }
}
