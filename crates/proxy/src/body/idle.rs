//! The longest silence within an answer.

use std::future::Future as _;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::{Instant, Sleep};

/// Runs only while nothing arrives, so a caller that reads slowly is not mistaken for a silent upstream. The timer
/// is set once and moved when it fires, not at each piece.
pub(crate) struct IdleTimer {
    limit: Duration,
    quiet_since: Option<Instant>,
    sleep: Option<Pin<Box<Sleep>>>,
}

impl IdleTimer {
    pub(crate) const fn new(limit: Duration) -> Self {
        Self {
            limit,
            quiet_since: None,
            sleep: None,
        }
    }

    /// Something has arrived.
    pub(crate) fn progress(&mut self) {
        self.quiet_since = None;
    }

    /// Ready once nothing has arrived for the limit, counted from the first poll after the last progress.
    pub(crate) fn poll_expired(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let deadline = *self.quiet_since.get_or_insert_with(Instant::now) + self.limit;
        let sleep = self
            .sleep
            .get_or_insert_with(|| Box::pin(tokio::time::sleep_until(deadline)));
        loop {
            if sleep.as_mut().poll(cx).is_pending() {
                return Poll::Pending;
            }
            if sleep.deadline() >= deadline {
                return Poll::Ready(());
            }
            sleep.as_mut().reset(deadline);
        }
    }
}
