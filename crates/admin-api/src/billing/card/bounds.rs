//! Bounds on prices: the classic mistake is a price per token where one per million is meant, or the other way round.

use tollgate_domain::{MoneyError, Unit, UsdPerMillion};

use crate::field::{clipped, written_out};

/// A way to write a price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Notation {
    /// The field's ending.
    pub(super) suffix: &'static str,
    /// What one count is.
    pub(super) unit: Unit,
    /// What the price is for, in words.
    per: &'static str,
    /// Whether the price is for a million of the unit.
    million: bool,
    /// The least price that is not zero.
    least: &'static str,
    /// The largest price.
    most: &'static str,
}

/// Public price maps range from 0.00013 to below 10,000 USD per million tokens; outside that somebody has mistaken
/// the unit. The other units leave at least a factor of ten to what any provider charges.
pub(super) const NOTATIONS: [Notation; 7] = [
    notation("usd_per_mtok", Unit::Token, "million tokens", "0.0001", "10000"),
    notation("usd_per_image", Unit::Image, "image", "0.000001", "100"),
    notation("usd_per_pixel", Unit::Pixel, "pixel", "0.0000000001", "0.00001"),
    notation("usd_per_second", Unit::Second, "second", "0.0000001", "100"),
    notation(
        "usd_per_character",
        Unit::Character,
        "character",
        "0.000000001",
        "0.01",
    ),
    notation("usd_per_page", Unit::Page, "page", "0.000001", "100"),
    notation("usd_per_call", Unit::Call, "call", "0.0000001", "1000"),
];

/// Prices of tokens.
pub(super) const TOKENS: Notation = NOTATIONS[0];

const fn notation(
    suffix: &'static str,
    unit: Unit,
    per: &'static str,
    least: &'static str,
    most: &'static str,
) -> Notation {
    Notation {
        suffix,
        unit,
        per,
        million: matches!(unit, Unit::Token),
        least,
        most,
    }
}

impl Notation {
    /// How prices of a unit are written.
    pub(super) fn of(unit: Unit) -> Option<Self> {
        NOTATIONS.into_iter().find(|notation| notation.unit == unit)
    }

    /// A rate as it is written.
    pub(super) fn write(self, rate: UsdPerMillion) -> String {
        if self.million {
            rate.to_string()
        } else {
            rate.usd_per_unit()
        }
    }

    /// Reads a price; the error names the value, the bound and what may have been meant.
    pub(super) fn read(self, text: &str) -> Result<UsdPerMillion, String> {
        written_out(text)?;
        let outside = |hint: &str| self.outside(text, hint);
        // What cannot even be represented is far beyond the bounds.
        let parsed = match self.parse(text) {
            Ok(parsed) => parsed,
            Err(MoneyError::Overflow { .. } | MoneyError::OutOfRange { .. }) => return Err(outside("")),
            Err(error) => return Err(error.to_string()),
        };
        if text.starts_with('-') {
            return Err(outside(""));
        }
        let (least, most) = (self.parse(self.least), self.parse(self.most));
        let (Ok(least), Ok(most)) = (least, most) else {
            return Ok(parsed);
        };
        if parsed == UsdPerMillion::ZERO || (least..=most).contains(&parsed) {
            return Ok(parsed);
        }
        let hint = if parsed < least {
            self.hint_small(parsed)
        } else {
            self.hint_large(parsed)
        };
        Err(outside(&hint))
    }

    fn outside(self, text: &str, hint: &str) -> String {
        format!(
            "{} is outside {}..={} USD per {} (0 means free){hint}",
            clipped(text),
            self.least,
            self.most,
            self.per
        )
    }

    fn parse(self, text: &str) -> Result<UsdPerMillion, MoneyError> {
        if self.million {
            text.parse()
        } else {
            UsdPerMillion::from_usd_per_unit_exact(text)
        }
    }

    fn hint_small(self, parsed: UsdPerMillion) -> String {
        let times = |factor: i128| UsdPerMillion::try_from_pico(parsed.pico().saturating_mul(factor));
        match times(1_000_000) {
            Ok(larger) if self.million => format!(
                "; it looks like a price per single token, which is {} per million",
                self.write(larger)
            ),
            _ => String::new(),
        }
    }

    fn hint_large(self, parsed: UsdPerMillion) -> String {
        let Ok(smaller) = UsdPerMillion::try_from_pico(parsed.pico() / 1_000_000) else {
            return String::new();
        };
        let smaller = self.write(smaller);
        if self.million {
            format!("; did you multiply by a million twice? {smaller} may be meant")
        } else {
            format!(
                "; it looks like a price per million, which is {smaller} per {}",
                self.per
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_unit_is_written_and_its_bounds_are_exact() {
        for notation in NOTATIONS {
            for bound in [notation.least, notation.most, "0"] {
                let read = notation.read(bound).unwrap_or_else(|error| panic!("{error}"));
                assert_eq!(notation.write(read), bound, "{}", notation.suffix);
            }
            assert_eq!(Notation::of(notation.unit), Some(notation));
        }
    }

    #[test]
    fn a_price_per_token_is_refused_with_the_price_per_million() {
        let message = TOKENS.read("0.0000025").unwrap_err();
        assert!(
            message.contains("0.0000025 is outside 0.0001..=10000 USD per million tokens"),
            "{message}"
        );
        assert!(
            message.ends_with("per single token, which is 2.5 per million"),
            "{message}"
        );
        let message = TOKENS.read("2500000").unwrap_err();
        assert!(message.ends_with("2.5 may be meant"), "{message}");
    }

    #[test]
    fn a_price_per_million_characters_is_refused_with_the_price_per_character() {
        let characters = Notation::of(Unit::Character).unwrap();
        let message = characters.read("15").unwrap_err();
        assert!(
            message.ends_with("per million, which is 0.000015 per character"),
            "{message}"
        );
    }

    #[test]
    fn what_is_no_price_is_refused() {
        for (wrong, says) in [
            ("", "not a decimal number"),
            ("x", "not a decimal number"),
            ("-1", "-1 is outside 0.0001..=10000"),
            ("-0", "-0 is outside 0.0001..=10000"),
            ("1e400", "without an exponent"),
            ("1e2", "without an exponent"),
            ("2.5E+0", "without an exponent"),
            ("0.0000000000001", "more than 12 decimals"),
            ("123456789012345678901234567890", "is outside 0.0001..=10000"),
            ("99999999999", "is outside 0.0001..=10000"),
        ] {
            let message = TOKENS.read(wrong).unwrap_err();
            assert!(message.contains(says), "{wrong:?}: {message}");
        }
    }
}
