//! Overrides on the wire.

use std::collections::BTreeMap;

use serde::Serialize;
use tollgate_domain::ports::OverrideVersion;
use tollgate_domain::{ModelName, OverrideId, PriceVersion, Timestamp, Upstream, UpstreamId};
use utoipa::ToSchema;

use crate::billing::card::{CardParts, FurtherRate, PriceBand};
use crate::billing::effect::Backdated;
use crate::schema::{MultiplierSchema, RateSchema, TimestampSchema};

/// A price the operator set, or one version of it. It replaces the whole card: nothing is filled in from the synced
/// one.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Override, examples(example))]
pub(super) struct OverrideResponse {
    /// Its id over all versions, never reused.
    #[schema(value_type = Uuid)]
    pub(super) id: OverrideId,
    /// The model name it prices, matched exactly.
    #[schema(value_type = String)]
    pub(super) model: ModelName,
    /// The only upstream it is for; null is global.
    #[schema(value_type = Option<Uuid>)]
    pub(super) upstream_id: Option<UpstreamId>,
    /// That upstream's name; null when global, or when the upstream is gone.
    upstream_name: Option<String>,
    /// Input, USD per million tokens.
    #[schema(value_type = Option<RateSchema>)]
    input_usd_per_mtok: Option<String>,
    /// Output, USD per million tokens.
    #[schema(value_type = Option<RateSchema>)]
    output_usd_per_mtok: Option<String>,
    /// Cache reads, USD per million tokens; null: at the input rate.
    #[schema(value_type = Option<RateSchema>)]
    cache_read_usd_per_mtok: Option<String>,
    /// Cache writes for 5 minutes, USD per million tokens; null: at the input rate.
    #[schema(value_type = Option<RateSchema>)]
    cache_write_5m_usd_per_mtok: Option<String>,
    /// Cache writes for 1 hour, USD per million tokens; null: at the 5 minute rate.
    #[schema(value_type = Option<RateSchema>)]
    cache_write_1h_usd_per_mtok: Option<String>,
    /// Rates for large requests.
    bands: Vec<PriceBand>,
    /// Rates of other meters, tiers and sizes.
    rates: Vec<FurtherRate>,
    /// Factors on the token rates that an answer or the upstream switches on, by name.
    #[schema(value_type = BTreeMap<String, MultiplierSchema>)]
    modifiers: BTreeMap<String, String>,
    /// Whether the upstream's multipliers apply.
    apply_multipliers: bool,
    /// The reason.
    note: Option<String>,
    /// Who set this version.
    author: String,
    /// Since when the price is right in the operator's view, where that is before `valid_from`.
    #[schema(value_type = Option<TimestampSchema>)]
    effective_from: Option<Timestamp>,
    /// The price book version it came into force with; names this version of it, and is the ETag.
    #[schema(value_type = i64)]
    pub(super) price_version: PriceVersion,
    /// When it came into force.
    #[schema(value_type = TimestampSchema)]
    valid_from: Timestamp,
    /// When it ended; null while it is in force.
    #[schema(value_type = Option<TimestampSchema>)]
    valid_to: Option<Timestamp>,
    /// Who ended it.
    ended_by: Option<String>,
    /// Why it was removed.
    end_note: Option<String>,
}

/// An override that was just put in force.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OverrideChanged, examples(changed_example))]
pub(super) struct OverrideChangedResponse {
    /// The override.
    #[serde(rename = "override")]
    pub(super) price: OverrideResponse,
    /// What it leaves out that the price before it had, in words.
    pub(super) warnings: Vec<String>,
    /// What it would have changed since `effective_from`; null without one.
    pub(super) backdated: Option<Backdated>,
}

pub(super) fn example() -> serde_json::Value {
    serde_json::json!({
        "id": "0198f0a0-0000-7000-8000-000000000007",
        "model": "gpt-5-mini",
        "upstream_id": null,
        "upstream_name": null,
        "input_usd_per_mtok": "0.2",
        "output_usd_per_mtok": "1.6",
        "cache_read_usd_per_mtok": "0.02",
        "cache_write_5m_usd_per_mtok": null,
        "cache_write_1h_usd_per_mtok": null,
        "bands": [],
        "rates": [{"meter": "web_search", "usd_per_call": "0.01"}],
        "modifiers": {},
        "apply_multipliers": true,
        "note": "contract of November",
        "author": "ada",
        "effective_from": null,
        "price_version": 13,
        "valid_from": "2026-11-05T08:00:00Z",
        "valid_to": null,
        "ended_by": null,
        "end_note": null,
    })
}

fn changed_example() -> serde_json::Value {
    serde_json::json!({
        "override": example(),
        "warnings": ["the price before this knew service tier flex; requests served in it will have no price"],
        "backdated": null,
    })
}

impl OverrideResponse {
    /// A version, with the name of its upstream where that is living.
    pub(super) fn of(version: OverrideVersion, upstream: Option<&Upstream>) -> Self {
        let OverrideVersion {
            price,
            effective_from,
            span,
        } = version;
        let parts = CardParts::of(&price.card);
        let (valid_to, ended_by, end_note) = match span.ended {
            Some(end) => (Some(end.at), Some(end.by), end.note),
            None => (None, None, None),
        };
        Self {
            id: price.id,
            model: price.model,
            upstream_id: price.upstream_id,
            upstream_name: upstream.map(|upstream| upstream.name.clone()),
            input_usd_per_mtok: parts.input,
            output_usd_per_mtok: parts.output,
            cache_read_usd_per_mtok: parts.cache_read,
            cache_write_5m_usd_per_mtok: parts.cache_write_5m,
            cache_write_1h_usd_per_mtok: parts.cache_write_1h,
            bands: parts.bands,
            rates: parts.rates,
            modifiers: parts.modifiers,
            apply_multipliers: price.apply_multipliers,
            note: price.note,
            author: price.author,
            effective_from,
            price_version: span.version,
            valid_from: span.since,
            valid_to,
            ended_by,
            end_note,
        }
    }
}
