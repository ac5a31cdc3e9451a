//! `tests/golden/*.toml` through one `check()`.

mod case;

use std::fs;
use std::path::Path;

use billing_core::{Charge, PriceError, PricingContext, Usage, price};

use case::{Case, Expected, ExpectedLine};

#[test]
fn every_golden_case_prices_as_written() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut seen = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        let file = path.file_stem().unwrap().to_string_lossy().into_owned();
        for case in case::read(&path) {
            let name = format!("{file}: {}", case.name);
            assert!(!seen.contains(&name), "{name} is there twice");
            check(&name, &case);
            seen.push(name);
        }
    }
    assert!(seen.len() > 190, "only {} golden cases were found", seen.len());
}

fn check(name: &str, case: &Case) {
    let book = case.book();
    let usage = case
        .usage
        .iter()
        .try_fold(Usage::new(), |usage, (meter, count)| {
            usage.with(meter.parse().unwrap(), *count)
        })
        .unwrap();
    let names = case.names();
    let context = PricingContext {
        upstream_id: case::upstream(),
        provider: &names.provider,
        model_served: names.served.as_ref(),
        model_sent: names.sent.as_ref(),
        bill_by: case.bill_by,
        tier: &names.tier,
        context_tokens: usage.context_tokens(),
        at: case.at(),
        format: case.format.as_ref(),
        modifiers: &case.modifiers,
        upstream_modifiers: &case.upstream_modifiers,
    };
    match (price(&book, &context, &usage), &case.expect.error) {
        (Ok(charge), None) => check_charge(name, &charge, &case.expect),
        (Err(error), Some(expected)) => assert_eq!(&text(&error), expected, "{name}"),
        (outcome, _) => panic!("{name}: {outcome:?}"),
    }
}

fn check_charge(name: &str, charge: &Charge, expected: &Expected) {
    let amounts = &charge.amounts;
    assert_eq!(Some(amounts.cost.to_string()), expected.cost, "{name}: cost");
    assert_eq!(amounts.charge, amounts.cost, "{name}: charge");
    let list_cost = expected.list_cost.as_ref().or(expected.cost.as_ref());
    assert_eq!(
        Some(&amounts.list_cost.to_string()),
        list_cost,
        "{name}: list cost"
    );
    let zero_reason = charge.zero_reason.map(|reason| reason.as_str().to_owned());
    assert_eq!(zero_reason, expected.zero_reason, "{name}: zero reason");
    let pricing = &charge.pricing;
    if let Some(rule) = &expected.rule {
        assert_eq!(pricing.rule.as_str(), rule, "{name}: rule");
        assert_eq!(pricing.source.as_str(), rule_source(rule), "{name}: source");
    }
    if let Some(priced_as) = &expected.priced_as {
        assert_eq!(pricing.priced_as.as_str(), priced_as, "{name}: priced as");
    }
    assert_eq!(pricing.band_above_tokens, expected.band, "{name}: band");
    assert_eq!(
        pricing.window.as_deref(),
        expected.window.as_deref(),
        "{name}: window"
    );
    let pattern = pricing.multiplier_pattern.as_ref().map(ToString::to_string);
    assert_eq!(pattern, expected.pattern, "{name}: pattern");
    let lines: Vec<ExpectedLine> = charge.lines.iter().map(ExpectedLine::of).collect();
    if !expected.lines.is_empty() {
        assert_eq!(lines, expected.lines, "{name}: lines");
    }
    let fallbacks = lines.iter().any(ExpectedLine::is_unusual);
    assert!(
        !fallbacks || !expected.lines.is_empty(),
        "{name}: a fallback the case does not mention"
    );
}

fn rule_source(rule: &str) -> &'static str {
    if rule == "synced_card" {
        "litellm"
    } else {
        "override"
    }
}

fn text(error: &PriceError) -> String {
    match error {
        PriceError::ModelMissing => "model_missing".to_owned(),
        PriceError::NotFound { detail } => format!("not_found: {detail}"),
        PriceError::Calculation { detail } => format!("calculation: {detail}"),
        other => panic!("{other:?}"),
    }
}
