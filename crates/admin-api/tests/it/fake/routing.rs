use async_trait::async_trait;
use tollgate_domain::ports::{RoutingStore, StoreError};
use tollgate_domain::{RequestId, RoutingDecision};

use super::FakeStore;

#[async_trait]
impl RoutingStore for FakeStore {
    async fn routing_decision(&self, id: RequestId) -> Result<Option<RoutingDecision>, StoreError> {
        Ok(self.open()?.routing.get(&id).cloned())
    }
}
