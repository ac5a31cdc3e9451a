//! The attempts that were opened and have not ended.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Journal positions of `opened` records without an end. The lowest of them is what replay must still see.
#[derive(Debug, Default)]
pub(crate) struct OpenSet {
    positions: Mutex<BTreeSet<u64>>,
}

impl OpenSet {
    /// Appends and registers as one step: the writer can never compute a low-water mark above a position that
    /// is being registered.
    pub(crate) fn register<E>(&self, append: impl FnOnce() -> Result<u64, E>) -> Result<u64, E> {
        let mut positions = self.lock();
        let position = append()?;
        positions.insert(position);
        Ok(position)
    }

    pub(crate) fn remove(&self, position: u64) {
        self.lock().remove(&position);
    }

    pub(crate) fn lowest(&self) -> Option<u64> {
        self.lock().first().copied()
    }

    pub(crate) fn len(&self) -> usize {
        self.lock().len()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeSet<u64>> {
        self.positions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
