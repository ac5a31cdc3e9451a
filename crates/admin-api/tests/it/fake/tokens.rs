use async_trait::async_trait;
use tollgate_domain::ports::{AdminToken, StoreError, TokenStore};
use tollgate_domain::{Actor, TokenHash};

use super::FakeStore;

#[async_trait]
impl TokenStore for FakeStore {
    async fn admin_token(&self, hash: TokenHash) -> Result<Option<AdminToken>, StoreError> {
        Ok(self
            .open()?
            .tokens
            .iter()
            .find(|token| token.token_hash == hash)
            .cloned())
    }

    async fn create_first_admin_token(&self, _: AdminToken, _: &Actor) -> Result<bool, StoreError> {
        unreachable!("the admin API makes no admin tokens")
    }

    async fn put_admin_token(&self, _: AdminToken, _: &Actor) -> Result<(), StoreError> {
        unreachable!("the admin API makes no admin tokens")
    }
}
