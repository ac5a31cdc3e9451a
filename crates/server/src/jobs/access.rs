//! Sign-ins and answers that have run out.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use async_trait::async_trait;
use chrono::TimeDelta;
use tokio_util::sync::CancellationToken;
use tollgate_domain::Clock;
use tollgate_domain::ports::SessionStore;
use tollgate_storage::Database;

use super::{Job, Report};

/// Removes what nobody can use any more.
pub(crate) struct AccessCleanup {
    pub(crate) database: Arc<Database>,
    pub(crate) clock: Arc<dyn Clock>,
    /// After how long without a request a session has ended.
    pub(crate) session_idle: TimeDelta,
}

#[async_trait]
impl Job for AccessCleanup {
    fn name(&self) -> &'static str {
        "access_cleanup"
    }

    fn description(&self) -> &'static str {
        "Removes sessions that have ended, replaced admin tokens whose grace is over, and answers kept for a day"
    }

    fn every(&self) -> Duration {
        Duration::from_hours(1)
    }

    async fn run(&self, _: &CancellationToken) -> Result<Report> {
        let now = self.clock.now();
        let removed = self.database.purge_access(now, now - self.session_idle).await;
        let removed = removed.context("what has run out could not be removed")?;
        Ok(match removed {
            0 => Report::Nothing,
            rows => Report::Did(format!("removed {rows} rows")),
        })
    }
}
