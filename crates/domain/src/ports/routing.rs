//! Why requests went where they went.

use async_trait::async_trait;

use super::StoreError;
use crate::{RequestId, RoutingDecision};

/// Reads routing decisions; they are written with the request logs.
#[async_trait]
pub trait RoutingStore: Send + Sync {
    /// Which upstreams came into question; `None` where the request is not known, or nothing was kept of it.
    async fn routing_decision(&self, id: RequestId) -> Result<Option<RoutingDecision>, StoreError>;
}
