//! What the admin API reads: sums.

use async_trait::async_trait;

use super::{StoreError, StoredGaps};
use crate::{PriceRelease, ReleaseOrigin, RollupValues, Timestamp};

/// Sums over a time range, from rollups.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Totals {
    /// The sums.
    pub values: RollupValues,
}

/// What the catalog serves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatalogState {
    /// Models with a price.
    pub models: u64,
    /// Of those, gone from the map: their last price still serves.
    pub stale: u64,
    /// Prices that wait for the operator.
    pub held: u64,
    /// Overrides in force.
    pub overrides: u64,
    /// How the current release came to be.
    pub origin: ReleaseOrigin,
    /// When it became current.
    pub published_at: Timestamp,
    /// SHA-256 of the map it was read from, hex.
    pub content_hash: String,
    /// The latest run of the price sync; `None` before the first.
    pub last_sync: Option<PriceRelease>,
}

/// Reads for the admin API. Dashboards never scan the ledger.
#[async_trait]
pub trait ReportStore: Send + Sync {
    /// Sums over the buckets from `from` (inclusive) to `until` (exclusive).
    async fn totals(&self, from: Timestamp, until: Timestamp) -> Result<Totals, StoreError>;

    /// What is known of attempts that could not be recorded, over all journals and all time.
    async fn gaps(&self) -> Result<StoredGaps, StoreError>;

    /// What the catalog serves; `None` before the first release.
    async fn catalog_state(&self) -> Result<Option<CatalogState>, StoreError>;
}
