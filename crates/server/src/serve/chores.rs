//! Background jobs, and what the process says of itself.

use std::sync::Arc;

use anyhow::Result;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tollgate_catalog::sync::PriceSync;
use tollgate_domain::JournalId;
use tollgate_domain::ports::{JobControl, Runtime, Setting, Store, System};
use tollgate_journal::Journal;
use tollgate_ledger::WriterState;
use tollgate_storage::Database;

use super::Edge;
use crate::config::Config;
use crate::jobs::{
    AccessCleanup, DeferredUsage, Jobs, JobsParts, LogRetention, LookerPlace, PartitionMaintenance,
};
use crate::system::{JournalReport, RunningProcess};

/// Begins to look at the schedules. The journal's id names this process over restarts. What looks at deferred usage is
/// still to be put where it is given back.
pub(super) fn jobs(
    config: &Config,
    edge: &Edge,
    journal: &Journal,
    database: &Arc<Database>,
    price_sync: &Arc<PriceSync>,
    (tracker, stop): (&TaskTracker, &CancellationToken),
) -> Result<(Arc<dyn JobControl>, LookerPlace)> {
    let sync = &config.prices.sync;
    let deferred = DeferredUsage::default();
    let looker = deferred.looker();
    let jobs = Jobs::new(JobsParts {
        store: Arc::clone(database) as Arc<dyn Store>,
        clock: Arc::clone(&edge.clock),
        ids: Arc::clone(&edge.ids),
        holder: JournalId::new(uuid::Uuid::from_bytes(journal.id())),
        price_sync: Arc::clone(price_sync),
        price_sync_every: sync.enabled.then_some(sync.interval_minutes * 60),
        tracker: tracker.clone(),
        stop: stop.clone(),
    })
    .with(PartitionMaintenance {
        database: Arc::clone(database),
        clock: Arc::clone(&edge.clock),
    })
    .with(AccessCleanup {
        database: Arc::clone(database),
        clock: Arc::clone(&edge.clock),
        session_idle: config.access.policy()?.session_idle,
    })
    .with(LogRetention {
        database: Arc::clone(database),
        clock: Arc::clone(&edge.clock),
        keep_days: config.logs.retention_days,
    })
    .with(deferred)
    .start();
    Ok((jobs, looker))
}

/// This process.
pub(super) fn system(
    config: &Config,
    settings: Vec<Setting>,
    edge: &Edge,
    (journal, writer): (&Journal, &Arc<WriterState>),
    runtime: &Arc<dyn Runtime>,
) -> Arc<dyn System> {
    let report = JournalReport {
        journal: journal.clone(),
        runtime: Arc::clone(runtime),
        writer: Arc::clone(writer),
        clock: Arc::clone(&edge.clock),
        section: config.journal.clone(),
    };
    Arc::new(RunningProcess::new(settings, report, edge.clock.as_ref()))
}
