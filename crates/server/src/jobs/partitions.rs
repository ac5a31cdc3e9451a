//! The partitions of the coming months.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use async_trait::async_trait;
use tokio_util::sync::CancellationToken;
use tollgate_domain::Clock;
use tollgate_storage::Database;

use super::{Job, Report};

/// Makes partitions ahead of time.
pub(crate) struct PartitionMaintenance {
    pub(crate) database: Arc<Database>,
    pub(crate) clock: Arc<dyn Clock>,
}

#[async_trait]
impl Job for PartitionMaintenance {
    fn name(&self) -> &'static str {
        "partition_maintenance"
    }

    fn description(&self) -> &'static str {
        "Makes the monthly partitions of ledger and request logs ahead of time (PostgreSQL; nothing to do on SQLite)"
    }

    fn every(&self) -> Duration {
        Duration::from_hours(1)
    }

    async fn run(&self, _: &CancellationToken) -> Result<Report> {
        let made = self.database.ensure_partitions(self.clock.now()).await;
        let made = made.context("partitions could not be made ahead")?;
        Ok(if made.is_empty() {
            Report::Nothing
        } else {
            Report::Did(format!("made {}", made.join(", ")))
        })
    }
}
