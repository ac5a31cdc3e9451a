use std::sync::atomic::{AtomicU64, Ordering};

use tollgate_domain::{Clock, IdSource, Timestamp};
use uuid::Uuid;

/// Stands still; the proxy measures durations with its own monotonic clock.
pub(crate) struct FixedClock;

/// 1, 2, 3 …
#[derive(Default)]
pub(crate) struct Counter(AtomicU64);

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        "2026-11-22T10:00:00Z".parse().unwrap()
    }
}

impl IdSource for Counter {
    fn new_id(&self, _: Timestamp) -> Uuid {
        Uuid::from_u128(u128::from(self.0.fetch_add(1, Ordering::Relaxed)) + 1)
    }
}
