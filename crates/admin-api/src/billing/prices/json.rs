//! Prices on the wire.

use std::collections::BTreeMap;

use billing_core::PricedName;
use serde::Serialize;
use tollgate_domain::{
    CardId, HeldPrice, ModelName, OverrideId, ProviderName, RateCard, ReleaseId, ServiceTier, UpstreamId,
};
use utoipa::ToSchema;

use crate::billing::card::{CardParts, FurtherRate, PriceBand};
use crate::schema::{CatalogSourceSchema, HoldReasonSchema, MultiplierSchema, RateSchema};

/// A model with its price.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Price, examples(example))]
pub(super) struct PriceResponse {
    /// The catalog or override name.
    #[schema(value_type = String)]
    pub(super) model: ModelName,
    /// LiteLLM's `litellm_provider`; null for a model that only overrides know.
    #[schema(value_type = Option<String>)]
    pub(super) provider: Option<ProviderName>,
    /// LiteLLM's `mode` (`chat`, `embedding` …).
    pub(super) mode: Option<String>,
    /// Where the effective price comes from; null where only some upstreams have one.
    #[schema(value_type = Option<CatalogSourceSchema>)]
    pub(super) source: Option<&'static str>,
    /// Whether the model is gone from the map and its last price still serves.
    pub(super) stale: bool,
    /// Most input tokens, where the map says.
    pub(super) max_input_tokens: Option<u32>,
    /// Most output tokens, where the map says.
    pub(super) max_output_tokens: Option<u32>,
    /// A new price of it that the guard stopped and that waits for a decision; null where none does.
    pub(super) held: Option<HeldPriceOf>,
    /// What prices requests where no upstream has a price of its own: the global override, else the synced price.
    pub(super) effective: Option<CardJson>,
    /// The synced price, in force or not; null where the catalog has none.
    pub(super) synced: Option<CardJson>,
    /// The overrides of this model, the global one first.
    pub(super) overrides: Vec<PriceOverrideJson>,
}

/// A new price that waits for a decision at its release.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = HeldPriceOf, examples(held_example))]
pub(super) struct HeldPriceOf {
    /// The release that proposed it.
    #[schema(value_type = Uuid)]
    release_id: ReleaseId,
    /// What the guard saw.
    #[schema(value_type = HoldReasonSchema)]
    reason: &'static str,
    /// Which rate, from what to what.
    detail: String,
}

/// An override of a listed model.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PriceOverrideOf, examples(override_example))]
pub(super) struct PriceOverrideJson {
    /// The override.
    #[schema(value_type = Option<Uuid>)]
    pub(super) override_id: Option<OverrideId>,
    /// The only upstream it is for; null is global.
    #[schema(value_type = Option<Uuid>)]
    pub(super) upstream_id: Option<UpstreamId>,
    /// Whether the upstream's multipliers apply.
    pub(super) apply_multipliers: bool,
    /// Its price.
    pub(super) price: CardJson,
}

/// A rate card, before multipliers.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = RateCard, examples(card_example))]
pub(super) struct CardJson {
    /// Its content hash.
    #[schema(value_type = String)]
    card_id: CardId,
    /// Input, USD per million tokens.
    #[schema(value_type = Option<RateSchema>)]
    input_usd_per_mtok: Option<String>,
    /// Output, USD per million tokens.
    #[schema(value_type = Option<RateSchema>)]
    output_usd_per_mtok: Option<String>,
    /// Cache reads, USD per million tokens.
    #[schema(value_type = Option<RateSchema>)]
    cache_read_usd_per_mtok: Option<String>,
    /// Cache writes for 5 minutes, USD per million tokens.
    #[schema(value_type = Option<RateSchema>)]
    cache_write_5m_usd_per_mtok: Option<String>,
    /// Cache writes for 1 hour, USD per million tokens.
    #[schema(value_type = Option<RateSchema>)]
    cache_write_1h_usd_per_mtok: Option<String>,
    /// Rates for large requests.
    bands: Vec<PriceBand>,
    /// The service tiers it has rates for.
    tiers: Vec<String>,
    /// Rates of other meters, tiers and sizes.
    rates: Vec<FurtherRate>,
    /// Factors on the token rates that an answer or the upstream switches on, by name.
    #[schema(value_type = BTreeMap<String, MultiplierSchema>)]
    modifiers: BTreeMap<String, String>,
    /// Whether every rate is zero.
    free: bool,
}

pub(super) fn example() -> serde_json::Value {
    serde_json::json!({
        "model": "gpt-5-mini",
        "provider": "openai",
        "mode": "chat",
        "source": "litellm",
        "stale": false,
        "max_input_tokens": 272_000,
        "max_output_tokens": 128_000,
        "held": null,
        "effective": card_example(),
        "synced": card_example(),
        "overrides": [override_example()],
    })
}

pub(super) fn card_example() -> serde_json::Value {
    serde_json::json!({
        "card_id": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "input_usd_per_mtok": "0.25",
        "output_usd_per_mtok": "2",
        "cache_read_usd_per_mtok": "0.025",
        "cache_write_5m_usd_per_mtok": null,
        "cache_write_1h_usd_per_mtok": null,
        "bands": [],
        "tiers": ["standard", "flex"],
        "rates": [{"meter": "output", "tier": "flex", "usd_per_mtok": "1"}],
        "modifiers": {},
        "free": false,
    })
}

fn held_example() -> serde_json::Value {
    serde_json::json!({
        "release_id": "0198f0a0-0000-7000-8000-000000000005",
        "reason": "factor",
        "detail": "input (tier flex): 2.5 -> 10 USD per million tokens (x4)",
    })
}

fn override_example() -> serde_json::Value {
    serde_json::json!({
        "override_id": "0198f0a0-0000-7000-8000-000000000007",
        "upstream_id": "0198f0a0-0000-7000-8000-000000000001",
        "apply_multipliers": false,
        "price": card_example(),
    })
}

impl From<&HeldPrice> for HeldPriceOf {
    fn from(held: &HeldPrice) -> Self {
        Self {
            release_id: held.release_id,
            reason: held.hold.reason.as_str(),
            detail: held.hold.detail.clone(),
        }
    }
}

impl CardJson {
    pub(super) fn of(card_id: CardId, card: &RateCard) -> Self {
        let parts = CardParts::of(card);
        let mut tiers: Vec<&ServiceTier> = card.rates().iter().map(|rate| &rate.tier).collect();
        tiers.sort_unstable();
        tiers.dedup();
        Self {
            card_id,
            input_usd_per_mtok: parts.input,
            output_usd_per_mtok: parts.output,
            cache_read_usd_per_mtok: parts.cache_read,
            cache_write_5m_usd_per_mtok: parts.cache_write_5m,
            cache_write_1h_usd_per_mtok: parts.cache_write_1h,
            bands: parts.bands,
            tiers: tiers.into_iter().map(ToString::to_string).collect(),
            rates: parts.rates,
            modifiers: parts.modifiers,
            free: card.is_free(),
        }
    }
}

impl From<PricedName<'_>> for CardJson {
    fn from(name: PricedName<'_>) -> Self {
        Self::of(name.card_id, name.card)
    }
}

impl From<PricedName<'_>> for PriceOverrideJson {
    fn from(name: PricedName<'_>) -> Self {
        Self {
            override_id: name.override_id,
            upstream_id: name.upstream_id,
            apply_multipliers: name.multiplied,
            price: name.into(),
        }
    }
}
