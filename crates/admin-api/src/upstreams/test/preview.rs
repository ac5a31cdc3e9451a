//! What a test costs at most.

use billing_core::{PriceError, PricingContext, price};
use serde::Serialize;
use tollgate_domain::ports::TestPlan;
use tollgate_domain::{
    ModelName, PriceRule, PriceSource, PriceVersion, Pricing, ServiceTier, UnbilledReason, Upstream, Usage,
    Usd,
};
use utoipa::ToSchema;

use crate::AdminState;
use crate::schema::{
    BillingStatusSchema, PriceRuleSchema, PriceSourceSchema, UnbilledReasonSchema, UsdSchema,
};

/// What a test costs at most: every byte sent counted as a token, every token of output that is asked for. A provider
/// that adds instructions of its own may count more.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TestPreview, examples(example))]
pub(super) struct Preview {
    /// The usage it is computed from, by meter.
    #[schema(value_type = BTreeMap<String, u64>)]
    usage: Usage,
    /// Whether the cost is known beforehand.
    #[schema(value_type = BillingStatusSchema)]
    billing_status: &'static str,
    /// Why not.
    #[schema(value_type = Option<UnbilledReasonSchema>)]
    reason: Option<&'static str>,
    /// What the reason does not say.
    detail: Option<String>,
    /// At card rates, all multipliers 1.
    #[schema(value_type = Option<UsdSchema>)]
    list_cost: Option<Usd>,
    /// What the upstream would charge us.
    #[schema(value_type = Option<UsdSchema>)]
    cost: Option<Usd>,
    /// What a key's owner would pay.
    #[schema(value_type = Option<UsdSchema>)]
    charge: Option<Usd>,
    /// The rule that sets the price; null when none does.
    rule: Option<WinningRule>,
}

/// The rule that sets a price.
#[derive(Debug, Serialize, ToSchema)]
#[schema(examples(rule_example))]
pub(super) struct WinningRule {
    /// Where the price comes from.
    #[schema(value_type = PriceSourceSchema)]
    price_source: PriceSource,
    /// The kind of rule.
    #[schema(value_type = PriceRuleSchema)]
    rule: PriceRule,
    /// The catalog or override name that matched.
    #[schema(value_type = String)]
    priced_as: ModelName,
    /// The price book's version.
    #[schema(value_type = i64)]
    price_version: PriceVersion,
}

impl Preview {
    pub(super) fn of(state: &AdminState, upstream: &Upstream, plan: &TestPlan) -> Self {
        let usage = plan.usage_at_most.clone();
        if !plan.is_billed {
            let free = Some(Usd::ZERO);
            return Self {
                usage,
                billing_status: "no_charge",
                reason: None,
                detail: Some("the provider does not bill this endpoint".to_owned()),
                list_cost: free,
                cost: free,
                charge: free,
                rule: None,
            };
        }
        let context = PricingContext {
            upstream_id: upstream.id,
            provider: &upstream.provider,
            model_served: None,
            model_sent: Some(&plan.model_sent),
            bill_by: upstream.bill_by,
            tier: &ServiceTier::Standard,
            context_tokens: usage.context_tokens(),
            at: state.clock.now(),
            format: None,
            modifiers: &[],
            upstream_modifiers: &upstream.price_modifiers,
        };
        match price(&state.prices.book(), &context, &usage) {
            Ok(charge) => Self {
                usage,
                billing_status: "billed",
                reason: None,
                detail: None,
                list_cost: Some(charge.amounts.list_cost),
                cost: Some(charge.amounts.cost),
                charge: Some(charge.amounts.charge),
                rule: Some(charge.pricing.into()),
            },
            Err(error) => Self {
                usage,
                billing_status: "unbilled",
                reason: Some(reason(&error).as_str()),
                detail: Some(error.to_string()),
                list_cost: None,
                cost: None,
                charge: None,
                rule: None,
            },
        }
    }
}

fn reason(error: &PriceError) -> UnbilledReason {
    match error {
        PriceError::ModelMissing => UnbilledReason::ModelMissing,
        PriceError::NotFound { .. } => UnbilledReason::PriceNotFound,
        _ => UnbilledReason::CalculationError,
    }
}

impl From<Pricing> for WinningRule {
    fn from(pricing: Pricing) -> Self {
        Self {
            price_source: pricing.source,
            rule: pricing.rule,
            priced_as: pricing.priced_as,
            price_version: pricing.version,
        }
    }
}

pub(super) fn example() -> serde_json::Value {
    serde_json::json!({
        "usage": {"input": 124, "output": 16},
        "billing_status": "billed",
        "reason": null,
        "detail": null,
        "list_cost": "0.000063",
        "cost": "0.00005355",
        "charge": "0.00005355",
        "rule": rule_example(),
    })
}

pub(super) fn rule_example() -> serde_json::Value {
    serde_json::json!({
        "price_source": "litellm",
        "rule": "synced_card",
        "priced_as": "gpt-5-mini",
        "price_version": 12,
    })
}
