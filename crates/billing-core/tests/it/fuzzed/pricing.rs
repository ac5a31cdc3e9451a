//! Any card, counts and multipliers: each line is the exact product rounded once, the sums are sums, and what cannot be
//! computed is an error.

use billing_core::{
    CardBuilder, Charge, Meter, Multiplier, PriceBook, PriceError, Request, Usage, Usd, cost,
};
use num_bigint::BigInt;

use super::choices::Choices;

pub(crate) fn check(data: &[u8]) {
    let mut choices = Choices::new(data);
    let mut card = CardBuilder::new();
    for _ in 0..=choices.below(10) {
        let (meter, rate) = (choices.pick(Meter::ALL), rate(&mut choices));
        card = match choices.byte() % 3 {
            0 => card.rate(meter, &rate),
            1 => card.rate_above(choices.count(), meter, &rate),
            _ => card.rate_in_tier(choices.pick(&["priority", "batch", "own"]), meter, &rate),
        };
    }
    let factor = multiplier(&mut choices).to_string();
    let Ok(card) = card.modifier("fast", &factor).build() else {
        return;
    };
    let (input, output) = (multiplier(&mut choices), multiplier(&mut choices));
    let book = PriceBook::from_cards([("m".into(), card)]).with_markup(input, output);
    let mut request = Request::new("p", "m").tier(choices.pick(&["", "priority", "batch", "own", "other"]));
    if choices.byte() % 2 == 1 {
        request = request.modifier("fast");
    }
    check_priced(&book, &request, &choices.usage());
}

/// Prices with and without a receipt and holds both to what a charge promises.
pub(crate) fn check_priced(book: &PriceBook, request: &Request, usage: &Usage) {
    let without_receipt = cost(book, &request.context(usage), usage);
    let charge = match request.price(book, usage) {
        Ok(charge) => charge,
        Err(error) => {
            assert_eq!(without_receipt, Err(error.clone()));
            assert!(!error.to_string().is_empty());
            assert!(
                !matches!(error, PriceError::ModelMissing | PriceError::UsageMissing { .. }),
                "{error}"
            );
            return;
        }
    };
    let without_receipt = without_receipt.unwrap();
    assert_eq!(
        (without_receipt.amounts, without_receipt.zero_reason),
        (charge.amounts, charge.zero_reason)
    );
    assert_eq!(charge.zero_reason.is_some(), charge.amounts.cost.is_zero());
    assert!(charge.amounts.cost <= Usd::ENTRY_MAX && charge.amounts.cost >= Usd::ZERO);
    assert_eq!(charge.lines.len(), usage.iter().count());
    lines_are_exact(&charge);
    let json = serde_json::to_string(&charge).unwrap();
    assert_eq!(serde_json::from_str::<Charge>(&json).unwrap(), charge, "{json}");
    assert!(!charge.to_string().is_empty());
}

fn lines_are_exact(charge: &Charge) {
    let (mut list_cost, mut total) = (0, 0);
    for line in &charge.lines {
        let modifiers = line.modifiers.iter().map(|(_, factor)| *factor);
        let list = product(
            line.usd_per_million.pico(),
            line.charged_count(),
            modifiers.clone(),
        );
        let cost = product(
            line.usd_per_million.pico(),
            line.charged_count(),
            modifiers.chain([line.multiplier]),
        );
        assert_eq!(
            (
                BigInt::from(line.list_cost.pico()),
                BigInt::from(line.cost.pico())
            ),
            (list, cost),
            "{line:?}"
        );
        list_cost += line.list_cost.pico();
        total += line.cost.pico();
    }
    assert_eq!(
        (charge.amounts.list_cost.pico(), charge.amounts.cost.pico()),
        (list_cost, total)
    );
    assert_eq!(charge.amounts.charge, charge.amounts.cost);
}

/// Rate x count x factors in 1e-12 USD, half to even, by integers without a limit.
fn product(rate: i128, count: u64, factors: impl Iterator<Item = Multiplier>) -> BigInt {
    let million = BigInt::from(1_000_000);
    let start = (BigInt::from(rate) * BigInt::from(count), million.clone());
    let (dividend, divisor) = factors.fold(start, |(dividend, divisor), factor| {
        (dividend * BigInt::from(factor.micro()), divisor * &million)
    });
    let (quotient, twice) = (&dividend / &divisor, (&dividend % &divisor) * 2);
    let odd = &quotient % 2 == BigInt::from(1);
    if twice > divisor || (twice == divisor && odd) {
        quotient + 1
    } else {
        quotient
    }
}

/// A rate in USD per million: small, odd, at the limit, or no rate.
fn rate(choices: &mut Choices<'_>) -> String {
    match choices.byte() % 6 {
        0 => "0".to_owned(),
        1 => format!("0.{:012}", choices.count() % 1_000_000_000_000),
        2 => format!("{}.{:012}", choices.byte(), choices.count() % 1_000_000_000_000),
        3 => "1000000000".to_owned(),
        4 => choices.number().trim_matches('"').to_owned(),
        _ => choices.byte().to_string(),
    }
}

fn multiplier(choices: &mut Choices<'_>) -> Multiplier {
    let micro = match choices.byte() % 4 {
        0 => 1_000_000,
        1 => 0,
        2 => 100_000_000,
        _ => i128::from(choices.count() % 100_000_001),
    };
    Multiplier::try_from_micro(micro).unwrap()
}
