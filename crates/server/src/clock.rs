//! The real clock and id source.

use tollgate_domain::{Clock, IdSource, Timestamp};
use uuid::{ContextV7, Uuid};

/// The system's clock, truncated to microseconds.
pub(crate) struct SystemClock;

/// UUIDv7 ids, ordered within the process.
pub(crate) struct SystemIds {
    context: std::sync::Mutex<ContextV7>,
}

impl SystemIds {
    pub(crate) fn new() -> Self {
        Self {
            context: std::sync::Mutex::new(ContextV7::new()),
        }
    }
}

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where the system's time is read"
    )]
    fn now(&self) -> Timestamp {
        let now = chrono::Utc::now();
        Timestamp::from_timestamp_micros(now.timestamp_micros()).unwrap_or(now)
    }
}

impl IdSource for SystemIds {
    fn new_id(&self, at: Timestamp) -> Uuid {
        let context = self
            .context
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let seconds = u64::try_from(at.timestamp()).unwrap_or(0);
        Uuid::new_v7(uuid::Timestamp::from_unix(
            &*context,
            seconds,
            at.timestamp_subsec_nanos(),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_made_at_one_instant_are_distinct_and_ordered() {
        let (ids, at) = (SystemIds::new(), SystemClock.now());
        let made: Vec<_> = (0..1_000).map(|_| ids.new_id(at)).collect();
        assert!(made.windows(2).all(|pair| pair[0] < pair[1]));
        assert_eq!(made[0].get_version_num(), 7);
    }

    #[test]
    fn the_clock_has_whole_microseconds() {
        assert_eq!(SystemClock.now().timestamp_subsec_nanos() % 1_000, 0);
    }
}
