//! Stopping in order.

use std::time::Duration;

use anyhow::{Context, Result};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::task::JoinHandle;
use tokio_util::task::TaskTracker;
use tollgate_ledger::Recorder;

/// How long a stop waits for background jobs.
const JOBS: Duration = Duration::from_secs(5);

/// SIGTERM and SIGINT. Listened for before the gateway says that it is there: from then on a stop is an orderly one.
pub(super) struct StopSignals {
    terminate: Signal,
    interrupt: Signal,
}

impl StopSignals {
    /// Begins to listen.
    ///
    /// # Errors
    /// When the system refuses.
    pub(super) fn listen() -> Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate()).context("listening for SIGTERM")?,
            interrupt: signal(SignalKind::interrupt()).context("listening for SIGINT")?,
        })
    }

    /// Waits for either; one that came meanwhile counts.
    pub(super) async fn received(mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

/// Lets listeners and requests finish. What is still open after the grace period becomes `interrupted` at the next
/// start.
pub(super) async fn drain(
    serving: Vec<JoinHandle<()>>,
    requests: &TaskTracker,
    recorder: &Recorder,
    grace: Duration,
) {
    requests.close();
    let finished = async {
        for server in serving {
            drop(server.await);
        }
        requests.wait().await;
    };
    if tokio::time::timeout(grace, finished).await.is_err() {
        tracing::warn!(
            attempts = recorder.stats().open,
            "requests were still in flight at the end of the grace period"
        );
    }
}

/// Lets jobs under way note that they were stopped. Where the database does not answer, the next start notes it.
pub(super) async fn jobs_ended(jobs: &TaskTracker) {
    jobs.close();
    if tokio::time::timeout(JOBS, jobs.wait()).await.is_err() {
        tracing::warn!("a background job did not stop in time");
    }
}
