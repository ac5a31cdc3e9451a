//! Stopping in order.

use std::time::Duration;

use anyhow::{Context, Result};
use tokio::signal::unix::{SignalKind, signal as listen};
use tokio::task::JoinHandle;
use tokio_util::task::TaskTracker;

/// Waits for SIGTERM or SIGINT.
pub(super) async fn signal() -> Result<()> {
    let mut terminate = listen(SignalKind::terminate()).context("listening for SIGTERM")?;
    let mut interrupt = listen(SignalKind::interrupt()).context("listening for SIGINT")?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}

/// Lets listeners and requests finish. What is still open after the grace period becomes `interrupted` at the next
/// start.
pub(super) async fn drain(serving: Vec<JoinHandle<()>>, requests: &TaskTracker, grace: Duration) {
    requests.close();
    let finished = async {
        for server in serving {
            drop(server.await);
        }
        requests.wait().await;
    };
    if tokio::time::timeout(grace, finished).await.is_err() {
        tracing::warn!(
            open = requests.len(),
            "requests were still in flight at the end of the grace period"
        );
    }
}
