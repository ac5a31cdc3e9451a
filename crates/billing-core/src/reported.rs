//! The provider's own figure as the bill.

use tollgate_catalog::{PriceBook, PricingContext};
use tollgate_domain::{
    Amounts, BillBy, ModelName, Multiplier, NameForm, NameRole, PriceRule, PriceSource, Pricing, Usd,
    ZeroReason,
};

use crate::Charge;

/// Takes a cost the provider reported as what the upstream charges. All three amounts are that cost: it has no
/// lines, no card and no multipliers, because it is already the price paid.
///
/// Whether it may count is the caller's decision (see `ReportedCostPolicy` of the upstream), and so is refusing
/// a negative one. `priced_as` is the first name known, or empty.
pub fn price_reported(book: &PriceBook, context: &PricingContext<'_>, cost: Usd) -> Charge {
    let served = context.model_served.filter(|_| context.bill_by == BillBy::Served);
    let (name_role, name) = match (served, context.model_sent) {
        (Some(served), _) => (NameRole::Served, Some(served)),
        (None, sent) => (NameRole::Sent, sent),
    };
    Charge {
        pricing: Pricing {
            source: PriceSource::ProviderReported,
            version: book.version(),
            rule: PriceRule::ProviderReported,
            priced_as: name.cloned().unwrap_or_else(|| ModelName::new("")),
            name_role,
            name_form: NameForm::Plain,
            card_id: None,
            tier: context.tier.clone(),
            band_above_tokens: None,
            window: None,
            input_multiplier: Multiplier::ONE,
            output_multiplier: Multiplier::ONE,
            multiplier_pattern: None,
        },
        lines: Vec::new(),
        amounts: Amounts {
            list_cost: cost,
            cost,
            charge: cost,
        },
        zero_reason: cost.is_zero().then_some(ZeroReason::FreeModel),
    }
}
