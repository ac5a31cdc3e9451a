//! Ledger entries, newest first.

use async_trait::async_trait;

use super::{RecordedEntry, StoreError};
use crate::{BillingStatus, EventId, KeyId, Timestamp, UpstreamId};

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

/// An entry that a page ended at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecentEnd {
    /// Its attempt.
    pub event_id: EventId,
    /// Its revision.
    pub revision: u32,
    /// When its attempt was dispatched.
    pub occurred_at: Timestamp,
}

/// Some entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecentPage {
    /// Those that match.
    pub entries: Vec<RecordedEntry>,
    /// The last entry that was looked at, where others follow that were not, and there are fewer than asked for.
    pub looked_to: Option<RecentEnd>,
}

/// Reads single entries by what they are.
#[async_trait]
pub trait RecentStore: Send + Sync {
    /// Entries by dispatch, newest first, of one attempt the latest revision first: up to `limit` after the given one. Where
    /// no index finds what the filter asks for and the database cannot combine several, at most `depth` entries are looked
    /// at.
    async fn recent_entries(
        &self,
        filter: RecentFilter,
        after: Option<(EventId, u32)>,
        limit: u16,
        depth: u32,
    ) -> Result<RecentPage, StoreError>;
}
