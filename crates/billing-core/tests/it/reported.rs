//! The provider's own figure as the bill.

use billing_core::{
    BillBy, ModelName, PriceBook, PriceSource, PricingContext, ProviderName, ServiceTier, UpstreamId,
    UpstreamMultipliers, ZeroReason, price_reported,
};
use uuid::Uuid;

fn reported(cost: &str, bill_by: BillBy) -> billing_core::Charge {
    let upstream_id = UpstreamId::new(Uuid::nil());
    let half = "0.5".parse().unwrap();
    let book = PriceBook::bundled()
        .unwrap()
        .with_multipliers(UpstreamMultipliers {
            input: half,
            output: half,
            ..UpstreamMultipliers::ones(upstream_id)
        });
    let (served, sent) = (ModelName::new("served"), ModelName::new("sent"));
    let context = PricingContext {
        upstream_id,
        provider: &ProviderName::new("openrouter"),
        model_served: Some(&served),
        model_sent: Some(&sent),
        bill_by,
        tier: &ServiceTier::Standard,
        context_tokens: 10,
        at: billing_core::Timestamp::UNIX_EPOCH,
        format: None,
        modifiers: &[],
        upstream_modifiers: &[],
    };
    price_reported(&book, &context, cost.parse().unwrap())
}

#[test]
fn a_reported_cost_is_taken_as_it_is_whatever_the_multipliers() {
    let charge = reported("0.0123", BillBy::Served);
    let amounts = charge.amounts;
    let expected = "0.0123".parse().unwrap();
    assert_eq!(
        (amounts.list_cost, amounts.cost, amounts.charge),
        (expected, expected, expected)
    );
    assert_eq!(charge.pricing.source, PriceSource::ProviderReported);
    assert_eq!((charge.lines.len(), charge.zero_reason), (0, None));
}

#[test]
fn a_reported_cost_is_filed_under_the_name_that_is_billed() {
    assert_eq!(reported("1", BillBy::Served).pricing.priced_as.as_str(), "served");
    assert_eq!(reported("1", BillBy::Sent).pricing.priced_as.as_str(), "sent");
}

#[test]
fn a_reported_zero_says_that_the_provider_asks_nothing() {
    assert_eq!(
        reported("0", BillBy::Served).zero_reason,
        Some(ZeroReason::FreeModel)
    );
}
