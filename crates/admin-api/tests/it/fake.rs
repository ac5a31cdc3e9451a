//! A store in memory: one file per port.

mod access;
mod activity;
mod attention;
mod config;
mod conflicts;
mod deferred;
mod edit_keys;
mod edit_upstreams;
mod jobs;
mod ledger;
mod logs;
mod prices;
mod recent;
mod releases;
mod reports;
mod routing;
mod runtime;
mod sums;
mod system;
mod test_calls;
mod tokens;

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard};

use tollgate_domain::ports::{
    Activated, Activity, ActivitySpan, AdminToken, AttentionRow, AttentionState, CatalogState, Claimed,
    Decided, DeferredFilter, DeferredRow, LedgerConflict, LetGo, LogCursor, LogRow, ModelChange, ModelMeans,
    RecordedEntry, RulesChanged, StaleModel, StatsBy, StatsFilter, StatsGroup, StoreError, StoredGaps,
    Totals,
};
use tollgate_domain::{
    ApiKey, HeldPrice, KeyId, ModelName, PriceRelease, ReleaseId, RequestId, RoutingDecision, Timestamp,
    Upstream, UpstreamId,
};

pub(crate) use jobs::FakeJobs;
pub(crate) use logs::{AskedExport, AskedLogs};
pub(crate) use runtime::FakeRuntime;
pub(crate) use system::FakeSystem;
pub(crate) use test_calls::FakeTests;

/// What is in the store, for tests to fill and look at.
#[derive(Default)]
pub(crate) struct Shelves {
    pub(crate) upstreams: Vec<Upstream>,
    pub(crate) credentials: Vec<(UpstreamId, String)>,
    pub(crate) keys: Vec<ApiKey>,
    pub(crate) tokens: Vec<AdminToken>,
    pub(crate) logs: Vec<LogRow>,
    pub(crate) routing: HashMap<RequestId, RoutingDecision>,
    pub(crate) deferred: Vec<DeferredRow>,
    pub(crate) entries: Vec<RecordedEntry>,
    /// How many entries a page looks at, where that is not the caller's to say.
    pub(crate) recent_depth: Option<u32>,
    pub(crate) conflicts: Vec<LedgerConflict>,
    pub(crate) totals: Totals,
    pub(crate) attention: Vec<AttentionRow>,
    pub(crate) attention_states: Vec<AttentionState>,
    pub(crate) model_means: Vec<ModelMeans>,
    pub(crate) held: Vec<HeldPrice>,
    pub(crate) gaps: StoredGaps,
    pub(crate) catalog: Option<CatalogState>,
    pub(crate) releases: Vec<PriceRelease>,
    pub(crate) changes: Vec<ModelChange>,
    pub(crate) stale: Vec<StaleModel>,
    /// How many ledger entries price changes find, whatever they look for.
    pub(crate) traffic: u32,
    /// What comes of the next decision, activation, removal.
    pub(crate) decided: Option<Decided>,
    pub(crate) activated: Option<Activated>,
    pub(crate) let_go: Option<LetGo>,
    /// Which decisions were asked for.
    pub(crate) asked_decisions: Vec<(ReleaseId, Option<Vec<ModelName>>, bool)>,
    /// Who changed something, in order.
    pub(crate) authors: Vec<String>,
    /// The ranges that sums were asked for.
    pub(crate) asked_ranges: Vec<(Timestamp, Timestamp)>,
    /// What keys and upstreams did.
    pub(crate) key_activity: HashMap<KeyId, Activity>,
    pub(crate) upstream_activity: HashMap<UpstreamId, Activity>,
    pub(crate) asked_activity: Vec<ActivitySpan>,
    /// Who tested what.
    pub(crate) tested: Vec<String>,
    /// Paused jobs, and who paused them.
    pub(crate) pauses: Vec<(String, String)>,
    /// What deferred operations were asked for last.
    pub(crate) asked_deferred: Option<DeferredFilter>,
    /// How request logs were asked for.
    pub(crate) asked_logs: Vec<AskedLogs>,
    /// How deep a ranking may go, as was asked.
    pub(crate) asked_depths: Vec<u32>,
    /// Where every ranking ends.
    pub(crate) floor: Option<LogCursor>,
    /// Where a page of request logs ends at the latest.
    pub(crate) scan_end: Option<LogCursor>,
    /// The statistics.
    pub(crate) stats: Vec<StatsGroup>,
    /// How statistics were asked for last.
    pub(crate) asked_stats: Option<(StatsFilter, StatsBy)>,
    /// How pages of the ledger were asked for.
    pub(crate) asked_exports: Vec<AskedExport>,
    /// What is known of every request under an idempotency key.
    pub(crate) claimed: Option<Claimed>,
    /// What comes of the next change of price rules.
    pub(crate) rules_changed: Option<RulesChanged>,
    /// How every call fails, if it does.
    pub(crate) failure: Option<Failure>,
    /// How many edits somebody else wins by a moment.
    pub(crate) lost_races: u32,
}

/// How calls fail.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Failure {
    /// The database is away.
    Unavailable,
    /// It refuses the statement.
    Failed,
}

/// The store.
#[derive(Default)]
pub(crate) struct FakeStore(Mutex<Shelves>);

impl FakeStore {
    /// For tests: never fails.
    pub(crate) fn shelves(&self) -> MutexGuard<'_, Shelves> {
        self.0.lock().unwrap()
    }

    /// For the ports: fails as told.
    fn open(&self) -> Result<MutexGuard<'_, Shelves>, StoreError> {
        let shelves = self.shelves();
        let source = || "secret inner text".into();
        let operation = "testing";
        match shelves.failure {
            None => Ok(shelves),
            Some(Failure::Unavailable) => Err(StoreError::Unavailable {
                operation,
                source: source(),
            }),
            Some(Failure::Failed) => Err(StoreError::Failed {
                operation,
                source: source(),
            }),
        }
    }
}

fn taken(name: &str) -> StoreError {
    StoreError::NameTaken {
        name: name.to_owned(),
    }
}
