//! Fixed-point text: `i128` units of 10^-scale to and from decimal strings.

use super::MoneyError;

/// The longest text: 39 digits, a sign and a point.
const LONGEST: usize = 48;

/// A decimal number as text, without memory of its own: an answer may hold hundreds of thousands.
pub(super) struct Text {
    /// Filled from its end.
    bytes: [u8; LONGEST],
    begin: usize,
}

impl Text {
    /// `units` of 10^-`scale` without trailing zeros: `2500000000000` at scale 12 is `2.5`.
    pub(super) fn new(units: i128, scale: u32) -> Self {
        let mut text = Self {
            bytes: [b'0'; LONGEST],
            begin: LONGEST,
        };
        let unit = 10_u128.pow(scale);
        let magnitude = units.unsigned_abs();
        let (whole, mut fraction) = (magnitude / unit, magnitude % unit);
        if fraction != 0 {
            let mut places = scale;
            while fraction.is_multiple_of(10) {
                fraction /= 10;
                places -= 1;
            }
            text.digits(fraction, places);
            text.push(b'.');
        }
        text.digits(whole, 1);
        if units < 0 {
            text.push(b'-');
        }
        text
    }

    pub(super) fn as_str(&self) -> &str {
        let bytes = self.bytes.get(self.begin..).unwrap_or_default();
        std::str::from_utf8(bytes).unwrap_or_default()
    }

    /// At least so many.
    fn digits(&mut self, number: u128, mut places: u32) {
        // Dividing 64 bits takes a fraction of the time, and most amounts have no more.
        let (mut large, mut small) = match u64::try_from(number) {
            Ok(small) => (0, small),
            Err(_) => (number, 0),
        };
        while large > 0 || small > 0 || places > 0 {
            let digit = if large > 0 {
                (large % 10) as u8
            } else {
                (small % 10) as u8
            };
            self.push(b'0' + digit);
            (large, small) = (large / 10, small / 10);
            places = places.saturating_sub(1);
        }
    }

    /// In front of what is there.
    fn push(&mut self, byte: u8) {
        let place = self.begin.checked_sub(1);
        if let Some((begin, slot)) = place.and_then(|begin| Some((begin, self.bytes.get_mut(begin)?))) {
            *slot = byte;
            self.begin = begin;
        }
    }
}

/// Reads a decimal string, exponent allowed, into units of 10^-`scale`; digits beyond the scale are refused
/// unless `round` is set, then they are rounded half-even once.
pub(super) fn parse(text: &str, scale: u32, round: bool) -> Result<i128, MoneyError> {
    let not_a_number = || MoneyError::NotANumber { text: clip(text) };
    let (mantissa, exponent) = match text.find(['e', 'E']) {
        Some(at) => {
            let (mantissa, exponent) = text.split_at(at);
            (
                mantissa,
                exponent
                    .get(1..)
                    .unwrap_or("")
                    .parse::<i32>()
                    .map_err(|_| not_a_number())?,
            )
        }
        None => (text, 0),
    };
    let (negative, unsigned) = match mantissa.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, mantissa),
    };
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let all_digits = whole.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit());
    if whole.is_empty() || !all_digits || (unsigned.contains('.') && fraction.is_empty()) {
        return Err(not_a_number());
    }
    let too_large = || MoneyError::Overflow {
        operation: format!("reading {}", clip(text)),
    };
    // The value is digits x 10^(exponent - fraction digits); trailing zeros carry no information.
    let fraction = fraction.trim_end_matches('0');
    let digits = format!("{whole}{fraction}");
    let digits = digits.trim_start_matches('0');
    if digits.is_empty() {
        return Ok(0);
    }
    let fraction_len = i32::try_from(fraction.len()).map_err(|_| too_large())?;
    let scale_i = i32::try_from(scale).map_err(|_| too_large())?;
    let shift = exponent
        .checked_sub(fraction_len)
        .and_then(|s| s.checked_add(scale_i))
        .ok_or_else(too_large)?;
    let units = if shift >= 0 {
        let units: i128 = digits.parse().map_err(|_| too_large())?;
        let factor = 10_i128.checked_pow(shift.unsigned_abs()).ok_or_else(too_large)?;
        units.checked_mul(factor).ok_or_else(too_large)?
    } else {
        drop_digits(digits, shift.unsigned_abs() as usize, round)
            .ok_or_else(|| MoneyError::TooManyDecimals {
                text: clip(text),
                max: scale,
            })?
            .parse::<i128>()
            .map_err(|_| too_large())?
    };
    Ok(if negative { -units } else { units })
}

/// Removes the last `drop` digits; `None` if they matter and rounding is off. Rounds half-even.
fn drop_digits(digits: &str, drop: usize, round: bool) -> Option<String> {
    let keep_len = digits.len().saturating_sub(drop);
    let (kept, cut) = digits.split_at(keep_len);
    let kept = if kept.is_empty() { "0" } else { kept };
    if cut.bytes().all(|b| b == b'0') {
        return Some(kept.to_owned());
    }
    if !round {
        return None;
    }
    // Where more is cut than there are digits, a leading zero stands in front of the cut: below one half.
    let first = if drop > cut.len() {
        b'0'
    } else {
        cut.bytes().next().unwrap_or(b'0')
    };
    let rest_zero = cut.bytes().skip(1).all(|b| b == b'0');
    let half = match (first, rest_zero) {
        (b'5', true) => std::cmp::Ordering::Equal,
        (b'5'..=b'9', _) => std::cmp::Ordering::Greater,
        _ => std::cmp::Ordering::Less,
    };
    let value: i128 = kept.parse().ok()?;
    let up = match half {
        std::cmp::Ordering::Greater => true,
        std::cmp::Ordering::Equal => value % 2 == 1,
        std::cmp::Ordering::Less => false,
    };
    Some((value + i128::from(up)).to_string())
}

fn clip(text: &str) -> String {
    text.chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rendering_trims_zeros_and_keeps_the_sign() {
        for (units, scale, expected) in [
            (0, 12, "0"),
            (2, 12, "0.000000000002"),
            (-1_500_000_000_000, 12, "-1.5"),
            (10_000_000_000_000, 12, "10"),
            (-7, 0, "-7"),
            (1_000_001, 6, "1.000001"),
            (-999_999, 6, "-0.999999"),
            (i128::from(u64::MAX), 12, "18446744.073709551615"),
            (i128::from(u64::MAX) + 1, 0, "18446744073709551616"),
            (10_i128.pow(38), 0, "100000000000000000000000000000000000000"),
            (i128::MAX, 12, "170141183460469231731687303.715884105727"),
            (i128::MIN, 12, "-170141183460469231731687303.715884105728"),
            (i128::MIN, 38, "-1.70141183460469231731687303715884105728"),
        ] {
            assert_eq!(Text::new(units, scale).as_str(), expected);
        }
    }

    #[test]
    fn what_is_rendered_reads_as_it_was() {
        let mut units = 1_i128;
        while let Some(next) = units.checked_mul(-7) {
            for scale in [0, 1, 6, 12] {
                for units in [units, units + 1, units - 1] {
                    let text = Text::new(units, scale);
                    assert_eq!(parse(text.as_str(), scale, false), Ok(units), "{}", text.as_str());
                }
            }
            units = next;
        }
    }

    #[test]
    fn parsing_accepts_exponents_and_refuses_excess_digits() {
        assert_eq!(parse("2.5e-06", 12, false), Ok(2_500_000));
        assert_eq!(parse("1E2", 12, false), Ok(100_000_000_000_000));
        assert_eq!(parse("0.0", 12, false), Ok(0));
        assert_eq!(parse("1.10", 6, false), Ok(1_100_000));
        assert!(matches!(
            parse("0.0000001", 6, false),
            Err(MoneyError::TooManyDecimals { .. })
        ));
        for bad in [
            "", "-", ".5", "5.", "1e", "NaN", "1,5", "0x1", " 1", "1 ", "--1", "+1", "1e5e5",
        ] {
            assert!(
                matches!(parse(bad, 12, true), Err(MoneyError::NotANumber { .. })),
                "{bad:?}"
            );
        }
        assert!(matches!(
            parse("1e99999999", 12, true),
            Err(MoneyError::Overflow { .. })
        ));
    }

    #[test]
    fn rounding_is_half_even() {
        for (text, expected) in [
            ("0.25", 2),
            ("0.35", 4),
            ("0.251", 3),
            ("0.249", 2),
            ("0.05", 0),
            ("0.15", 2),
            ("0.051", 1),
            ("0.04", 0),
            ("0.005", 0),
            ("0.0099", 0),
            ("9.95", 100),
            ("1e-30", 0),
        ] {
            assert_eq!(parse(text, 1, true), Ok(expected), "{text}");
        }
    }
}
