//! Why requests went where they went.

use async_trait::async_trait;
use tollgate_domain::ports::{RoutingStore, StoreError};
use tollgate_domain::{RequestId, RoutingDecision};

use crate::database::{Database, run};

#[async_trait]
impl RoutingStore for Database {
    async fn routing_decision(&self, id: RequestId) -> Result<Option<RoutingDecision>, StoreError> {
        run!(
            self.backend,
            reading,
            "reading a routing decision",
            routing::find(id)
        )
    }
}
