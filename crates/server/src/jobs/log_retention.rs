//! Old request logs.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use async_trait::async_trait;
use tokio_util::sync::CancellationToken;
use tollgate_domain::Clock;
use tollgate_ledger::prune_request_logs;
use tollgate_storage::Database;

use super::{Job, Report};

/// Removes request logs that are older than the operator wants to keep them.
pub(crate) struct LogRetention {
    pub(crate) database: Arc<Database>,
    pub(crate) clock: Arc<dyn Clock>,
    /// How long they are kept; for ever where it is not given.
    pub(crate) keep_days: Option<u32>,
}

#[async_trait]
impl Job for LogRetention {
    fn name(&self) -> &'static str {
        "log_retention"
    }

    fn description(&self) -> &'static str {
        "Removes request logs older than `logs.retention_days`; the ledger is never pruned"
    }

    fn every(&self) -> Duration {
        Duration::from_hours(1)
    }

    async fn run(&self, stop: &CancellationToken) -> Result<Report> {
        let Some(days) = self.keep_days else {
            return Ok(Report::Nothing);
        };
        let pruned = prune_request_logs(self.database.as_ref(), self.clock.now(), days, stop).await;
        let pruned = pruned.context("old request logs could not be removed")?;
        if pruned.rows == 0 && pruned.partitions.is_empty() {
            return Ok(Report::Nothing);
        }
        let partitions = match pruned.partitions.as_slice() {
            [] => String::new(),
            dropped => format!(" and the partitions {}", dropped.join(", ")),
        };
        Ok(Report::Did(format!(
            "removed {} request logs{partitions}",
            pruned.rows
        )))
    }
}
