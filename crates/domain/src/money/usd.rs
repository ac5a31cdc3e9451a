//! Amounts of money.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{MoneyError, decimal};

/// An amount in USD, exact to 1e-12, positive or negative (adjustments carry signed deltas).
///
/// Written and serialised as a decimal string without trailing zeros (`"0.0025"`), never as a float.
///
/// # Source
/// `docs/adr/0002-money-and-rounding.md`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Usd(i128);

impl Usd {
    /// No money.
    pub const ZERO: Self = Self(0);
    /// The largest amount one ledger entry may carry, 9,000,000 USD: it fits a 64-bit count of 1e-12 USD.
    pub const ENTRY_MAX: Self = Self(9_000_000_000_000_000_000);
    const SCALE: u32 = 12;

    /// From units of 1e-12 USD.
    pub const fn from_pico(pico: i128) -> Self {
        Self(pico)
    }

    /// In units of 1e-12 USD.
    pub const fn pico(self) -> i128 {
        self.0
    }

    /// Whether the amount is exactly zero.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Sum.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`] past the exact range.
    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        let sum = self.0.checked_add(other.0);
        sum.map(Self).ok_or_else(|| MoneyError::Overflow {
            operation: format!("{self} + {other}"),
        })
    }

    /// Difference.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`] past the exact range.
    pub fn checked_sub(self, other: Self) -> Result<Self, MoneyError> {
        let difference = self.0.checked_sub(other.0);
        difference.map(Self).ok_or_else(|| MoneyError::Overflow {
            operation: format!("{self} - {other}"),
        })
    }

    /// Sum of many amounts.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`] past the exact range.
    pub fn checked_sum(amounts: impl IntoIterator<Item = Self>) -> Result<Self, MoneyError> {
        amounts.into_iter().try_fold(Self::ZERO, Self::checked_add)
    }
}

impl fmt::Display for Usd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(decimal::Text::new(self.0, Self::SCALE).as_str())
    }
}

impl FromStr for Usd {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Self, MoneyError> {
        decimal::parse(text, Self::SCALE, false).map(Self)
    }
}

impl Serialize for Usd {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(decimal::Text::new(self.0, Self::SCALE).as_str())
    }
}

impl<'de> Deserialize<'de> for Usd {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
