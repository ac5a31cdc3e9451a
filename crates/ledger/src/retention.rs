//! Removing request logs that are too old. The ledger and its sums are never pruned.

use std::time::Duration;

use chrono::TimeDelta;
use tokio_util::sync::CancellationToken;
use tollgate_domain::Timestamp;
use tollgate_domain::ports::{LogStore, PrunedLogs, StoreError};

/// Rows a transaction: so few that the writer, which waits for it on a database with one writer, hardly notices.
const BATCH: u32 = 500;

/// A pause between two transactions, for others to get their turn.
const PAUSE: Duration = Duration::from_millis(50);

/// Removes the request logs admitted more than `keep_days` days before `now`, in small transactions, until none are left
/// or `stop` is cancelled; what was removed. Partitions that hold nothing younger are dropped whole. To stop in between
/// leaves nothing half done: the next run goes on.
///
/// # Errors
/// [`StoreError`] when the database fails or is away; what was removed until then stays removed.
pub async fn prune_request_logs(
    store: &dyn LogStore,
    now: Timestamp,
    keep_days: u32,
    stop: &CancellationToken,
) -> Result<PrunedLogs, StoreError> {
    let before = now - TimeDelta::days(i64::from(keep_days));
    let mut pruned = PrunedLogs::default();
    while !stop.is_cancelled() {
        let batch = store.prune_request_logs(before, BATCH).await?;
        pruned.rows += batch.rows;
        pruned.partitions.extend(batch.partitions);
        if batch.rows < u64::from(BATCH) {
            break;
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(PAUSE) => {}
        }
    }
    Ok(pruned)
}
