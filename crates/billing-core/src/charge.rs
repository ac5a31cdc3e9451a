//! Usage x card x multipliers = charge.

use serde::{Deserialize, Serialize};
use tollgate_catalog::{Explanation, PriceBook, PricingContext, Resolved};
use tollgate_domain::{Amounts, ChargeLine, PriceRule, PriceSource, Pricing, Usage, ZeroReason};

use crate::PriceError;
use crate::component::{Bill, naming};
use crate::totals::Totals;

/// What usage costs, with the receipt.
///
/// Displayed, it is a receipt for people; serialised, amounts and rates are decimal strings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Charge {
    /// The rule that priced it, and with what.
    pub pricing: Pricing,
    /// One line for each meter that counted something, in canonical order. Empty for a provider-reported cost.
    pub lines: Vec<ChargeLine>,
    /// The sums of the lines.
    pub amounts: Amounts,
    /// Why `cost` is zero; `None` where it is not.
    pub zero_reason: Option<ZeroReason>,
}

/// Prices usage: resolves the card, finds each meter's rate (fallbacks recorded), computes each line exactly and
/// rounds it once, and adds the lines up.
///
/// `list_cost` is the card's rates with the modifiers the response switched on and all multipliers 1; `cost` has
/// the upstream's multipliers; `charge` equals `cost`. Modifiers apply to tokens only.
///
/// # Errors
/// [`PriceError::NotFound`] where the card, its tier, a modifier or the rate of **any** counted meter is missing;
/// [`PriceError::Calculation`] where an amount leaves the exact range or
/// [`Usd::ENTRY_MAX`](tollgate_domain::Usd::ENTRY_MAX), or where a multiplier of zero would make something free without
/// the operator's permission.
///
/// # Source
/// `docs/adr/0002-money-and-rounding.md`.
///
/// ```
/// use billing_core::{
///     BillBy, Meter, ModelName, PriceBook, PricingContext, ProviderName, ServiceTier, Usage, price,
/// };
///
/// let book = PriceBook::from_litellm_json(
///     r#"{"gpt-4o": {"input_cost_per_token": 2.5e-06, "output_cost_per_token": 1e-05}}"#,
/// )?;
/// let (provider, model) = (ProviderName::new("openai"), ModelName::new("gpt-4o"));
/// let usage = Usage::new().with(Meter::Input, 1_000)?.with(Meter::Output, 100)?;
/// let context = PricingContext {
///     upstream_id: "01890a5d-ac96-774b-bcce-b302099a8057".parse()?,
///     provider: &provider,
///     model_served: Some(&model),
///     model_sent: None,
///     bill_by: BillBy::Served,
///     tier: &ServiceTier::Standard,
///     context_tokens: usage.context_tokens(),
///     at: "2026-11-05T10:00:00Z".parse()?,
///     format: None,
///     modifiers: &[],
///     upstream_modifiers: &[],
/// };
/// let charge = price(&book, &context, &usage)?;
/// assert_eq!(charge.amounts.cost.to_string(), "0.0035"); // 1,000 x 2.5 + 100 x 10 USD per million
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn price(book: &PriceBook, context: &PricingContext<'_>, usage: &Usage) -> Result<Charge, PriceError> {
    let bill = Bill::new(book, context, usage)?;
    let (mut totals, mut lines) = (Totals::default(), Vec::with_capacity(usage.iter().count()));
    for (meter, count) in usage.iter() {
        let part = bill.component(meter, count)?;
        totals.add(&part)?;
        lines.push(bill.line(&part));
    }
    let (amounts, zero_reason) = totals.finish(&bill.resolved)?;
    Ok(Charge {
        pricing: pricing(book, context, &bill.resolved),
        lines,
        amounts,
        zero_reason,
    })
}

/// Every place a price is looked for, and what comes of it, as [`price`] looks: names that carry a size count only
/// where whole images do.
pub fn explain_usage(book: &PriceBook, context: &PricingContext<'_>, usage: &Usage) -> Explanation {
    tollgate_catalog::explain(book, &naming(context, usage))
}

fn pricing(book: &PriceBook, context: &PricingContext<'_>, resolved: &Resolved<'_>) -> Pricing {
    Pricing {
        source: if resolved.rule == PriceRule::SyncedCard {
            PriceSource::Litellm
        } else {
            PriceSource::Override
        },
        version: book.version(),
        rule: resolved.rule,
        priced_as: resolved.priced_as.clone(),
        name_role: resolved.name_role,
        name_form: resolved.name_form,
        card_id: Some(resolved.card_id),
        tier: context.tier.clone(),
        band_above_tokens: resolved.band_above_tokens,
        window: resolved.window.map(|window| window.to_string().into()),
        input_multiplier: resolved.multipliers.input,
        output_multiplier: resolved.multipliers.output,
        multiplier_pattern: resolved.multipliers.pattern.cloned(),
    }
}
