//! Housekeeping that needs no schedule of its own.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tollgate_domain::Clock;
use tollgate_storage::Database;

const EVERY: Duration = Duration::from_hours(1);

/// Makes partitions ahead of time, hourly, until stopped.
pub(super) async fn run(database: Arc<Database>, clock: Arc<dyn Clock>, stop: CancellationToken) {
    loop {
        if let Err(error) = database.ensure_partitions(clock.now()).await {
            tracing::warn!(%error, "partitions could not be made ahead");
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(EVERY) => {}
        }
    }
}
