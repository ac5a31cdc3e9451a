//! An alarm that every process raises by itself.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tollgate_storage::Database;

const EVERY: Duration = Duration::from_hours(1);

/// Raises the alarm when rows lie where no partition was made for them: looks hourly, until stopped.
pub(super) async fn watch(database: Arc<Database>, alarm: Arc<AtomicBool>, stop: CancellationToken) {
    loop {
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
