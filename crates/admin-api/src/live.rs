//! Live streams: how many there may be, who runs them, and what ends them.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How many live streams a process serves at once.
const MAX_STREAMS: usize = 32;

/// How fast streams go.
#[derive(Debug, Clone, Copy)]
pub struct LivePace {
    /// How often the database is asked what has changed.
    pub every: Duration,
    /// How long a reader may take nothing while events wait for it.
    pub patience: Duration,
    /// How often a stream that has nothing to say shows that it is there.
    pub heartbeat: Duration,
}

/// The live streams of this process; cheap to clone.
#[derive(Debug, Clone)]
pub struct LiveStreams {
    slots: Arc<Semaphore>,
    tasks: TaskTracker,
    stop: CancellationToken,
    pace: LivePace,
}

impl Default for LivePace {
    fn default() -> Self {
        Self {
            every: Duration::from_secs(1),
            patience: Duration::from_secs(10),
            heartbeat: Duration::from_secs(15),
        }
    }
}

impl LiveStreams {
    /// Streams whose tasks are tracked, and end when `stop` is cancelled.
    pub fn new(tasks: TaskTracker, stop: CancellationToken, pace: LivePace) -> Self {
        Self {
            slots: Arc::new(Semaphore::new(MAX_STREAMS)),
            tasks,
            stop,
            pace,
        }
    }

    /// A place for one more stream, until it is dropped; none where there are as many as there may be.
    pub(crate) fn slot(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.slots).try_acquire_owned().ok()
    }

    /// How many there may be.
    pub(crate) const fn limit() -> usize {
        MAX_STREAMS
    }

    /// Runs what fills a stream.
    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.tasks.spawn(task);
    }

    /// How fast to go.
    pub(crate) const fn pace(&self) -> LivePace {
        self.pace
    }

    /// When to end.
    pub(crate) fn stop(&self) -> CancellationToken {
        self.stop.clone()
    }
}
