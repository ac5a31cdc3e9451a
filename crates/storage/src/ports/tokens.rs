//! Admin tokens.

use async_trait::async_trait;
use tollgate_domain::ports::{AdminToken, StoreError, TokenStore};
use tollgate_domain::{Actor, TokenHash};

use crate::database::{Database, run};

#[async_trait]
impl TokenStore for Database {
    async fn admin_token(&self, hash: TokenHash) -> Result<Option<AdminToken>, StoreError> {
        run!(
            self.backend,
            reading,
            "reading an admin token",
            tokens::find(hash)
        )
    }

    async fn create_first_admin_token(&self, token: AdminToken, actor: &Actor) -> Result<bool, StoreError> {
        let actor = actor.clone();
        run!(
            self.backend,
            writing,
            "storing the first admin token",
            tokens::create_first(token, &actor)
        )
    }

    async fn put_admin_token(&self, token: AdminToken, actor: &Actor) -> Result<(), StoreError> {
        let actor = actor.clone();
        run!(
            self.backend,
            writing,
            "storing an admin token",
            tokens::put(token, &actor)
        )
    }
}
