//! Answers that wait until a test lets them go on, so that no test has to guess with a sleep.

use tokio::sync::watch;

#[derive(Debug)]
pub(super) struct Hold {
    /// Counts releases; a waiting answer goes on when the number changes.
    released: watch::Sender<u64>,
    held: watch::Sender<usize>,
}

/// Counts one waiting answer for as long as it lives.
struct Held<'a>(&'a watch::Sender<usize>);

impl Hold {
    pub(super) fn new() -> Self {
        Self {
            released: watch::Sender::new(0),
            held: watch::Sender::new(0),
        }
    }

    pub(super) fn release(&self) {
        self.released.send_modify(|count| *count += 1);
    }

    pub(super) fn held(&self) -> usize {
        *self.held.borrow()
    }

    /// Waits for the next release.
    pub(super) async fn wait(&self) {
        let mut released = self.released.subscribe();
        let _held = Held::new(&self.held);
        // An error means the simulator is gone, and with it the reason to wait.
        released.changed().await.ok();
    }

    pub(super) async fn wait_until_held(&self, count: usize) {
        self.held.subscribe().wait_for(|held| *held >= count).await.ok();
    }
}

impl<'a> Held<'a> {
    fn new(held: &'a watch::Sender<usize>) -> Self {
        held.send_modify(|count| *count += 1);
        Self(held)
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.0.send_modify(|count| *count = count.saturating_sub(1));
    }
}
