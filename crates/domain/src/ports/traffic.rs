//! What went through the gateway, for questions about prices.

use async_trait::async_trait;

use super::{RecordedEntry, StoreError};
use crate::{EventId, ModelName, ProviderName, Timestamp, UpstreamId};

/// Which attempts a price rule may touch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrafficFilter {
    /// Dispatched at or after.
    pub from: Timestamp,
    /// Dispatched before.
    pub until: Timestamp,
    /// At this upstream only.
    pub upstream_id: Option<UpstreamId>,
    /// With one of these as the model sent, served or requested; empty means any model.
    pub models: Vec<ModelName>,
}

/// Attempts whose latest revision is unbilled for want of a price, and that agree in all that chooses one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnpricedGroup {
    /// The model the response says it came from.
    pub model_served: Option<ModelName>,
    /// The model sent to the upstream.
    pub model_sent: Option<ModelName>,
    /// The model the caller named.
    pub model_requested: Option<ModelName>,
    /// The tier the response says was served, as written.
    pub tier_served: Option<String>,
    /// The tier that was asked for, as written.
    pub tier_requested: Option<String>,
    /// The upstream.
    pub upstream_id: UpstreamId,
    /// Its name then.
    pub upstream_name: String,
    /// Its provider then.
    pub provider: ProviderName,
    /// How many attempts.
    pub attempts: u64,
    /// Their input tokens, where known.
    pub input_tokens: u64,
    /// Their output tokens, where known.
    pub output_tokens: u64,
    /// The first.
    pub first_seen: Timestamp,
    /// The latest.
    pub last_seen: Timestamp,
}

/// Reads the ledger for the effect of price rules. Never for dashboards: these look at single attempts.
#[async_trait]
pub trait TrafficStore: Send + Sync {
    /// Entries of matching attempts, all revisions, in order of event and revision: up to `limit` after the given
    /// one.
    async fn traffic(
        &self,
        filter: TrafficFilter,
        after: Option<(EventId, u32)>,
        limit: u16,
    ) -> Result<Vec<RecordedEntry>, StoreError>;

    /// Groups of attempts without a price dispatched from `from` to `until`, most attempts first, at most `limit`.
    async fn unpriced(
        &self,
        from: Timestamp,
        until: Timestamp,
        limit: u16,
    ) -> Result<Vec<UnpricedGroup>, StoreError>;

    /// Entries without a price that were dispatched at exactly these instants.
    async fn unpriced_at(&self, instants: Vec<Timestamp>) -> Result<Vec<RecordedEntry>, StoreError>;
}
