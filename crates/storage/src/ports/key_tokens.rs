//! The tokens of keys.

use async_trait::async_trait;
use tollgate_domain::ports::{Edited, KeyTokenStore, NewToken, StoreError};
use tollgate_domain::{Actor, ApiKey, KeyId};

use crate::database::{Database, run};

#[async_trait]
impl KeyTokenStore for Database {
    async fn rotate_key(
        &self,
        id: KeyId,
        token: NewToken,
        expected: Option<i64>,
        actor: &Actor,
    ) -> Result<Edited<ApiKey>, StoreError> {
        let actor = actor.clone();
        run!(
            self.backend,
            writing,
            "rotating a key",
            key_tokens::rotate(id, &token, expected, &actor)
        )
    }
}
