//! The price sync.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use tokio::task::JoinHandle;
use tollgate_catalog::sync::{PriceSync, SyncRunner};
use tollgate_domain::JournalId;
use tollgate_domain::ports::Store;
use tollgate_journal::Journal;
use tollgate_storage::Database;

use super::Edge;
use crate::config::Config;

/// How long a stop waits for the sync.
const PATIENCE: Duration = Duration::from_secs(5);

/// The sync and the task that carries its runs out. The journal's id names this process over restarts.
pub(super) fn start(
    config: &Config,
    edge: &Edge,
    journal: &Journal,
    database: &Arc<Database>,
) -> Result<(Arc<PriceSync>, SyncRunner)> {
    SyncRunner::new(
        Arc::clone(database) as Arc<dyn Store>,
        Arc::clone(&edge.clock),
        Arc::clone(&edge.ids),
        JournalId::new(uuid::Uuid::from_bytes(journal.id())),
        config.prices.sync.settings()?,
    )
    .context("setting up the price sync")
}

/// Lets a run under way note that it was stopped. Where the database does not answer, the next start notes it.
pub(super) async fn stopped(runner: JoinHandle<()>) {
    if tokio::time::timeout(PATIENCE, runner).await.is_err() {
        tracing::warn!("the price sync did not stop in time");
    }
}
