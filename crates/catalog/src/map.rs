//! LiteLLM's price map, read.

mod fields;
mod nested;
mod object;
mod off_peak;
mod row;
mod tables;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::value::RawValue;
use sha2::{Digest, Sha256};
use tollgate_domain::{
    ModelLimits, ModelMode, ModelName, NewRelease, PricedModel, ProviderName, RateCard, ReleaseCounts,
    ReleaseId, ReleaseOrigin,
};

use crate::CatalogError;

pub use fields::FieldUse;

pub(crate) use object::{entries, is_model};

/// A whole map, read. Nothing in it is lost without being counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParsedMap {
    /// The models, sorted by name, each name once. Those without any price have no card.
    pub models: Vec<ParsedModel>,
    /// What each field name meant and how many entries have it, sorted by name. Non-prices are left out.
    pub fields: Vec<FieldUse>,
    /// Names of fields that have no place on a card, with the number of models that carry them.
    pub unknown_fields: BTreeMap<String, u32>,
    /// Names of price fields whose value is no price (negative, out of range, text), likewise.
    pub unusable_fields: BTreeMap<String, u32>,
    /// Keys of the map that are no models.
    pub skipped: Vec<String>,
    /// SHA-256 of the map's text, hex.
    pub content_hash: String,
}

/// One entry of the map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParsedModel {
    /// The entry's key.
    pub name: ModelName,
    /// `litellm_provider`.
    pub provider: Option<ProviderName>,
    /// `mode`.
    pub mode: Option<ModelMode>,
    /// `max_input_tokens` and `max_output_tokens`.
    pub limits: ModelLimits,
    /// The prices; `None` where the entry carries none that has a place on a card.
    pub card: Option<Arc<RateCard>>,
    /// Fields kept aside: their prices have no place on a card yet.
    pub unknown_fields: Vec<String>,
    /// Price fields whose value is no price.
    pub unusable_fields: Vec<String>,
}

/// Reads LiteLLM's price map, or the bundled snapshot of it.
///
/// A field nobody understands is kept aside and counted, never an error, and the entry is priced by the rest.
///
/// # Errors
/// [`CatalogError::NotAMap`] when the text is no JSON object, [`CatalogError::NothingPriced`] when no entry
/// of it has a price.
///
/// # Source
/// `docs/adr/0007-litellm-as-single-source.md`.
///
/// ```
/// use tollgate_domain::{Meter, ServiceTier};
///
/// let map = tollgate_catalog::parse_map(
///     r#"{"gpt-4o": {"litellm_provider": "openai", "input_cost_per_token": 2.5e-06}}"#,
/// )?;
/// let card = map.models[0].card.as_ref().unwrap();
/// let rate = card.rate(Meter::Input, &ServiceTier::Standard, None).unwrap();
/// assert_eq!(rate.to_string(), "2.5"); // USD per million
/// # Ok::<(), tollgate_catalog::CatalogError>(())
/// ```
pub fn parse_map(json: &str) -> Result<ParsedMap, CatalogError> {
    let entries = entries(json)?;
    let total = entries.len();
    let mut fields = fields::Fields::default();
    let mut skipped = Vec::new();
    // A repeated key counts as JSON readers commonly have it: the last one stands.
    let mut models: BTreeMap<ModelName, &RawValue> = BTreeMap::new();
    for (key, value) in entries {
        if is_model(&key, value) {
            models.insert(ModelName::new(&*key), value);
        } else {
            skipped.push(key.into_owned());
        }
    }
    let models: Vec<ParsedModel> = models
        .into_iter()
        .map(|(name, value)| row::read(name, value, &mut fields))
        .collect::<Result<_, _>>()?;
    if models.iter().all(|model| model.card.is_none()) {
        return Err(CatalogError::NothingPriced { entries: total });
    }
    Ok(ParsedMap {
        fields: fields.into_uses(),
        unknown_fields: count(models.iter().flat_map(|model| &model.unknown_fields)),
        unusable_fields: count(models.iter().flat_map(|model| &model.unusable_fields)),
        models,
        skipped,
        content_hash: hex::encode(Sha256::digest(json)),
    })
}

impl ParsedMap {
    /// The priced models as a release against an empty catalog: everything counts as added.
    pub fn into_release(self, id: ReleaseId, origin: ReleaseOrigin, author: &str) -> NewRelease {
        let mut cards = BTreeMap::new();
        let models: Vec<PricedModel> = self
            .models
            .into_iter()
            .filter_map(|model| {
                let card = model.card?;
                let card_id = card.id();
                cards.entry(card_id).or_insert(card);
                Some(PricedModel {
                    name: model.name,
                    card_id,
                    provider: model.provider,
                    mode: model.mode,
                    stale: false,
                    limits: model.limits,
                })
            })
            .collect();
        let counts = ReleaseCounts {
            added: u32::try_from(models.len()).unwrap_or(u32::MAX),
            unknown_fields: u32::try_from(self.unknown_fields.len()).unwrap_or(u32::MAX),
            ..ReleaseCounts::default()
        };
        NewRelease {
            id,
            content_hash: self.content_hash,
            origin,
            author: author.to_owned(),
            models,
            cards: cards.into_values().collect(),
            counts,
            unknown_fields: self.unknown_fields.into_keys().collect(),
        }
    }
}

fn count<'a>(names: impl Iterator<Item = &'a String>) -> BTreeMap<String, u32> {
    names.fold(BTreeMap::new(), |mut counts, name| {
        *counts.entry(name.clone()).or_default() += 1;
        counts
    })
}
