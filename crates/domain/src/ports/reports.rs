//! What the admin API reads: request logs and sums.

use async_trait::async_trait;

use super::{StoreError, StoredGaps};
use crate::{
    ErrorOrigin, KeyId, PriceRelease, Protocol, ReleaseOrigin, RequestId, RequestStatus, RollupValues,
    Timestamp, UpstreamId, Usd,
};

/// Which request logs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LogFilter {
    /// Admitted at or after.
    pub from: Option<Timestamp>,
    /// Admitted before.
    pub until: Option<Timestamp>,
    /// Of this key.
    pub key_id: Option<KeyId>,
    /// Answered by this upstream.
    pub upstream_id: Option<UpstreamId>,
    /// Naming exactly this model.
    pub model: Option<String>,
    /// With this billing status.
    pub status: Option<RequestStatus>,
    /// With this unbilled reason on an attempt.
    pub reason: Option<String>,
}

/// Where a page ends: newest first, by admission and id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogCursor {
    /// Admission of the last row of the page.
    pub occurred_at: Timestamp,
    /// Its id.
    pub request_id: RequestId,
}

/// A request log with its billing, as stored. What only the end of a request knows is `None` for requests
/// whose end was never seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogRow {
    /// The request.
    pub request_id: RequestId,
    /// Admission.
    pub occurred_at: Timestamp,
    /// The end.
    pub ended_at: Option<Timestamp>,
    /// The key.
    pub key_id: KeyId,
    /// Its name then.
    pub key_name: String,
    /// Its owner then.
    pub owner: Option<String>,
    /// Its team then.
    pub team: Option<String>,
    /// The upstream that answered last.
    pub upstream_id: Option<UpstreamId>,
    /// Its name then.
    pub upstream_name: Option<String>,
    /// The wire protocol.
    pub protocol: Protocol,
    /// The path as called.
    pub path: Option<String>,
    /// Whether a stream was asked for.
    pub stream: bool,
    /// The model the caller named.
    pub model_requested: Option<String>,
    /// The status the caller got.
    pub http_status: Option<u16>,
    /// Whose error it was.
    pub error_origin: Option<ErrorOrigin>,
    /// What the error was.
    pub error: Option<String>,
    /// How many attempts were sent.
    pub attempts: u16,
    /// Admission to first content, in microseconds.
    pub ttft_us: Option<u64>,
    /// Admission to end, in microseconds.
    pub duration_us: Option<u64>,
    /// The caller's own request id.
    pub caller_request_id: Option<String>,
    /// Over its attempts.
    pub status: RequestStatus,
    /// The unbilled reason of its latest unbilled attempt.
    pub reason: Option<String>,
    /// That attempt's detail.
    pub detail: Option<String>,
    /// At list rates; `None` when nothing is known.
    pub list_cost: Option<Usd>,
    /// What the upstreams charge us; `None` when nothing is known.
    pub cost: Option<Usd>,
    /// What the key's owner pays; `None` when nothing is known.
    pub charge: Option<Usd>,
}

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
    /// Request logs, newest first, after the cursor.
    async fn request_logs(
        &self,
        filter: LogFilter,
        after: Option<LogCursor>,
        limit: u16,
    ) -> Result<Vec<LogRow>, StoreError>;

    /// One request log.
    async fn request_log(&self, id: RequestId) -> Result<Option<LogRow>, StoreError>;

    /// Sums over the buckets from `from` (inclusive) to `until` (exclusive).
    async fn totals(&self, from: Timestamp, until: Timestamp) -> Result<Totals, StoreError>;

    /// What is known of attempts that could not be recorded, over all journals and all time.
    async fn gaps(&self) -> Result<StoredGaps, StoreError>;

    /// What the catalog serves; `None` before the first release.
    async fn catalog_state(&self) -> Result<Option<CatalogState>, StoreError>;
}
