//! Request logs.

use async_trait::async_trait;

use super::StoreError;
use crate::{
    ErrorOrigin, KeyId, Protocol, RequestId, RequestStatus, StatusClass, Timestamp, TokenTotals, UpstreamId,
    Usd,
};

/// Which request logs. What is `None` narrows nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LogFilter {
    /// Admitted at or after.
    pub from: Option<Timestamp>,
    /// Admitted before.
    pub until: Option<Timestamp>,
    /// Of this key.
    pub key_id: Option<KeyId>,
    /// Whose key was of this team then.
    pub team: Option<String>,
    /// Whose key was of this owner then.
    pub owner: Option<String>,
    /// Answered by this upstream.
    pub upstream_id: Option<UpstreamId>,
    /// In this wire protocol.
    pub protocol: Option<Protocol>,
    /// Whether a stream was asked for.
    pub stream: Option<bool>,
    /// Naming exactly this model, or served by it.
    pub model: Option<String>,
    /// Answered with a status of this class.
    pub class: Option<StatusClass>,
    /// Ended with an error of this origin.
    pub origin: Option<ErrorOrigin>,
    /// With this billing status.
    pub status: Option<RequestStatus>,
    /// With this unbilled reason on an attempt.
    pub reason: Option<String>,
    /// Of at least this cost; what is not known is in no range.
    pub min_cost: Option<Usd>,
    /// Of at most this cost.
    pub max_cost: Option<Usd>,
    /// First content after at least this long, in microseconds.
    pub min_ttft_us: Option<u64>,
    /// First content after at most this long, in microseconds.
    pub max_ttft_us: Option<u64>,
    /// Over after at least this long, in microseconds.
    pub min_duration_us: Option<u64>,
    /// Over after at most this long, in microseconds.
    pub max_duration_us: Option<u64>,
    /// Beginning of the caller's own request id.
    pub caller_request_id: Option<String>,
    /// This request, by our id.
    pub request_id: Option<RequestId>,
}

/// In which order of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TimeOrder {
    /// The latest admission first.
    #[default]
    NewestFirst,
    /// The earliest admission first.
    OldestFirst,
}

/// In which order of cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CostOrder {
    /// The highest cost first.
    CostliestFirst,
    /// The lowest cost first.
    CheapestFirst,
}

/// A place in the order of time: admission, then id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LogCursor {
    /// Admission.
    pub occurred_at: Timestamp,
    /// The request.
    pub request_id: RequestId,
}

/// A place in the order of cost: cost, then id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct CostCursor {
    /// The cost.
    pub cost: Usd,
    /// The request.
    pub request_id: RequestId,
}

/// A place in the order of changes: when the row last changed, then id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ChangeCursor {
    /// When it changed.
    pub changed_at: Timestamp,
    /// The request.
    pub request_id: RequestId,
}

/// What was removed of what is too old.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PrunedLogs {
    /// Rows deleted one by one.
    pub rows: u64,
    /// Whole partitions dropped, by name.
    pub partitions: Vec<String>,
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
    /// The model that answered last, as its response says it; else the one sent to it.
    pub model_served: Option<String>,
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
    /// Why generation stopped, as the provider says it; of the last attempt.
    pub finish_reason: Option<String>,
    /// The caller's own request id.
    pub caller_request_id: Option<String>,
    /// Over the latest revisions of its attempts; `None` where no attempt's usage is known.
    pub tokens: Option<TokenTotals>,
    /// When the row last changed, counted from its end; `None` before that, and for rows of older versions.
    pub changed_at: Option<Timestamp>,
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

/// Request logs: what happened to each request, and what it cost.
#[async_trait]
pub trait LogStore: Send + Sync {
    /// A page in the order of time, after the cursor and up to `last`, the request there included.
    async fn request_logs(
        &self,
        filter: LogFilter,
        order: TimeOrder,
        after: Option<LogCursor>,
        last: Option<LogCursor>,
        limit: u16,
    ) -> Result<Vec<LogRow>, StoreError>;

    /// The place of the last of the `depth` requests after the cursor that an index finds for the filter: with it as
    /// `last`, [`Self::request_logs`] looks at no more than these, however few of them match. `None` where there are fewer,
    /// and where the index finds nothing but what matches.
    async fn log_scan_end(
        &self,
        filter: LogFilter,
        order: TimeOrder,
        after: Option<LogCursor>,
        depth: u32,
    ) -> Result<Option<LogCursor>, StoreError>;

    /// The place of the newest request but `depth` that an index finds for the filter; `None` where there are no more than
    /// that. With it as `floor`, [`Self::request_logs_by_cost`] looks at no more than `depth` rows.
    async fn log_floor(&self, filter: LogFilter, depth: u32) -> Result<Option<LogCursor>, StoreError>;

    /// A page in the order of cost, after the cursor, of requests admitted after the floor. Requests of unknown cost are
    /// in no order of cost.
    async fn request_logs_by_cost(
        &self,
        filter: LogFilter,
        order: CostOrder,
        floor: Option<LogCursor>,
        after: Option<CostCursor>,
        limit: u16,
    ) -> Result<Vec<LogRow>, StoreError>;

    /// Finished requests in the order in which they changed, after the place.
    async fn changed_request_logs(
        &self,
        filter: LogFilter,
        after: ChangeCursor,
        limit: u16,
    ) -> Result<Vec<LogRow>, StoreError>;

    /// One request log.
    async fn request_log(&self, id: RequestId) -> Result<Option<LogRow>, StoreError>;

    /// Removes request logs admitted before an instant: partitions that hold nothing younger whole, and of the rest at
    /// most `limit` rows. The ledger keeps all it has.
    async fn prune_request_logs(&self, before: Timestamp, limit: u32) -> Result<PrunedLogs, StoreError>;
}

impl LogRow {
    /// Output tokens a second of generation, in thousandths: from first content to end where a stream showed the first
    /// content, else from admission to end. `None` where tokens or times are not known.
    pub fn milli_tokens_per_second(&self) -> Option<u64> {
        let tokens = self.tokens?.output;
        let shown = self.ttft_us.filter(|_| self.stream).unwrap_or(0);
        let micros = self.duration_us?.checked_sub(shown)?;
        if tokens == 0 || micros == 0 {
            return None;
        }
        u64::try_from(u128::from(tokens) * 1_000_000_000 / u128::from(micros)).ok()
    }
}
