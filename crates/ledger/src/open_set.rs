//! The attempts that were opened and have not ended.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The attempts whose `opened` record has no end yet, by a journal position that is not above it. The lowest of them
/// is what replay must still see.
#[derive(Debug, Default)]
pub(crate) struct OpenSet {
    state: Mutex<State>,
}

/// An attempt in the set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct OpenKey {
    /// Its `opened` record has this position or a higher one.
    floor: u64,
    serial: u64,
}

#[derive(Debug, Default)]
struct State {
    open: BTreeSet<OpenKey>,
    serial: u64,
}

impl OpenSet {
    /// Registers an attempt whose `opened` record is handed over after this call; `last_position` is where the
    /// journal is now. The two are one step: whoever computes a low water from here sees the attempt, or knows of no
    /// record that came after it.
    pub(crate) fn register(&self, last_position: impl FnOnce() -> u64) -> OpenKey {
        let mut state = self.lock();
        state.serial += 1;
        let key = OpenKey {
            floor: last_position() + 1,
            serial: state.serial,
        };
        state.open.insert(key);
        key
    }

    pub(crate) fn remove(&self, key: OpenKey) {
        self.lock().open.remove(&key);
    }

    /// No `opened` record without an end is below this position.
    pub(crate) fn lowest(&self) -> Option<u64> {
        self.lock().open.first().map(|key| key.floor)
    }

    pub(crate) fn len(&self) -> usize {
        self.lock().open.len()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
