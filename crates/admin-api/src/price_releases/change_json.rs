//! What a release changed, model by model, on the wire.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;
use tollgate_domain::ports::ModelChange;
use tollgate_domain::{
    CardDiff, HeldPrice, Meter, ModelName, ModifierChange, Multiplier, ProviderName, RateCard, RateChange,
    TermChange, Timestamp, Unit, UsdPerMillion,
};
use utoipa::ToSchema;

use crate::schema::{
    HoldReasonSchema, HoldStateSchema, MeterSchema, ModelChangeSchema, MultiplierSchema, RateSchema,
    TimestampSchema, UnitSchema,
};

/// What a release changed for one model, or would change.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PriceModelChange, examples(change_example))]
pub(super) struct ModelChangeResponse {
    /// The model.
    model: String,
    /// In one word.
    #[schema(value_type = ModelChangeSchema)]
    change: &'static str,
    /// Its provider, as the map names it.
    provider: Option<String>,
    /// What it is for, as the map names it.
    mode: Option<String>,
    /// Rates that differ.
    rates: Vec<RateChangeResponse>,
    /// Price modifiers that differ.
    modifiers: Vec<ModifierChangeResponse>,
    /// Whatever else the price depends on and differs: hours, free units …
    terms: Vec<TermChangeResponse>,
    /// Set where the price was not put in force by itself.
    held: Option<HeldPriceResponse>,
}

/// One rate that differs.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PriceRateChange, examples(rate_example))]
struct RateChangeResponse {
    /// What is counted.
    #[schema(value_type = MeterSchema)]
    meter: Meter,
    /// What one count is.
    #[schema(value_type = UnitSchema)]
    unit: Unit,
    /// What else the rate is for: `tier`, `above_tokens`, `size` … by name; empty for the plain rate.
    place: BTreeMap<String, Value>,
    /// As it was; null where the rate is new.
    #[schema(value_type = Option<RateSchema>)]
    old_usd_per_million: Option<UsdPerMillion>,
    /// As the map has it; null where the rate is gone.
    #[schema(value_type = Option<RateSchema>)]
    new_usd_per_million: Option<UsdPerMillion>,
    /// The change in words.
    text: String,
}

/// A price modifier that differs.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PriceModifierChange, examples(json!({
    "name": "fast", "old_multiplier": "2", "new_multiplier": "6", "text": "modifier fast: x2 -> x6",
})))]
struct ModifierChangeResponse {
    /// Its name.
    name: String,
    /// As it was; null where it is new.
    #[schema(value_type = Option<MultiplierSchema>)]
    old_multiplier: Option<Multiplier>,
    /// As the map has it; null where it is gone.
    #[schema(value_type = Option<MultiplierSchema>)]
    new_multiplier: Option<Multiplier>,
    /// The change in words.
    text: String,
}

/// Something else on the rate card that differs.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PriceTermChange, examples(json!({
    "name": "free_units", "text": "free units: none -> {\"web_search\":1000}",
})))]
struct TermChangeResponse {
    /// What it is called on the card.
    name: String,
    /// The change in words.
    text: String,
}

/// Why a price was held, and what became of it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = HeldPrice, examples(held_example))]
struct HeldPriceResponse {
    /// What the guard saw.
    #[schema(value_type = HoldReasonSchema)]
    reason: &'static str,
    /// Which rate, from what to what.
    detail: String,
    /// What became of it.
    #[schema(value_type = HoldStateSchema)]
    state: &'static str,
    /// When it was decided on.
    #[schema(value_type = Option<TimestampSchema>)]
    decided_at: Option<Timestamp>,
    /// Who decided.
    decided_by: Option<String>,
}

fn rate_example() -> Value {
    serde_json::json!({
        "meter": "input",
        "unit": "token",
        "place": {"tier": "flex"},
        "old_usd_per_million": "2.5",
        "new_usd_per_million": "10",
        "text": "input (tier flex): 2.5 -> 10 USD per million tokens (x4)",
    })
}

fn held_example() -> Value {
    serde_json::json!({
        "reason": "factor",
        "detail": "input (tier flex): 2.5 -> 10 USD per million tokens (x4)",
        "state": "held",
        "decided_at": null,
        "decided_by": null,
    })
}

pub(super) fn change_example() -> Value {
    serde_json::json!({
        "model": "acme/large-2",
        "change": "changed",
        "provider": "acme",
        "mode": "chat",
        "rates": [rate_example()],
        "modifiers": [],
        "terms": [],
        "held": held_example(),
    })
}

impl From<ModelChange> for ModelChangeResponse {
    fn from(change: ModelChange) -> Self {
        let diff = {
            let card =
                |side: &Option<(_, std::sync::Arc<RateCard>)>| side.as_ref().map(|(_, card)| card.clone());
            let (before, after) = (card(&change.before), card(&change.after));
            CardDiff::between(before.as_deref(), after.as_deref())
        };
        let word = match (&change.before, &change.after) {
            (None, _) => "added",
            (Some(_), None) => "let_go",
            (Some((before, _)), Some((after, _))) => match (before.stale, after.stale) {
                (false, true) => "removed",
                (true, false) => "returned",
                _ => "changed",
            },
        };
        let row = change.after.or(change.before).map(|(row, _)| row);
        let (provider, mode) = row.map(|row| (row.provider, row.mode)).unwrap_or_default();
        Self {
            model: change.model.as_str().to_owned(),
            change: word,
            provider: provider.map(|name: ProviderName| name.to_string()),
            mode,
            rates: diff.rates.iter().filter_map(RateChangeResponse::of).collect(),
            modifiers: diff.modifiers.into_iter().map(Into::into).collect(),
            terms: diff.terms.into_iter().map(Into::into).collect(),
            held: change.held.map(Into::into),
        }
    }
}

impl RateChangeResponse {
    /// `None` only for a change without any side, which there is not.
    fn of(change: &RateChange) -> Option<Self> {
        let place = change.place()?;
        let (old, new) = change.prices();
        let fields = serde_json::to_value(place).unwrap_or_default();
        let beside = fields.as_object().into_iter().flatten();
        Some(Self {
            meter: place.meter,
            unit: place.meter.unit(),
            place: beside
                .filter(|(name, _)| !matches!(name.as_str(), "meter" | "usd_per_million"))
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect(),
            old_usd_per_million: old,
            new_usd_per_million: new,
            text: change.to_string(),
        })
    }
}

impl From<ModifierChange> for ModifierChangeResponse {
    fn from(change: ModifierChange) -> Self {
        Self {
            text: change.to_string(),
            name: change.name,
            old_multiplier: change.before,
            new_multiplier: change.after,
        }
    }
}

impl From<TermChange> for TermChangeResponse {
    fn from(change: TermChange) -> Self {
        Self {
            text: change.to_string(),
            name: change.name,
        }
    }
}

impl From<HeldPrice> for HeldPriceResponse {
    fn from(held: HeldPrice) -> Self {
        Self {
            reason: held.hold.reason.as_str(),
            detail: held.hold.detail,
            state: held.state.as_str(),
            decided_at: held.decided_at,
            decided_by: held.decided_by,
        }
    }
}

/// The names of models, sorted.
pub(super) fn names(mut models: Vec<ModelName>) -> Vec<String> {
    models.sort();
    models.into_iter().map(|name| name.as_str().to_owned()).collect()
}
