//! Looking after what is used later than it is asked for.

use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tollgate_domain::ports::Runtime;
use tollgate_proxy::ProxyState;

/// How often it is asked whether the journal of the last start is in the database.
const LOOK: Duration = Duration::from_millis(200);

/// Starts looking. It begins once the database holds all that was journaled before this start: until then an operation
/// may be settled without showing it.
pub(super) fn start(
    tracker: &TaskTracker,
    proxy: &ProxyState,
    runtime: std::sync::Arc<dyn Runtime>,
    stop: &CancellationToken,
) {
    let caught_up = async move {
        while runtime.journal().pending_entries > 0 {
            tokio::time::sleep(LOOK).await;
        }
    };
    tracker.spawn(tollgate_proxy::poll_deferred(
        proxy.clone(),
        caught_up,
        stop.clone(),
    ));
}
