//! Attempts served while the journal had no room, under the `serve` policy.

use std::sync::{Mutex, PoisonError};

use tollgate_domain::Timestamp;

/// What has not been noted in the journal yet, and how much there was in all.
#[derive(Debug, Default)]
pub(crate) struct Gap {
    state: Mutex<State>,
}

/// A stretch of unrecorded attempts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stretch {
    pub(crate) attempts: u64,
    pub(crate) from: Timestamp,
    pub(crate) until: Timestamp,
}

#[derive(Debug, Default)]
struct State {
    total: u64,
    unnoted: Option<Stretch>,
}

impl Gap {
    pub(crate) fn count(&self, at: Timestamp) {
        self.with(|state| {
            state.total += 1;
            let stretch = state.unnoted.get_or_insert(Stretch {
                attempts: 0,
                from: at,
                until: at,
            });
            stretch.attempts += 1;
            stretch.until = at;
        });
    }

    pub(crate) fn restore(&self, attempts: u64) {
        self.with(|state| state.total += attempts);
    }

    pub(crate) fn total(&self) -> u64 {
        self.with(|state| state.total)
    }

    /// Takes what is to be noted; put it back when the note could not be written.
    pub(crate) fn take(&self) -> Option<Stretch> {
        self.with(|state| state.unnoted.take())
    }

    pub(crate) fn put_back(&self, stretch: Stretch) {
        self.with(|state| {
            state.unnoted = Some(match state.unnoted {
                None => stretch,
                Some(later) => Stretch {
                    attempts: stretch.attempts + later.attempts,
                    from: stretch.from,
                    until: later.until,
                },
            });
        });
    }

    fn with<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
