//! The binary form of NUMERIC: digits of base 10,000. Twelve decimals are exactly three of them.
//!
//! # Source
//! `numeric_send` and `numeric_recv` in `PostgreSQL`'s `numeric.c`: count, weight, sign and display scale as
//! 16-bit integers, then the digits, most significant first.

use std::io::Write;

use diesel::serialize::{self, IsNull};

const BASE: i128 = 10_000;
/// Digits of base 10,000 after the point.
const FRACTION: i16 = 3;
const DISPLAY_SCALE: i16 = 12;
const NEGATIVE: u16 = 0x4000;
const HEADER: usize = 8;

/// Writes a count of 1e-12.
pub(super) fn write(pico: i128, out: &mut impl Write) -> serialize::Result {
    let mut digits = Vec::new();
    let mut rest = pico.unsigned_abs();
    while rest > 0 {
        digits.push(i16::try_from(rest % BASE.unsigned_abs())?);
        rest /= BASE.unsigned_abs();
    }
    let weight = i16::try_from(digits.len())? - 1 - FRACTION;
    digits.reverse();
    while digits.last() == Some(&0) {
        digits.pop();
    }
    let sign = if pico < 0 { NEGATIVE } else { 0 };
    out.write_all(&i16::try_from(digits.len())?.to_be_bytes())?;
    out.write_all(&(if digits.is_empty() { 0 } else { weight }).to_be_bytes())?;
    out.write_all(&sign.to_be_bytes())?;
    out.write_all(&DISPLAY_SCALE.to_be_bytes())?;
    for digit in digits {
        out.write_all(&digit.to_be_bytes())?;
    }
    Ok(IsNull::No)
}

/// Reads a count of 1e-12; refuses what is not one.
pub(super) fn read(bytes: &[u8]) -> Result<i128, String> {
    let header = |at: usize| -> Result<[u8; 2], String> {
        let pair = bytes.get(at..at + 2).and_then(|pair| pair.try_into().ok());
        pair.ok_or_else(|| "a numeric is cut short".to_owned())
    };
    let count = i16::from_be_bytes(header(0)?);
    let weight = i16::from_be_bytes(header(2)?);
    let negative = match u16::from_be_bytes(header(4)?) {
        0 => false,
        NEGATIVE => true,
        _ => return Err("a numeric is not a number".to_owned()),
    };
    let mut pico: i128 = 0;
    for place in 0..count {
        let at = HEADER + 2 * usize::try_from(place).unwrap_or(0);
        let digit = i128::from(i16::from_be_bytes(header(at)?));
        let exponent = weight - place + FRACTION;
        let scaled = match u32::try_from(exponent) {
            Ok(exponent) => BASE
                .checked_pow(exponent)
                .and_then(|factor| factor.checked_mul(digit))
                .and_then(|scaled| scaled.checked_add(pico)),
            Err(_) if digit == 0 => Some(pico),
            Err(_) => return Err("a numeric has more than 12 decimals".to_owned()),
        };
        pico = scaled.ok_or_else(|| "a numeric is past the exact range".to_owned())?;
    }
    Ok(if negative { -pico } else { pico })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(pico: i128) -> Vec<u8> {
        let mut out = Vec::new();
        write(pico, &mut out).unwrap();
        out
    }

    #[test]
    fn every_magnitude_survives() {
        let powers = (0..30).map(|power| 10_i128.pow(power));
        for magnitude in powers.flat_map(|power| [power, power - 1, power + 1, 7 * power]) {
            for pico in [magnitude, -magnitude] {
                assert_eq!(read(&written(pico)), Ok(pico));
            }
        }
    }

    #[test]
    fn the_form_is_the_one_the_server_sends() {
        // 1.5 = digits 1, 5000; weight 0.
        let expected: Vec<u8> = [2_i16, 0, 0, 12, 1, 5000]
            .iter()
            .flat_map(|word| word.to_be_bytes())
            .collect();
        assert_eq!(written(1_500_000_000_000), expected);
        assert_eq!(written(0), [0, 0, 0, 0, 0, 0, 0, 12]);
    }

    #[test]
    fn finer_than_a_unit_and_no_numbers_are_refused() {
        let words = |words: &[u16]| -> Vec<u8> { words.iter().flat_map(|word| word.to_be_bytes()).collect() };
        assert!(
            read(&words(&[1, 0xFFFC, 0, 13, 1]))
                .unwrap_err()
                .contains("12 decimals")
        );
        assert!(
            read(&words(&[0, 0, 0xC000, 0]))
                .unwrap_err()
                .contains("not a number")
        );
        assert!(read(&words(&[2, 0, 0, 0, 1])).unwrap_err().contains("cut short"));
        assert!(read(&words(&[1, 200, 0, 0, 1])).unwrap_err().contains("range"));
    }
}
