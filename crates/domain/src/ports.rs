//! What the gateway needs from a database. Implemented by `tollgate-storage` for PostgreSQL and SQLite.
//! Not found is `Ok(None)`; an error is a failure.

mod access;
mod attention;
mod audit;
mod config;
mod conflicts;
mod deferred;
mod edit;
mod export;
mod gaps;
mod held;
mod idempotency;
mod job_control;
mod jobs;
mod key_tokens;
mod ledger;
mod logs;
mod object_lists;
mod price_rules;
mod prices;
mod recent;
mod releases;
mod reports;
mod routing;
mod runtime;
mod stats;
mod sums;
mod system;
mod test_calls;
mod tokens;
mod traffic;
mod usage_sums;

pub use access::{AdminSession, AdminTokenStore, SessionStore, TokenEdited, TokenRotation};
pub use attention::{AttentionRow, AttentionState, AttentionStore};
pub use audit::{AuditEntry, AuditFilter, AuditStore};
pub use config::{ConfigStore, GatewayConfig, UpstreamWithCredential, Versions};
pub use conflicts::{ConflictCursor, ConflictStore, LedgerConflict};
pub use deferred::{
    DeferredClaim, DeferredCursor, DeferredFilter, DeferredRelease, DeferredRow, DeferredState,
    DeferredStore, DeferredSummary,
};
pub use edit::{Edited, KeyStore, MultiplierGrounds, NewCredential, UpstreamStore};
pub use export::{ExportFilter, ExportStore};
pub use gaps::{GapStretch, GapSummary, JournalGap, JournalGaps, PendingGap, StoredGaps};
pub use held::HeldChangeStore;
pub use idempotency::{Claim, Claimed, IdempotencyStore, IdempotentRequest};
pub use job_control::{JobControl, JobPhase, JobStart, JobView};
pub use jobs::{
    FinishedJobRun, JobBegun, JobOutcome, JobPause, JobRecord, JobRun, JobStore, KEPT_JOB_RUNS, NewJobRun,
};
pub use key_tokens::{KeyTokenStore, NewToken};
pub use ledger::{Committed, LedgerStore, LedgerWrite, RecordedEntry};
pub use logs::{
    ChangeCursor, CostCursor, CostOrder, LogCursor, LogFilter, LogRow, LogStore, PrunedLogs, TimeOrder,
};
pub use object_lists::{
    FileFilter, FileNaming, HiddenObject, ObjectListStore, ObjectListing, ObjectOrder, ObjectPlace,
};
pub use price_rules::{
    AliasVersion, MultiplierVersion, OverrideVersion, PriceRuleStore, RuleBefore, RuleChange, RuleEdit,
    RuleEnd, RuleSpan, RulesChanged,
};
pub use prices::PriceStore;
pub use recent::{RecentEnd, RecentFilter, RecentPage, RecentStore};
pub use releases::{
    Activated, Begun, Decided, Finish, FinishedRun, JobState, Lease, LetGo, ModelChange, NewRun,
    PRICE_SYNC_JOB, ReleaseStore, SeenModels, StaleModel, SyncStart,
};
pub use reports::{CatalogState, ReportStore, Totals};
pub use routing::RoutingStore;
pub use runtime::{Health, JournalState, Runtime};
pub use stats::{Stats, StatsBy, StatsFilter, StatsGroup, StatsStore};
pub use sums::{
    MemberName, MemberNames, ModelMeans, RangeSum, SumFilter, SumGroup, SumQuery, SumStore, TopSums,
};
pub use system::{BuildInfo, JournalDetail, SchemaInfo, Setting, SettingSource, System, SystemStore};
pub use test_calls::{TestCall, TestCallStore, TestCalls, TestOutcome, TestPlan, TestRefusal};
pub use tokens::{AdminToken, PreviousToken, TokenStore};
pub use traffic::{TrafficFilter, TrafficStore, UnpricedGroup};
pub use usage_sums::{Activity, ActivitySpan, ActivityStore};

/// Everything at once; what a backend implements.
pub trait Store:
    LedgerStore
    + PriceStore
    + ReleaseStore
    + PriceRuleStore
    + TrafficStore
    + ConfigStore
    + UpstreamStore
    + KeyStore
    + KeyTokenStore
    + ActivityStore
    + JobStore
    + SystemStore
    + TestCallStore
    + TokenStore
    + AdminTokenStore
    + SessionStore
    + AuditStore
    + IdempotencyStore
    + ReportStore
    + DeferredStore
    + SumStore
    + AttentionStore
    + RecentStore
    + LogStore
    + StatsStore
    + ExportStore
    + RoutingStore
    + HeldChangeStore
    + ConflictStore
{
}

impl<T> Store for T where
    T: LedgerStore
        + PriceStore
        + PriceRuleStore
        + TrafficStore
        + ReleaseStore
        + ConfigStore
        + UpstreamStore
        + KeyStore
        + KeyTokenStore
        + ActivityStore
        + JobStore
        + SystemStore
        + TestCallStore
        + TokenStore
        + AdminTokenStore
        + SessionStore
        + AuditStore
        + IdempotencyStore
        + ReportStore
        + DeferredStore
        + SumStore
        + AttentionStore
        + RecentStore
        + LogStore
        + StatsStore
        + ExportStore
        + RoutingStore
        + HeldChangeStore
        + ConflictStore
{
}

/// Why a store could not do what was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The database cannot be reached or refuses work at the moment; the same call may go through later.
    #[error("the database is not available while {operation}")]
    Unavailable {
        /// What was being done.
        operation: &'static str,
        /// The driver's error.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A living upstream or key of that name exists.
    #[error("the name {name:?} is taken")]
    NameTaken {
        /// The name.
        name: String,
    },
    /// The database refused the statement; trying again will not help.
    #[error("the database failed while {operation}")]
    Failed {
        /// What was being done.
        operation: &'static str,
        /// The driver's error.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A stored value is not what the schema promises.
    #[error("stored {what} is not valid: {problem}")]
    Corrupt {
        /// Which value.
        what: &'static str,
        /// What is wrong with it.
        problem: String,
    },
}
