//! The fallbacks of one line, without allocating.

use tollgate_domain::Fallback;

/// More than any line can take: two for the meter, two for tier and band, one for the size, one for the count.
const MOST: usize = 8;

/// Fallbacks in the order in which they led to a rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fallbacks {
    taken: [Fallback; MOST],
    length: usize,
}

impl Fallbacks {
    pub(crate) const NONE: Self = Self {
        taken: [Fallback::StandardTier; MOST],
        length: 0,
    };

    pub(crate) fn of(reasons: &[Fallback]) -> Self {
        reasons
            .iter()
            .fold(Self::NONE, |fallbacks, reason| fallbacks.and(true, *reason))
    }

    /// With one more, if it was taken.
    pub(crate) fn and(mut self, taken: bool, fallback: Fallback) -> Self {
        if let (true, Some(slot)) = (taken, self.taken.get_mut(self.length)) {
            *slot = fallback;
            self.length += 1;
        }
        self
    }

    pub(crate) fn as_slice(&self) -> &[Fallback] {
        self.taken.get(..self.length).unwrap_or_default()
    }
}
