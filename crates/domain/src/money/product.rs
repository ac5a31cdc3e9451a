//! The only function that rounds money.

use super::{MoneyError, Multiplier, Usd, UsdPerMillion};
use crate::Count;

/// The amount of one component: `rate x count x multipliers`, computed exactly and rounded **once**,
/// half-even, to 1e-12 USD.
///
/// With one multiplier the exact product is an integer of 1e-24 USD (rate 1e-12 per 1e6 units, multiplier
/// 1e-6); each further multiplier adds its own decimals.
///
/// # Errors
/// [`MoneyError::Overflow`] names the inputs whose exact product does not fit 128 bits.
///
/// # Source
/// `docs/adr/0002-money-and-rounding.md`.
///
/// ```
/// # use tollgate_domain::{component_amount, Count, Multiplier};
/// let half: Multiplier = "0.5".parse()?;
/// let amount = component_amount("0.000005".parse()?, Count::try_new(1)?, &[half])?;
/// assert_eq!(amount.to_string(), "0.000000000002"); // 2.5e-12, half to even
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn component_amount(
    rate: UsdPerMillion,
    count: Count,
    multipliers: &[Multiplier],
) -> Result<Usd, MoneyError> {
    exact_product(rate, count, multipliers).ok_or_else(|| {
        let factors: Vec<String> = multipliers.iter().map(ToString::to_string).collect();
        MoneyError::Overflow {
            operation: format!("{count} x {rate} per million x [{}]", factors.join(", ")),
        }
    })
}

fn exact_product(rate: UsdPerMillion, count: Count, multipliers: &[Multiplier]) -> Option<Usd> {
    if multipliers.is_empty()
        && let Some(amount) = small_product(rate, count)
    {
        return Some(amount);
    }
    let mut product = rate.pico().checked_mul(i128::from(count.get()))?;
    // The rate is per million units.
    let mut divisor: i128 = 1_000_000;
    for multiplier in multipliers {
        let (mantissa, scale) = reduced(*multiplier);
        product = product.checked_mul(i128::from(mantissa))?;
        divisor = divisor.checked_mul(i128::from(scale))?;
    }
    Some(Usd::from_pico(divide_half_even(product, divisor)))
}

/// Nearly always there is no multiplier and the product fits 64 bits: with a divisor known beforehand, that is several
/// times faster than the general way. `None` where it does not fit.
fn small_product(rate: UsdPerMillion, count: Count) -> Option<Usd> {
    const DIVISOR: u64 = 1_000_000;
    let product = u64::try_from(rate.pico()).ok()?.checked_mul(count.get())?;
    let (quotient, remainder) = (product / DIVISOR, product % DIVISOR);
    let pico = rounded(i128::from(quotient), remainder.cmp(&(DIVISOR - remainder)));
    Some(Usd::from_pico(pico))
}

/// The multiplier as mantissa / scale with trailing zeros removed: 1.1 is 11 / 10. Keeps products small.
fn reduced(multiplier: Multiplier) -> (u32, u32) {
    let (mut mantissa, mut scale) = (multiplier.micro(), 1_000_000);
    while scale > 1 && mantissa.is_multiple_of(10) {
        mantissa /= 10;
        scale /= 10;
    }
    (mantissa, scale)
}

/// Both arguments are non-negative, the divisor is positive.
fn divide_half_even(dividend: i128, divisor: i128) -> i128 {
    // Nearly always: and 64 bits are divided several times faster than 128.
    if let (Ok(dividend), Ok(divisor)) = (u64::try_from(dividend), u64::try_from(divisor)) {
        let (quotient, remainder) = (dividend / divisor, dividend % divisor);
        return rounded(i128::from(quotient), remainder.cmp(&(divisor - remainder)));
    }
    let (quotient, remainder) = (dividend / divisor, dividend % divisor);
    // Compared without doubling, which could overflow.
    rounded(quotient, remainder.cmp(&(divisor - remainder)))
}

fn rounded(quotient: i128, remainder_to_rest: std::cmp::Ordering) -> i128 {
    match remainder_to_rest {
        std::cmp::Ordering::Less => quotient,
        std::cmp::Ordering::Greater => quotient + 1,
        std::cmp::Ordering::Equal => quotient + quotient % 2,
    }
}

#[cfg(test)]
mod tests {
    use num_bigint::BigInt;
    use num_rational::BigRational;
    use num_traits::{One, ToPrimitive};
    use proptest::prelude::*;

    use super::*;

    fn count(n: u64) -> Count {
        Count::try_new(n).unwrap()
    }

    #[test]
    fn halves_round_to_even() {
        let half: Multiplier = "0.5".parse().unwrap();
        let low = component_amount("0.000005".parse().unwrap(), count(1), &[half]).unwrap();
        let high = component_amount("0.000007".parse().unwrap(), count(1), &[half]).unwrap();
        assert_eq!(low.to_string(), "0.000000000002");
        assert_eq!(high.to_string(), "0.000000000004");
    }

    #[test]
    fn a_product_past_the_exact_range_is_an_error_naming_its_inputs() {
        let rate: UsdPerMillion = "1000000000".parse().unwrap();
        let factor: Multiplier = "99.999999".parse().unwrap();
        let error = component_amount(rate, count(1 << 40), &[factor])
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("1099511627776 x 1000000000 per million x [99.999999]"),
            "{error}"
        );
    }

    /// Independent reference: big rationals, rounded half-even by comparing twice the remainder.
    fn reference(rate: UsdPerMillion, n: u64, multipliers: &[Multiplier]) -> Option<i128> {
        let million = BigInt::from(1_000_000);
        let mut value = BigRational::new(BigInt::from(rate.pico()) * BigInt::from(n), million.clone());
        for m in multipliers {
            value *= BigRational::new(BigInt::from(m.micro()), million.clone());
        }
        let floor = value.floor().to_integer();
        let rest = (value - BigRational::from(floor.clone())) * BigInt::from(2);
        let odd = &floor % BigInt::from(2) == BigInt::one();
        let up = rest > BigRational::one() || (rest == BigRational::one() && odd);
        (floor + BigInt::from(u8::from(up))).to_i128()
    }

    proptest! {
        #[test]
        fn every_product_equals_the_big_rational_reference(
            pico in prop_oneof![0..1_000_i128, 0..1_000_000_000_000_000_i128],
            n in prop_oneof![0..10_u64, 0..(1_u64 << 40)],
            micros in prop::collection::vec(prop_oneof![0..20_i128, Just(1_000_000), 0..=100_000_000_i128], 0..3),
        ) {
            let rate = UsdPerMillion::try_from_pico(pico).unwrap();
            let multipliers: Vec<_> = micros.iter().map(|m| Multiplier::try_from_micro(*m).unwrap()).collect();
            if let Ok(amount) = component_amount(rate, count(n), &multipliers) {
                prop_assert_eq!(Some(amount.pico()), reference(rate, n, &multipliers));
            }
        }
    }
}
