//! Upstreams.

use async_trait::async_trait;
use secrecy::SecretString;
use tollgate_domain::ports::{Edited, MultiplierGrounds, NewCredential, StoreError, UpstreamStore};
use tollgate_domain::{Actor, Timestamp, Upstream, UpstreamId};

use crate::database::{Database, credential_place, run};
use crate::keyring::fingerprint;
use crate::rows::SealedCredential;

#[async_trait]
impl UpstreamStore for Database {
    async fn create_upstream(
        &self,
        upstream: Upstream,
        credential: Option<SecretString>,
        actor: &Actor,
    ) -> Result<Upstream, StoreError> {
        let actor = actor.clone();
        let sealed = match credential {
            Some(secret) => self.sealed(upstream.id, &secret)?,
            None => SealedCredential::Remove,
        };
        run!(
            self.backend,
            writing,
            "storing an upstream",
            upstreams::create(upstream, sealed, &actor)
        )
    }

    async fn update_upstream(
        &self,
        upstream: Upstream,
        credential: NewCredential,
        expected: Option<i64>,
        actor: &Actor,
        grounds: Option<MultiplierGrounds>,
    ) -> Result<Edited<Upstream>, StoreError> {
        let (actor, grounds) = (actor.clone(), grounds.unwrap_or_default());
        let sealed = match credential {
            NewCredential::Keep => SealedCredential::Keep,
            NewCredential::Remove => SealedCredential::Remove,
            NewCredential::Replace(secret) => self.sealed(upstream.id, &secret)?,
        };
        run!(
            self.backend,
            writing,
            "storing an upstream",
            upstreams::update(upstream, sealed, expected, &actor, &grounds)
        )
    }

    async fn upstreams(&self) -> Result<Vec<Upstream>, StoreError> {
        run!(self.backend, reading, "reading upstreams", upstreams::list())
    }

    async fn upstream(&self, id: UpstreamId) -> Result<Option<Upstream>, StoreError> {
        run!(self.backend, reading, "reading an upstream", upstreams::find(id))
    }

    async fn delete_upstream(
        &self,
        id: UpstreamId,
        expected: Option<i64>,
        actor: &Actor,
        at: Timestamp,
    ) -> Result<Edited<()>, StoreError> {
        let actor = actor.clone();
        run!(
            self.backend,
            writing,
            "deleting an upstream",
            upstreams::delete(id, expected, &actor, at)
        )
    }
}

impl Database {
    fn sealed(&self, upstream: UpstreamId, secret: &SecretString) -> Result<SealedCredential, StoreError> {
        let sealed = self.keyring.seal(&credential_place(upstream.uuid()), secret);
        let sealed = sealed.map_err(|source| StoreError::Failed {
            operation: "sealing a credential",
            source: Box::new(source),
        })?;
        Ok(SealedCredential::Replace {
            sealed,
            fingerprint: fingerprint(secret),
        })
    }
}
