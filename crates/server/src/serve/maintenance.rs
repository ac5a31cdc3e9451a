//! An alarm that every process raises by itself.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tollgate_domain::AccountingZone;
use tollgate_domain::ports::SumStore;
use tollgate_storage::Database;

const EVERY: Duration = Duration::from_hours(1);
/// How long to wait for a database that is away.
const AGAIN: Duration = Duration::from_secs(5);

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

/// Sees to it that reports sum up the days of this zone, as soon as the database is there. Where they do not yet, on a
/// new schema or after the zone was changed, reports are incomplete until this is done; entries are written afterwards.
pub(super) async fn sum_days_of(database: Arc<Database>, zone: AccountingZone, stop: CancellationToken) {
    loop {
        match database.sum_days_of(zone).await {
            Ok(anew) => {
                if anew {
                    tracing::info!(
                        zone = zone.name(),
                        "reports are added up by the days of this zone"
                    );
                }
                return;
            }
            Err(error) => tracing::warn!(%error, "reports cannot be added up yet"),
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(AGAIN) => {}
        }
    }
}
