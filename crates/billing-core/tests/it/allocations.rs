//! Without a receipt, pricing allocates nothing; with one, what the receipt holds.

use allocation_counter::measure;
use billing_core::{
    MediaFormat, Meter, PriceBook, PriceError, Request, ServiceTier, Usage, UsageError, cost, explain_usage,
    price,
};

fn usage(counts: &[(Meter, u64)]) -> Result<Usage, UsageError> {
    let with = |usage: Usage, (meter, count): &(Meter, u64)| usage.with(*meter, *count);
    counts.iter().try_fold(Usage::new(), with)
}

#[test]
fn amounts_without_a_receipt_allocate_nothing() {
    let book = PriceBook::bundled()
        .unwrap()
        .with_markup("1.25".parse().unwrap(), "1.5".parse().unwrap());
    let plain = usage(&[(Meter::Input, 1_000), (Meter::Output, 100)]).unwrap();
    let rich = usage(&[
        (Meter::Input, 250_000),
        (Meter::CacheRead, 9_000),
        (Meter::CacheWrite5m, 700),
        (Meter::CacheWrite1h, 300),
        (Meter::Output, 500),
        (Meter::Reasoning, 400),
        (Meter::WebSearch, 3),
    ])
    .unwrap();
    let pictures = usage(&[(Meter::ImagesOut, 2)]).unwrap();
    for (request, usage) in [
        (Request::new("openai", "gpt-4o"), &plain),
        (Request::new("openai", "gpt-5.5").tier("priority"), &plain),
        (Request::new("anthropic", "claude-sonnet-4-5-20250929"), &rich),
        (
            Request::new("anthropic", "claude-opus-5-5").modifier("fast"),
            &plain,
        ),
        (
            Request::new("deepseek", "deepseek-v4-pro").at("2026-11-05T04:00:00Z".parse().unwrap()),
            &plain,
        ),
        (
            Request::new("azure", "dall-e-3").format(MediaFormat {
                size: Some("1024x1792".into()),
                quality: Some("hd".into()),
            }),
            &pictures,
        ),
        (
            Request::new("bedrock", "anthropic.claude-sonnet-4-5-20250929-v1:0"),
            &rich,
        ),
    ] {
        let context = request.context(usage);
        let mut outcome = Err(PriceError::ModelMissing);
        let counted = measure(|| outcome = cost(&book, &context, usage));
        assert_eq!(counted.count_total, 0, "{request:?}");
        assert!(
            outcome.is_ok(),
            "{request:?}: {outcome:?}, {:?}",
            explain_usage(&book, &context, usage).candidates
        );

        let mut charge = None;
        let counted = measure(|| charge = price(&book, &context, usage).ok());
        let charge = charge.unwrap();
        let fallbacks = charge
            .lines
            .iter()
            .filter(|line| !line.fallbacks.is_empty())
            .count();
        // A list and a name for each line with modifiers.
        let modifiers: usize = charge.lines.iter().map(|line| line.modifiers.len() * 2).sum();
        // The window's text grows as it is written.
        let window = charge.pricing.window.as_ref();
        let window = window.map_or(0, |window| window.len().ilog2() as usize);
        let sizes = charge.lines.iter().filter(|line| line.size.is_some()).count();
        let lists = 1 + fallbacks + modifiers + window + sizes;
        assert!(counted.count_total <= lists as u64, "{request:?}: {counted:?}");
    }
}

#[test]
fn a_tier_of_the_providers_own_costs_its_name_on_the_receipt_only() {
    let book = PriceBook::from_litellm_json(
        r#"{"m": {"input_cost_per_token": 1e-06, "input_cost_per_token_balanced": 2e-06}}"#,
    )
    .unwrap();
    let usage = usage(&[(Meter::Input, 10)]).unwrap();
    let request = Request::new("p", "m").tier("balanced");
    let context = request.context(&usage);
    assert_eq!(*context.tier, ServiceTier::from_name("balanced"));
    assert_eq!(measure(|| drop(cost(&book, &context, &usage))).count_total, 0);
    assert_eq!(measure(|| drop(price(&book, &context, &usage))).count_total, 2);
}
