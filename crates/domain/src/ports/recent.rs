//! Ledger entries, newest first.

use async_trait::async_trait;

use super::{RecordedEntry, StoreError};
use crate::{BillingStatus, EventId, KeyId, UpstreamId};

/// Which entries.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RecentFilter {
    /// With this status.
    pub status: Option<BillingStatus>,
    /// With this reason.
    pub reason: Option<String>,
    /// At this upstream.
    pub upstream_id: Option<UpstreamId>,
    /// Of this key.
    pub key_id: Option<KeyId>,
    /// Of this model as served, else sent, else requested.
    pub model: Option<String>,
    /// At upstreams of this provider.
    pub provider: Option<String>,
}

/// Reads single entries by what they are.
#[async_trait]
pub trait RecentStore: Send + Sync {
    /// Entries by dispatch, newest first, of one attempt the latest revision first: up to `limit` after the given one.
    async fn recent_entries(
        &self,
        filter: RecentFilter,
        after: Option<(EventId, u32)>,
        limit: u16,
    ) -> Result<Vec<RecordedEntry>, StoreError>;
}
