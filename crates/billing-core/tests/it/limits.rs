//! What may not be billed.

use std::collections::BTreeMap;

use billing_core::{
    BillBy, CardRate, Meter, ModelName, PriceBook, PriceError, PricingContext, ProviderName, RateCard,
    ServiceTier, UpstreamId, Usage, price,
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
