use async_trait::async_trait;
use tollgate_domain::ports::{ConfigStore, GatewayConfig, StoreError, Versions};

use super::FakeStore;

#[async_trait]
impl ConfigStore for FakeStore {
    async fn versions(&self) -> Result<Versions, StoreError> {
        unreachable!("the admin API polls nothing")
    }

    async fn gateway_config(&self) -> Result<GatewayConfig, StoreError> {
        unreachable!("the admin API opens no credential")
    }
}
