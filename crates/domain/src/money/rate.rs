//! Rates.

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{MoneyError, decimal};

/// A price in USD per **million** units of a meter (tokens, seconds, images, queries …).
///
/// At most 12 decimals, from 0 to 1,000,000,000; serialised as a decimal string.
///
/// # Source
/// `docs/adr/0002-money-and-rounding.md`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct UsdPerMillion(i128);

impl UsdPerMillion {
    /// Free of charge.
    pub const ZERO: Self = Self(0);
    const SCALE: u32 = 12;
    const MAX_PICO: i128 = 1_000_000_000 * 1_000_000_000_000;

    /// From units of 1e-12 USD per million.
    ///
    /// # Errors
    /// [`MoneyError::OutOfRange`] below 0 or above 1e9 USD per million.
    pub fn try_from_pico(pico: i128) -> Result<Self, MoneyError> {
        if (0..=Self::MAX_PICO).contains(&pico) {
            return Ok(Self(pico));
        }
        let text = decimal::Text::new(pico, Self::SCALE).as_str().to_owned();
        Err(MoneyError::OutOfRange {
            text,
            min: "0",
            max: "1000000000",
        })
    }

    /// Half of it; the last of 12 decimals goes to the even neighbour.
    #[must_use]
    pub const fn half(self) -> Self {
        let (half, odd) = (self.0 / 2, self.0 % 2);
        Self(half + odd * (half % 2))
    }

    /// In units of 1e-12 USD per million.
    pub const fn pico(self) -> i128 {
        self.0
    }

    /// Reads a rate given in USD per **single** unit, as LiteLLM's map writes it (`"2.5e-06"`), rounding
    /// what lies beyond 12 decimals per million (float noise) once, half-even.
    ///
    /// # Errors
    /// [`MoneyError`] when the text is no number or out of range.
    ///
    /// ```
    /// # use tollgate_domain::UsdPerMillion;
    /// let rate = UsdPerMillion::from_usd_per_unit("1.5000020000000002e-05")?;
    /// assert_eq!(rate.to_string(), "15.00002");
    /// # Ok::<(), tollgate_domain::MoneyError>(())
    /// ```
    pub fn from_usd_per_unit(text: &str) -> Result<Self, MoneyError> {
        Self::try_from_pico(decimal::parse(text, Self::SCALE + 6, true)?)
    }

    /// Reads a rate given in USD per **single** unit exactly: up to 18 decimals, nothing is rounded.
    ///
    /// # Errors
    /// [`MoneyError`] when the text is no number, has more decimals or is out of range.
    pub fn from_usd_per_unit_exact(text: &str) -> Result<Self, MoneyError> {
        Self::try_from_pico(decimal::parse(text, Self::SCALE + 6, false)?)
    }

    /// The price of a **single** unit in USD as a decimal string, exact.
    ///
    /// ```
    /// # use tollgate_domain::UsdPerMillion;
    /// let rate: UsdPerMillion = "40000".parse()?;
    /// assert_eq!(rate.usd_per_unit(), "0.04");
    /// # Ok::<(), tollgate_domain::MoneyError>(())
    /// ```
    pub fn usd_per_unit(self) -> String {
        decimal::Text::new(self.0, Self::SCALE + 6).as_str().to_owned()
    }

    /// The rate as a decimal.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`] never occurs within the range; kept so that callers need no panic.
    pub fn to_decimal(self) -> Result<Decimal, MoneyError> {
        Decimal::try_from_i128_with_scale(self.0, Self::SCALE)
            .map(|decimal| decimal.normalize())
            .map_err(|_| MoneyError::Overflow {
                operation: format!("{self} as a decimal"),
            })
    }
}

impl fmt::Display for UsdPerMillion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(decimal::Text::new(self.0, Self::SCALE).as_str())
    }
}

impl FromStr for UsdPerMillion {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Self, MoneyError> {
        Self::try_from_pico(decimal::parse(text, Self::SCALE, false)?)
    }
}

impl Serialize for UsdPerMillion {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(decimal::Text::new(self.0, Self::SCALE).as_str())
    }
}

impl<'de> Deserialize<'de> for UsdPerMillion {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
