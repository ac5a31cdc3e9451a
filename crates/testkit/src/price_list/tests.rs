use super::*;

fn amounts(model: &str, tier: &str, counts: &Counts) -> Option<Vec<i128>> {
    let components = PriceList::builtin().bill(model, tier, counts)?;
    Some(
        components
            .iter()
            .map(|component| component.amount_pico_usd)
            .collect(),
    )
}

#[test]
fn a_tie_rounds_to_the_even_pico_dollar() {
    // 1 token at 0.000005 USD per million x 0.5 is exactly 2.5e-12 USD.
    assert_eq!(component_amount(1, 5_000_000, 500_000), Some(2));
    // At 0.000007 it is 3.5e-12.
    assert_eq!(component_amount(1, 7_000_000, 500_000), Some(4));
    assert_eq!(component_amount(1, 5_000_001, 500_000), Some(3));
    assert_eq!(component_amount(1, 4_999_999, 500_000), Some(2));
}

#[test]
fn whole_prices_need_no_rounding() {
    // 1,000 tokens at 2.50 USD per million are 0.0025 USD.
    assert_eq!(
        component_amount(1_000, 2_500_000_000_000, MULTIPLIER_ONE),
        Some(2_500_000_000)
    );
}

#[test]
fn an_amount_that_does_not_fit_is_refused() {
    assert_eq!(component_amount(u64::MAX, i128::MAX / 4, MULTIPLIER_ONE), None);
}

#[test]
fn each_meter_is_one_component_at_its_own_rate() {
    let counts = Counts::text(1_000, 10)
        .with(Meter::CacheRead, 2_000)
        .with(Meter::CacheWrite5m, 100)
        .with(Meter::CacheWrite1h, 50);
    // 1000 x 3, 2000 x 0.30, 100 x 3.75, 50 x 6, 10 x 15 (USD per million).
    let expected = vec![3_000_000_000, 600_000_000, 375_000_000, 300_000_000, 150_000_000];
    assert_eq!(amounts("claude-sonnet-4-5", "standard", &counts), Some(expected));
}

#[test]
fn a_context_above_the_threshold_reprices_the_whole_request() {
    let at = Counts::text(199_999, 1).with(Meter::CacheRead, 1);
    assert_eq!(
        amounts("gemini-2.5-pro", "standard", &at),
        Some(vec![249_998_750_000, 125_000, 10_000_000])
    );
    let above = Counts::text(199_999, 1).with(Meter::CacheRead, 2);
    assert_eq!(
        amounts("gemini-2.5-pro", "standard", &above),
        Some(vec![499_997_500_000, 500_000, 15_000_000])
    );
}

#[test]
fn reasoning_without_a_price_of_its_own_costs_what_output_costs() {
    let counts = Counts::new().with(Meter::Reasoning, 3);
    assert_eq!(amounts("gpt-5", "flex", &counts), Some(vec![15_000_000]));
}

#[test]
fn an_unknown_model_tier_or_meter_has_no_price() {
    assert_eq!(amounts("no-such-model", "standard", &Counts::text(1, 1)), None);
    assert_eq!(amounts("o3-mini", "flex", &Counts::text(1, 1)), None);
    assert_eq!(
        amounts("gpt-4o", "standard", &Counts::new().with(Meter::WebSearch, 1)),
        None
    );
}

#[test]
fn multipliers_apply_by_side() {
    let list = PriceList::empty()
        .with_flat("m", &[(Meter::Input, 5_000_000), (Meter::Output, 7_000_000)])
        .with_multipliers(500_000, 2_000_000);
    let bill = list.bill("m", "standard", &Counts::text(1, 1)).unwrap();
    assert_eq!(
        bill.iter().map(|c| c.amount_pico_usd).collect::<Vec<_>>(),
        [2, 14]
    );
}
