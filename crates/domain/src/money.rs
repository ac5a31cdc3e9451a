//! Exact money: amounts, rates, multipliers and the one place where rounding happens.

mod decimal;
mod multiplier;
mod product;
mod rate;
mod usd;

pub use multiplier::Multiplier;
pub use product::component_amount;
pub use rate::UsdPerMillion;
pub use usd::Usd;

/// Why a number is not usable as money, a rate or a multiplier, or why a product of them cannot be computed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MoneyError {
    /// The text is not a plain or scientific decimal number.
    #[error("{text:?} is not a decimal number")]
    NotANumber {
        /// The offending text.
        text: String,
    },
    /// The number has more decimals than the type keeps.
    #[error("{text} has more than {max} decimals")]
    TooManyDecimals {
        /// The offending text.
        text: String,
        /// How many decimals are kept.
        max: u32,
    },
    /// The number lies outside the allowed range.
    #[error("{text} is outside {min}..={max}")]
    OutOfRange {
        /// The offending number.
        text: String,
        /// Lowest allowed value.
        min: &'static str,
        /// Highest allowed value.
        max: &'static str,
    },
    /// A sum or product does not fit the exact representation.
    #[error("{operation} overflows the exact range")]
    Overflow {
        /// What was being computed, with its inputs.
        operation: String,
    },
}
