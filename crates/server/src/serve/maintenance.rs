//! Housekeeping that needs no schedule of its own.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tollgate_domain::Clock;
use tollgate_storage::Database;

const EVERY: Duration = Duration::from_hours(1);

/// Makes partitions ahead of time, hourly, until stopped, and raises the alarm when rows lie where no partition was
/// made for them.
pub(super) async fn run(
    database: Arc<Database>,
    clock: Arc<dyn Clock>,
    alarm: Arc<AtomicBool>,
    stop: CancellationToken,
) {
    loop {
        if let Err(error) = database.ensure_partitions(clock.now()).await {
            tracing::warn!(%error, "partitions could not be made ahead");
        }
        if let Ok(tables) = database.default_partitions_in_use().await {
            alarm.store(!tables.is_empty(), Ordering::Relaxed);
            if !tables.is_empty() {
                tracing::error!(
                    ?tables,
                    "rows lie in default partitions; see docs/adr/0004-ledger-key-and-adjustments.md"
                );
            }
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(EVERY) => {}
        }
    }
}
