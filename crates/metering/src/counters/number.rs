//! Numbers as providers write them.

use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};
use tollgate_domain::{Count, Usd};

/// A count, and whether it was written as a JSON string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Written {
    pub(crate) count: u64,
    pub(crate) as_text: bool,
}

/// Reads a count. `12`, `12.0` and `1.2e1` are the same number; a string is read like its contents.
///
/// # Errors
/// Says what is wrong: not a number, negative, fractional, above 2^40.
pub(crate) fn count(json: &str) -> Result<Written, &'static str> {
    let text = json.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    let as_text = text.is_some();
    let number: Decimal = text
        .unwrap_or(json)
        .parse()
        .map_err(|_| "is not a number in range")?;
    if number.is_sign_negative() && !number.is_zero() {
        return Err("is negative");
    }
    if !number.is_integer() {
        return Err("is not a whole number");
    }
    let count = number.to_u64().filter(|count| *count <= Count::MAX.get());
    count
        .map(|count| Written { count, as_text })
        .ok_or("is above 2^40")
}

/// Reads a length of time in seconds, which providers bill by the whole second: rounded up, but for float noise below
/// a millisecond.
///
/// # Errors
/// Says what is wrong: not a number, negative, above 2^40.
pub(crate) fn seconds(json: &str) -> Result<u64, &'static str> {
    let number: Decimal = json
        .trim_matches('"')
        .parse()
        .map_err(|_| "is not a number in range")?;
    if number.is_sign_negative() && !number.is_zero() {
        return Err("is negative");
    }
    let whole = number.round_dp(3).ceil().to_u64();
    whole
        .filter(|seconds| *seconds <= Count::MAX.get())
        .ok_or("is above 2^40")
}

/// Reads an amount in units of 10^-`scale` USD, rounding what lies beyond 1e-12 USD (float noise) once, half-even.
/// `None` for anything that is no amount from 0 to [`Usd::ENTRY_MAX`].
pub(crate) fn cost(json: &str, scale: u32) -> Option<Usd> {
    let mut amount: Decimal = json.trim_matches('"').parse().ok()?;
    amount.set_scale(amount.scale().checked_add(scale)?).ok()?;
    let rounded = amount
        .round_dp_with_strategy(12, RoundingStrategy::MidpointNearestEven)
        .normalize();
    let usd: Usd = rounded.to_string().parse().ok()?;
    (Usd::ZERO..=Usd::ENTRY_MAX).contains(&usd).then_some(usd)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_are_counts_however_written() {
        for (json, expected) in [
            ("12", 12),
            ("12.0", 12),
            ("1.2e1", 12),
            ("0", 0),
            ("-0", 0),
            ("1099511627776", 1 << 40),
        ] {
            assert_eq!(
                count(json),
                Ok(Written {
                    count: expected,
                    as_text: false
                }),
                "{json}"
            );
        }
        assert_eq!(
            count("\"7\""),
            Ok(Written {
                count: 7,
                as_text: true
            })
        );
    }

    #[test]
    fn seconds_are_whole_and_rounded_up_but_for_noise() {
        for (json, expected) in [
            ("9", Ok(9)),
            ("8.470000267028809", Ok(9)),
            ("9.000000267", Ok(9)),
            ("0.2", Ok(1)),
            ("0", Ok(0)),
            ("-1", Err("is negative")),
            ("null", Err("is not a number in range")),
        ] {
            assert_eq!(seconds(json), expected, "{json}");
        }
    }

    #[test]
    fn impossible_counts_say_why() {
        for (json, why) in [
            ("-1", "is negative"),
            ("1.5", "is not a whole number"),
            ("1099511627777", "is above 2^40"),
            ("18446744073709551616", "is above 2^40"),
            ("1e60", "is not a number in range"),
            ("true", "is not a number in range"),
            ("\"\"", "is not a number in range"),
            ("[1]", "is not a number in range"),
        ] {
            assert_eq!(count(json), Err(why), "{json}");
        }
    }

    #[test]
    fn costs_are_exact_and_noise_is_rounded_once() {
        let usd = |text: &str| text.parse::<Usd>().unwrap();
        assert_eq!(cost("0.00014070000000000001", 0), Some(usd("0.0001407")));
        assert_eq!(cost("1.5e-05", 0), Some(usd("0.000015")));
        assert_eq!(cost("0.0000000000025", 0), Some(usd("0.000000000002")));
        assert_eq!(cost("158500", 10), Some(usd("0.00001585")));
        assert_eq!(cost("0", 0), Some(Usd::ZERO));
        for bad in ["-0.1", "x", "null", "99999999", "{}"] {
            assert_eq!(cost(bad, 0), None, "{bad}");
        }
    }
}
