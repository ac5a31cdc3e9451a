use async_trait::async_trait;
use secrecy::{ExposeSecret, SecretString};
use tollgate_domain::ports::{Edited, MultiplierGrounds, NewCredential, StoreError, UpstreamStore};
use tollgate_domain::{Actor, Timestamp, TokenHash, Upstream, UpstreamId};

use super::{FakeStore, Shelves, taken};

#[async_trait]
impl UpstreamStore for FakeStore {
    async fn create_upstream(
        &self,
        mut upstream: Upstream,
        credential: Option<SecretString>,
        actor: &Actor,
    ) -> Result<Upstream, StoreError> {
        let mut shelves = self.open()?;
        if shelves.upstreams.iter().any(|other| other.name == upstream.name) {
            return Err(taken(&upstream.name));
        }
        upstream.revision = 1;
        let change = credential.map_or(NewCredential::Keep, NewCredential::Replace);
        upstream.credential_fingerprint = seal(&mut shelves, &upstream, change);
        shelves.upstreams.push(upstream.clone());
        shelves.authors.push(actor.name.to_string());
        Ok(upstream)
    }

    async fn update_upstream(
        &self,
        mut upstream: Upstream,
        credential: NewCredential,
        expected: Option<i64>,
        actor: &Actor,
        _grounds: Option<MultiplierGrounds>,
    ) -> Result<Edited<Upstream>, StoreError> {
        let mut shelves = self.open()?;
        if shelves.lost_races > 0 {
            shelves.lost_races -= 1;
            let current = shelves
                .upstreams
                .iter_mut()
                .find(|other| other.id == upstream.id)
                .unwrap();
            current.revision += 1;
        }
        let Some(at) = shelves.upstreams.iter().position(|other| other.id == upstream.id) else {
            return Ok(Edited::Missing);
        };
        let revision = shelves.upstreams[at].revision;
        if expected.is_some_and(|expected| expected != revision) {
            return Ok(Edited::Stale { revision });
        }
        let same_name = |other: &Upstream| other.name == upstream.name && other.id != upstream.id;
        if shelves.upstreams.iter().any(same_name) {
            return Err(taken(&upstream.name));
        }
        upstream.revision = revision + 1;
        upstream.credential_fingerprint = seal(&mut shelves, &upstream, credential);
        shelves.upstreams[at] = upstream.clone();
        shelves.authors.push(actor.name.to_string());
        Ok(Edited::Done(upstream))
    }

    async fn upstreams(&self) -> Result<Vec<Upstream>, StoreError> {
        Ok(self.open()?.upstreams.clone())
    }

    async fn upstream(&self, id: UpstreamId) -> Result<Option<Upstream>, StoreError> {
        let shelves = self.open()?;
        Ok(shelves
            .upstreams
            .iter()
            .find(|upstream| upstream.id == id)
            .cloned())
    }

    async fn delete_upstream(
        &self,
        id: UpstreamId,
        expected: Option<i64>,
        actor: &Actor,
        _at: Timestamp,
    ) -> Result<Edited<()>, StoreError> {
        let mut shelves = self.open()?;
        let Some(at) = shelves.upstreams.iter().position(|upstream| upstream.id == id) else {
            return Ok(Edited::Missing);
        };
        let revision = shelves.upstreams[at].revision;
        if expected.is_some_and(|expected| expected != revision) {
            return Ok(Edited::Stale { revision });
        }
        shelves.upstreams.remove(at);
        shelves.authors.push(actor.name.to_string());
        Ok(Edited::Done(()))
    }
}

/// Keeps a credential and makes its fingerprint, as the real store does.
fn seal(shelves: &mut Shelves, upstream: &Upstream, change: NewCredential) -> Option<String> {
    let id = upstream.id;
    match change {
        NewCredential::Keep => upstream.credential_fingerprint.clone(),
        NewCredential::Remove => {
            shelves.credentials.retain(|(other, _)| *other != id);
            None
        }
        NewCredential::Replace(secret) => {
            shelves.credentials.retain(|(other, _)| *other != id);
            let digest = TokenHash::of(secret.expose_secret());
            shelves.credentials.push((id, secret.expose_secret().to_owned()));
            Some(
                digest
                    .as_bytes()
                    .iter()
                    .take(8)
                    .map(|byte| format!("{byte:02x}"))
                    .collect::<Vec<_>>()
                    .concat(),
            )
        }
    }
}
