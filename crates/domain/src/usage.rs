//! Usage: one disjoint vector.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Meter;

/// A count of some meter's units, from 0 to 2^40.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Count(u64);

/// What a request used: every unit counted by exactly one [`Meter`]. A meter that is not there counted
/// nothing; usage that is not known at all is `Option::<Usage>::None`, never a vector of zeros.
#[derive(Clone, PartialEq, Eq)]
pub struct Usage {
    counts: [u64; Meter::COUNT],
}

/// Why a count cannot be part of a usage vector.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UsageError {
    /// Beyond 2^40 units: no provider serves that much in one request.
    #[error("count {count} is above the limit of 2^40")]
    CountTooLarge {
        /// The count, or the sum that went past the limit.
        count: u64,
    },
}

impl Count {
    /// The largest count, 2^40.
    pub const MAX: Self = Self(1 << 40);

    /// One unit.
    pub const ONE: Self = Self(1);

    /// Without some of it, at least zero.
    #[must_use]
    pub const fn less(self, count: u64) -> Self {
        Self(self.0.saturating_sub(count))
    }

    /// Checks the bound.
    ///
    /// # Errors
    /// [`UsageError::CountTooLarge`] above 2^40.
    pub const fn try_new(count: u64) -> Result<Self, UsageError> {
        if count <= Self::MAX.0 {
            Ok(Self(count))
        } else {
            Err(UsageError::CountTooLarge { count })
        }
    }

    /// The number.
    pub const fn get(self) -> u64 {
        self.0
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Usage {
    /// Nothing used.
    pub const fn new() -> Self {
        Self {
            counts: [0; Meter::COUNT],
        }
    }

    /// How much of a meter was used.
    pub fn get(&self, meter: Meter) -> Count {
        Count(self.counts.get(meter.index()).copied().unwrap_or(0))
    }

    /// Replaces a meter's count.
    ///
    /// # Errors
    /// [`UsageError::CountTooLarge`] above 2^40.
    pub fn set(&mut self, meter: Meter, count: u64) -> Result<(), UsageError> {
        let count = Count::try_new(count)?;
        if let Some(slot) = self.counts.get_mut(meter.index()) {
            *slot = count.0;
        }
        Ok(())
    }

    /// Adds to a meter's count.
    ///
    /// # Errors
    /// [`UsageError::CountTooLarge`] when the sum passes 2^40.
    pub fn add(&mut self, meter: Meter, count: u64) -> Result<(), UsageError> {
        self.set(meter, self.get(meter).0.saturating_add(count))
    }

    /// The same vector with one more count; for building literals.
    ///
    /// # Errors
    /// [`UsageError::CountTooLarge`] above 2^40.
    ///
    /// ```
    /// # use tollgate_domain::{Meter, Usage};
    /// let usage = Usage::new().with(Meter::Input, 900)?.with(Meter::CacheRead, 100)?;
    /// assert_eq!(usage.context_tokens(), 1_000);
    /// # Ok::<(), tollgate_domain::UsageError>(())
    /// ```
    pub fn with(mut self, meter: Meter, count: u64) -> Result<Self, UsageError> {
        self.set(meter, count)?;
        Ok(self)
    }

    /// The meters that counted something, in canonical order.
    pub fn iter(&self) -> impl Iterator<Item = (Meter, Count)> + '_ {
        Meter::ALL
            .iter()
            .map(|meter| (*meter, self.get(*meter)))
            .filter(|(_, count)| count.0 > 0)
    }

    /// Whether nothing was used.
    pub fn is_empty(&self) -> bool {
        self.counts.iter().all(|count| *count == 0)
    }

    /// All input tokens, cached or not: what chooses the context band.
    pub fn context_tokens(&self) -> u64 {
        self.iter()
            .filter(|(meter, _)| meter.is_context())
            .map(|(_, count)| count.0)
            .sum()
    }
}

impl Default for Usage {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Usage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map()
            .entries(self.iter().map(|(meter, count)| (meter.as_str(), count.0)))
            .finish()
    }
}

impl Serialize for Usage {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter().map(|(meter, count)| (meter, count.0)))
    }
}

impl<'de> Deserialize<'de> for Usage {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let counts = BTreeMap::<Meter, u64>::deserialize(deserializer)?;
        counts.into_iter().try_fold(Self::new(), |usage, (meter, count)| {
            usage.with(meter, count).map_err(serde::de::Error::custom)
        })
    }
}
