//! Overrides as rows of a table.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tollgate_domain::ports::{OverrideVersion, RuleBefore, Store, StoreError};
use tollgate_domain::{ModelName, OverrideId, Upstream, UpstreamId};
use utoipa::ToSchema;
use uuid::Uuid;

use super::draft::{MODEL_MAX, OverrideDraft, OverrideIdentity};
use super::warnings;
use crate::billing::card::{CardParts, FurtherRate, PriceBand};
use crate::billing::rule_change::Step;
use crate::billing::table::{Column, Kind, PlannedRow, RuleRow, Scene};
use crate::field::FieldErrors;
use crate::schema::{MultiplierSchema, RateSchema};

/// Overrides to export or import.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OverrideTable, examples(json!({"items": [example()]})))]
pub(super) struct OverrideTable {
    /// One row an override.
    #[schema(max_items = 2000)]
    items: Vec<OverrideRow>,
}

/// An override as a row: what it is for and what it says. In CSV, `bands`, `rates` and `modifiers` are JSON in their
/// cells, and an empty cell is a field that is not there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(example))]
pub(super) struct OverrideRow {
    /// The model name it prices, matched exactly.
    #[schema(min_length = 1, max_length = 256)]
    model: String,
    /// The only upstream it is for, by id; global without id and name.
    #[serde(default)]
    upstream_id: Option<Uuid>,
    /// The same by name; either is enough.
    #[serde(default)]
    upstream_name: Option<String>,
    /// Input, USD per million tokens.
    #[serde(default)]
    #[schema(value_type = Option<RateSchema>)]
    input_usd_per_mtok: Option<String>,
    /// Output, USD per million tokens.
    #[serde(default)]
    #[schema(value_type = Option<RateSchema>)]
    output_usd_per_mtok: Option<String>,
    /// Cache reads, USD per million tokens; at the input rate if not given.
    #[serde(default)]
    #[schema(value_type = Option<RateSchema>)]
    cache_read_usd_per_mtok: Option<String>,
    /// Cache writes for 5 minutes, USD per million tokens; at the input rate if not given.
    #[serde(default)]
    #[schema(value_type = Option<RateSchema>)]
    cache_write_5m_usd_per_mtok: Option<String>,
    /// Cache writes for 1 hour, USD per million tokens; at the 5 minute rate if not given.
    #[serde(default)]
    #[schema(value_type = Option<RateSchema>)]
    cache_write_1h_usd_per_mtok: Option<String>,
    /// Rates for large requests.
    #[serde(default)]
    #[schema(max_items = 20)]
    bands: Vec<PriceBand>,
    /// Rates of other meters, tiers and sizes.
    #[serde(default)]
    #[schema(max_items = 200)]
    rates: Vec<FurtherRate>,
    /// Factors on the token rates that an answer or the upstream switches on, by name.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, MultiplierSchema>)]
    modifiers: BTreeMap<String, String>,
    /// Whether the upstream's multipliers apply; by default yes for a global override, no for one upstream's.
    #[serde(default)]
    apply_multipliers: Option<bool>,
    /// The reason.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 500)]
    note: Option<String>,
}

fn example() -> serde_json::Value {
    serde_json::json!({
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
        "note": "contract",
    })
}

impl RuleRow for OverrideRow {
    type Version = OverrideVersion;

    const PLURAL: &'static str = "overrides";

    const COLUMNS: &'static [Column] = &[
        ("model", Kind::Text),
        ("upstream_id", Kind::Text),
        ("upstream_name", Kind::Text),
        ("input_usd_per_mtok", Kind::Text),
        ("output_usd_per_mtok", Kind::Text),
        ("cache_read_usd_per_mtok", Kind::Text),
        ("cache_write_5m_usd_per_mtok", Kind::Text),
        ("cache_write_1h_usd_per_mtok", Kind::Text),
        ("bands", Kind::Json),
        ("rates", Kind::Json),
        ("modifiers", Kind::Json),
        ("apply_multipliers", Kind::Bool),
        ("note", Kind::Text),
    ];

    async fn in_force(store: &dyn Store) -> Result<Vec<OverrideVersion>, StoreError> {
        store.overrides().await
    }

    fn key(version: &OverrideVersion) -> (&ModelName, Option<UpstreamId>) {
        (&version.price.model, version.price.upstream_id)
    }

    fn of(version: OverrideVersion, upstream: Option<&Upstream>) -> Self {
        let price = version.price;
        let parts = CardParts::of(&price.card);
        Self {
            model: price.model.to_string(),
            upstream_id: price.upstream_id.map(UpstreamId::uuid),
            upstream_name: upstream.map(|upstream| upstream.name.clone()),
            input_usd_per_mtok: parts.input,
            output_usd_per_mtok: parts.output,
            cache_read_usd_per_mtok: parts.cache_read,
            cache_write_5m_usd_per_mtok: parts.cache_write_5m,
            cache_write_1h_usd_per_mtok: parts.cache_write_1h,
            bands: parts.bands,
            rates: parts.rates,
            modifiers: parts.modifiers,
            apply_multipliers: Some(price.apply_multipliers),
            note: price.note,
        }
    }

    fn name(&self) -> &str {
        &self.model
    }

    fn upstream(&self) -> (Option<Uuid>, Option<&str>) {
        (self.upstream_id, self.upstream_name.as_deref())
    }

    fn plan(
        self,
        upstream_id: Option<UpstreamId>,
        before: Option<&OverrideVersion>,
        scene: &Scene<'_>,
        errors: &mut FieldErrors,
    ) -> Option<PlannedRow> {
        errors.text("model", &self.model, MODEL_MAX);
        let of = OverrideIdentity {
            id: before.map_or(OverrideId::new(scene.new_id), |version| version.price.id),
            model: ModelName::new(self.model),
            upstream_id,
            author: scene.author.to_owned(),
        };
        let draft = OverrideDraft {
            parts: CardParts {
                input: self.input_usd_per_mtok,
                output: self.output_usd_per_mtok,
                cache_read: self.cache_read_usd_per_mtok,
                cache_write_5m: self.cache_write_5m_usd_per_mtok,
                cache_write_1h: self.cache_write_1h_usd_per_mtok,
                bands: self.bands,
                rates: self.rates,
                modifiers: self.modifiers,
            },
            apply_multipliers: self.apply_multipliers.unwrap_or(upstream_id.is_none()),
            note: self.note,
            effective_from: None,
            confirm: false,
        };
        let (price, effective_from) = draft.check(of, scene.now, errors)?;
        let same = before.is_some_and(|version| {
            let old = &version.price;
            (&old.card, old.apply_multipliers, &old.note)
                == (&price.card, price.apply_multipliers, &price.note)
        });
        let before = before.map_or(RuleBefore::Nothing, |version| {
            RuleBefore::Version(version.span.version)
        });
        Some(PlannedRow {
            id: price.id.uuid(),
            warnings: if same {
                Vec::new()
            } else {
                warnings::of(scene.book, &price)
            },
            step: (!same).then_some(Step::PutOverride {
                price,
                effective_from,
                before,
            }),
        })
    }
}
