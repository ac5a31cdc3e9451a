//! Keys.

use async_trait::async_trait;
use tollgate_domain::ports::{Edited, KeyStore, StoreError};
use tollgate_domain::{Actor, ApiKey, KeyId, Timestamp};

use crate::database::{Database, run};

#[async_trait]
impl KeyStore for Database {
    async fn create_key(&self, key: ApiKey, actor: &Actor) -> Result<ApiKey, StoreError> {
        let actor = actor.clone();
        run!(self.backend, writing, "storing a key", keys::create(key, &actor))
    }

    async fn update_key(
        &self,
        key: ApiKey,
        expected: Option<i64>,
        actor: &Actor,
    ) -> Result<Edited<ApiKey>, StoreError> {
        let actor = actor.clone();
        run!(
            self.backend,
            writing,
            "storing a key",
            keys::update(key, expected, &actor)
        )
    }

    async fn keys(&self) -> Result<Vec<ApiKey>, StoreError> {
        run!(self.backend, reading, "reading keys", keys::list())
    }

    async fn key(&self, id: KeyId) -> Result<Option<ApiKey>, StoreError> {
        run!(self.backend, reading, "reading a key", keys::find(id))
    }

    async fn delete_key(
        &self,
        id: KeyId,
        expected: Option<i64>,
        actor: &Actor,
        at: Timestamp,
    ) -> Result<Edited<()>, StoreError> {
        let actor = actor.clone();
        run!(
            self.backend,
            writing,
            "deleting a key",
            keys::delete(id, expected, &actor, at)
        )
    }
}
