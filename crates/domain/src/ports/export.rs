//! The ledger as it is exported.

use async_trait::async_trait;

use super::{RecordedEntry, StoreError};
use crate::{BillingStatus, EventId, KeyId, Timestamp, UpstreamId};

/// Which ledger entries. What is `None` narrows nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ExportFilter {
    /// Dispatched at or after.
    pub occurred_from: Option<Timestamp>,
    /// Dispatched before.
    pub occurred_until: Option<Timestamp>,
    /// Recorded at or after.
    pub recorded_from: Option<Timestamp>,
    /// Recorded before.
    pub recorded_until: Option<Timestamp>,
    /// As the ledger stood at this instant: recorded at or before.
    pub as_of: Option<Timestamp>,
    /// Of this key.
    pub key_id: Option<KeyId>,
    /// Whose key was of this team then.
    pub team: Option<String>,
    /// At this upstream.
    pub upstream_id: Option<UpstreamId>,
    /// With exactly this model as the one requested, sent or served.
    pub model: Option<String>,
    /// Of this status. It is each revision's own: an attempt billed later has an unbilled one and a billed one.
    pub status: Option<BillingStatus>,
}

/// Reads the ledger out.
#[async_trait]
pub trait ExportStore: Send + Sync {
    /// Matching entries in order of event and revision, a page at a time: up to `limit` after the given one.
    async fn export_entries(
        &self,
        filter: ExportFilter,
        after: Option<(EventId, u32)>,
        limit: u16,
    ) -> Result<Vec<RecordedEntry>, StoreError>;
}
