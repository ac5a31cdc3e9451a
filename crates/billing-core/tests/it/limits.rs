//! What may not be billed.

use std::collections::BTreeMap;

use billing_core::{
    BillBy, CardBuilder, CardRate, Meter, ModelName, PriceBook, PriceError, PricingContext, ProviderName,
    RateCard, Request, ServiceTier, UpstreamId, Usage, price,
};
use uuid::Uuid;

fn priced(usd_per_million: &str, count: u64) -> Result<String, PriceError> {
    let rate = CardRate::flat(Meter::Input, usd_per_million.parse().unwrap());
    let card = RateCard::try_new(vec![rate], BTreeMap::new()).unwrap();
    let (model, provider) = (ModelName::new("m"), ProviderName::new("p"));
    let book = PriceBook::from_cards([(model.clone(), card)]);
    let context = PricingContext {
        upstream_id: UpstreamId::new(Uuid::nil()),
        provider: &provider,
        model_served: Some(&model),
        model_sent: None,
        bill_by: BillBy::Served,
        tier: &ServiceTier::Standard,
        context_tokens: count,
        at: billing_core::Timestamp::UNIX_EPOCH,
        format: None,
        modifiers: &[],
        upstream_modifiers: &[],
    };
    let usage = Usage::new().with(Meter::Input, count).unwrap();
    price(&book, &context, &usage).map(|charge| charge.amounts.cost.to_string())
}

#[test]
fn the_largest_amount_of_an_entry_is_billed_and_one_more_is_an_error_naming_the_input() {
    // 9,000 counts x 1,000,000,000 USD per million = 9,000,000 USD.
    assert_eq!(priced("1000000000", 9_000).unwrap(), "9000000");
    let PriceError::Calculation { detail } = priced("1000000000", 9_001).unwrap_err() else {
        panic!("another error");
    };
    assert!(
        detail.contains("9001 input x 1000000000 USD per million"),
        "{detail}"
    );
}

#[test]
fn the_largest_count_at_the_largest_rate_is_an_error_and_not_a_wrapped_number() {
    assert!(matches!(
        priced("1000000000", 1 << 40),
        Err(PriceError::Calculation { .. })
    ));
}

#[test]
fn thresholds_at_the_end_of_all_numbers_are_compared_and_not_computed_with() {
    let card = |above| {
        CardBuilder::new()
            .rate(Meter::Input, "1")
            .rate_above(above, Meter::Input, "2")
            .build()
            .unwrap()
    };
    let cost = |above, count| {
        let book = PriceBook::from_cards([("m".into(), card(above))]);
        let usage = Usage::new().with(Meter::Input, count).unwrap();
        Request::new("p", "m")
            .price(&book, &usage)
            .unwrap()
            .amounts
            .cost
            .to_string()
    };
    assert_eq!(cost(0, 1), "0.000002");
    assert_eq!(cost(u64::MAX, 1 << 40), "1099511.627776");
    assert_eq!(cost((1 << 40) - 1, 1 << 40), "2199023.255552");
    assert_eq!(cost(1 << 40, 1 << 40), "1099511.627776");
}

#[test]
fn a_count_above_the_limit_is_refused_by_name() {
    let error = Usage::new().with(Meter::Input, (1 << 40) + 1).unwrap_err();
    assert_eq!(
        error.to_string(),
        "count 1099511627777 is above the limit of 2^40"
    );
}
