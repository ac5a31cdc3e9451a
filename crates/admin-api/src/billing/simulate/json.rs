//! Simulations on the wire.

use billing_core::{Charge, Explanation};
use serde::Serialize;
use tollgate_domain::{Fallback, ModelName, PriceVersion, ProviderName, UpstreamId, Usd, ZeroReason};
use utoipa::ToSchema;

use super::run::Place;
use crate::billing::candidates::{self, PriceCandidate};
use crate::billing::receipt::{ReceiptLine, ReceiptPricing, examples, formula_of_lines};
use crate::schema::{
    BillingStatusSchema, CURRENCY, CurrencySchema, FallbackSchema, UnbilledReasonSchema, UsdSchema,
    ZeroReasonSchema,
};

/// What a request would cost.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Simulation, examples(example))]
pub(in crate::billing) struct SimulationResponse {
    /// The price book version it is priced with.
    #[schema(value_type = i64)]
    price_version: PriceVersion,
    /// Of every amount.
    #[schema(value_type = CurrencySchema)]
    currency: &'static str,
    /// One result for each upstream, by priority and name; empty where none serves the model.
    results: Vec<SimulationResult>,
}

/// What a request would cost at one upstream.
#[derive(Debug, Serialize, ToSchema)]
#[schema(examples(result_example))]
pub(super) struct SimulationResult {
    /// The upstream; null for an imagined one.
    #[schema(value_type = Option<Uuid>)]
    upstream_id: Option<UpstreamId>,
    /// Its name.
    upstream_name: Option<String>,
    /// Whether it takes traffic.
    enabled: bool,
    /// Its provider in LiteLLM's vocabulary.
    #[schema(value_type = String)]
    provider: ProviderName,
    /// The model that would be sent.
    #[schema(value_type = String)]
    model_sent: ModelName,
    /// Whether the cost would be known.
    #[schema(value_type = BillingStatusSchema)]
    billing_status: &'static str,
    /// Why not.
    #[schema(value_type = Option<UnbilledReasonSchema>)]
    reason: Option<&'static str>,
    /// What the reason does not say: the names tried, the tier, the meter.
    detail: Option<String>,
    /// Which rule would price it; null when none does.
    pricing: Option<ReceiptPricing>,
    /// The itemisation, as on a receipt.
    lines: Vec<ReceiptLine>,
    /// The sum of the lines, written out.
    formula: Option<String>,
    /// Every fallback taken, each once.
    #[schema(value_type = Vec<FallbackSchema>)]
    fallbacks: Vec<Fallback>,
    /// At card rates, all multipliers 1.
    #[schema(value_type = Option<UsdSchema>)]
    list_cost: Option<Usd>,
    /// What the upstream would charge us.
    #[schema(value_type = Option<UsdSchema>)]
    cost: Option<Usd>,
    /// What the key's owner would pay.
    #[schema(value_type = Option<UsdSchema>)]
    charge: Option<Usd>,
    /// Why the cost would be exactly zero.
    #[schema(value_type = Option<ZeroReasonSchema>)]
    zero_reason: Option<ZeroReason>,
    /// Every place that was looked at, strongest first: the winner and the losers.
    candidates: Vec<PriceCandidate>,
}

impl SimulationResponse {
    pub(super) fn new(price_version: PriceVersion, results: Vec<SimulationResult>) -> Self {
        Self {
            price_version,
            currency: CURRENCY,
            results,
        }
    }
}

impl SimulationResult {
    pub(super) fn new(
        place: &Place,
        explanation: Explanation,
        outcome: Result<Charge, (&'static str, String)>,
    ) -> Self {
        let upstream = place.upstream.as_ref();
        let (charge, reason, detail) = match outcome {
            Ok(charge) => (Some(charge), None, None),
            Err((reason, detail)) => (None, Some(reason), Some(detail)),
        };
        let amounts = charge.as_ref().map(|charge| charge.amounts);
        let zero_reason = charge.as_ref().and_then(|charge| charge.zero_reason);
        let formula = charge
            .as_ref()
            .and_then(|charge| formula_of_lines(&charge.lines, charge.amounts.cost));
        let (pricing, lines) =
            charge.map_or((None, Vec::new()), |charge| (Some(charge.pricing), charge.lines));
        let mut fallbacks = Vec::new();
        for fallback in lines.iter().flat_map(|line| &line.fallbacks) {
            if !fallbacks.contains(fallback) {
                fallbacks.push(*fallback);
            }
        }
        Self {
            upstream_id: upstream.map(|upstream| upstream.id),
            upstream_name: upstream.map(|upstream| upstream.name.clone()),
            enabled: upstream.is_some_and(|upstream| upstream.enabled),
            provider: place.provider.clone(),
            model_sent: place.model_sent.clone(),
            billing_status: if amounts.is_some() { "billed" } else { "unbilled" },
            reason,
            detail,
            pricing: pricing.map(Into::into),
            lines: lines.into_iter().map(ReceiptLine::of).collect(),
            formula,
            fallbacks,
            list_cost: amounts.map(|amounts| amounts.list_cost),
            cost: amounts.map(|amounts| amounts.cost),
            charge: amounts.map(|amounts| amounts.charge),
            zero_reason,
            candidates: explanation.candidates.into_iter().map(Into::into).collect(),
        }
    }
}

fn example() -> serde_json::Value {
    serde_json::json!({"price_version": 12, "currency": CURRENCY, "results": [result_example()]})
}

fn result_example() -> serde_json::Value {
    serde_json::json!({
        "upstream_id": "0198f0a0-0000-7000-8000-000000000001",
        "upstream_name": "openai-main",
        "enabled": true,
        "provider": "openai",
        "model_sent": "gpt-5-mini",
        "billing_status": "billed",
        "reason": null,
        "detail": null,
        "pricing": examples::pricing(),
        "lines": [examples::line()],
        "formula": "0.0002125 = 0.0002125 USD",
        "fallbacks": [],
        "list_cost": "0.00025",
        "cost": "0.0002125",
        "charge": "0.0002125",
        "zero_reason": null,
        "candidates": [candidates::example()],
    })
}
