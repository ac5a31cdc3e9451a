//! Multipliers on rates.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{MoneyError, decimal};

/// A factor from 0 to 100 with at most 6 decimals; serialised as a decimal string.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Multiplier(u32);

impl Multiplier {
    /// Changes nothing.
    pub const ONE: Self = Self(1_000_000);
    /// Makes everything free; needs the operator's explicit permission where it is set.
    pub const ZERO: Self = Self(0);
    const SCALE: u32 = 6;
    const MAX_MICRO: i128 = 100_000_000;

    /// From units of 1e-6.
    ///
    /// # Errors
    /// [`MoneyError::OutOfRange`] outside 0..=100.
    pub fn try_from_micro(micro: i128) -> Result<Self, MoneyError> {
        let in_range = (0..=Self::MAX_MICRO).contains(&micro);
        u32::try_from(micro)
            .ok()
            .filter(|_| in_range)
            .map(Self)
            .ok_or_else(|| MoneyError::OutOfRange {
                text: decimal::Text::new(micro, Self::SCALE).as_str().to_owned(),
                min: "0",
                max: "100",
            })
    }

    /// In units of 1e-6.
    pub const fn micro(self) -> u32 {
        self.0
    }

    /// Whether it makes everything free.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }
}

impl Default for Multiplier {
    fn default() -> Self {
        Self::ONE
    }
}

impl fmt::Display for Multiplier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(decimal::Text::new(i128::from(self.0), Self::SCALE).as_str())
    }
}

impl FromStr for Multiplier {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Self, MoneyError> {
        Self::try_from_micro(decimal::parse(text, Self::SCALE, false)?)
    }
}

impl Serialize for Multiplier {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(decimal::Text::new(i128::from(self.0), Self::SCALE).as_str())
    }
}

impl<'de> Deserialize<'de> for Multiplier {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
