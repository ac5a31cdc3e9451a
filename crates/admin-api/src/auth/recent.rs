//! Who was let in lately, so that an outage of the database, or somebody else's guessing, locks nobody out.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::TimeDelta;
use tollgate_domain::{Timestamp, TokenHash};

/// How long somebody is remembered.
const REMEMBERED: TimeDelta = TimeDelta::minutes(15);
/// How many at most; beyond that the one not seen for longest is forgotten.
const ENTRIES: usize = 1_024;

/// What was found under the hashes of secrets that were presented lately.
#[derive(Debug)]
pub(super) struct Recent<T>(Mutex<HashMap<TokenHash, (T, Timestamp)>>);

impl<T: Clone> Recent<T> {
    /// What was found under a hash, if that was not long ago.
    pub(super) fn get(&self, hash: TokenHash, now: Timestamp) -> Option<T> {
        let entries = self.entries();
        let (found, seen) = entries.get(&hash)?;
        (now - *seen <= REMEMBERED).then(|| found.clone())
    }

    /// Remembers what the database has found.
    pub(super) fn remember(&self, hash: TokenHash, found: T, now: Timestamp) {
        let mut entries = self.entries();
        if entries.len() >= ENTRIES && !entries.contains_key(&hash) {
            let oldest = entries.iter().min_by_key(|(_, (_, seen))| *seen);
            if let Some(oldest) = oldest.map(|(hash, _)| *hash) {
                entries.remove(&oldest);
            }
        }
        entries.insert(hash, (found, now));
    }

    /// The database has found nothing.
    pub(super) fn forget(&self, hash: TokenHash) {
        self.entries().remove(&hash);
    }

    /// Forgets those for which this is so.
    pub(super) fn forget_where(&self, is_gone: impl Fn(&T) -> bool) {
        self.entries().retain(|_, (found, _)| !is_gone(found));
    }

    fn entries(&self) -> MutexGuard<'_, HashMap<TokenHash, (T, Timestamp)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Default for Recent<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_seen_lately_is_remembered_within_bounds() {
        let now: Timestamp = "2026-11-05T08:00:00Z".parse().unwrap();
        let hash = |n: usize| TokenHash::of(&n.to_string());
        let recent = Recent::default();
        for n in 0..=ENTRIES {
            let at = now + TimeDelta::milliseconds(i64::try_from(n).unwrap());
            recent.remember(hash(n), n, at);
        }
        assert_eq!(recent.entries().len(), ENTRIES);
        assert_eq!(recent.get(hash(0), now), None, "the oldest made room");
        assert_eq!(recent.get(hash(ENTRIES), now), Some(ENTRIES));
        assert_eq!(recent.get(hash(ENTRIES), now + TimeDelta::minutes(16)), None);
        recent.forget(hash(1));
        recent.forget_where(|n| *n == 2);
        assert_eq!([1, 2, 3].map(|n| recent.get(hash(n), now)), [None, None, Some(3)]);
    }
}
