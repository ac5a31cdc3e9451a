//! One entry of the map as a rate card.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::value::RawValue;
use tollgate_domain::{
    CardRate, ModelLimits, ModelName, Multiplier, ProviderName, RateCard, ServiceTier, UsdPerMillion,
};

use super::ParsedModel;
use super::fields::Fields;
use super::object::entries;
use super::tables;
use crate::{CatalogError, FieldClass, Place};

/// xAI's long-context price begins **at** the threshold, everyone else's above it.
const INCLUSIVE_BANDS: &[&str] = &["xai"];

/// Reads one entry.
///
/// # Errors
/// [`CatalogError::NotAMap`] never occurs: the text was read as JSON before.
pub(super) fn read(
    name: ModelName,
    value: &RawValue,
    fields: &mut Fields,
) -> Result<ParsedModel, CatalogError> {
    let mut row = Row::default();
    let (mut provider, mut mode, mut table) = (None, None, None);
    let mut limits = ModelLimits::default();
    for (field, value) in entries(value.get())? {
        match fields.class(&field) {
            FieldClass::Rate(place) => row.rate(&field, place, value.get()),
            FieldClass::Modifier(modifier) => row.modifier(&field, modifier, value.get()),
            FieldClass::ProviderSpecific => tables::provider_specific(&mut row, value),
            FieldClass::SearchSizes => tables::search_sizes(&mut row, value),
            FieldClass::Table => table = Some(value),
            FieldClass::Provider => provider = text(value),
            FieldClass::Mode => mode = text(value),
            FieldClass::NotAPrice => read_limit(&mut limits, &field, value),
            FieldClass::Ignored(_) => {}
            FieldClass::Unknown => row.unknown(&field),
        }
    }
    // After the flat fields, which stand where both price one place.
    if let Some(table) = table {
        tables::tiered_pricing(&mut row, table, fields);
    }
    if provider
        .as_deref()
        .is_some_and(|name| INCLUSIVE_BANDS.contains(&name))
    {
        row.include_thresholds();
    }
    Ok(ParsedModel {
        name,
        provider: provider.map(ProviderName::new),
        mode,
        limits,
        // Places are unique by construction, so the only refusal is the empty card.
        card: RateCard::try_new(row.rates, row.modifiers).ok().map(Arc::new),
        unknown_fields: row.unknown,
        unusable_fields: row.unusable,
    })
}

/// Keeps how much the model takes or gives; a limit that is no whole number is none.
fn read_limit(limits: &mut ModelLimits, field: &str, value: &RawValue) {
    let tokens = || value.get().trim_matches('"').parse().ok();
    match field {
        "max_input_tokens" => limits.max_input_tokens = tokens(),
        "max_output_tokens" => limits.max_output_tokens = tokens(),
        _ => {}
    }
}

/// A card in the making.
#[derive(Debug, Default)]
pub(super) struct Row {
    rates: Vec<CardRate>,
    modifiers: BTreeMap<String, Multiplier>,
    unknown: Vec<String>,
    unusable: Vec<String>,
}

impl Row {
    /// Puts a price, given as JSON text in USD per unit, in its place.
    pub(super) fn rate(&mut self, field: &str, place: Place, json: &str) {
        let Some(literal) = self.number(field, json) else {
            return;
        };
        let Ok(usd_per_million) = UsdPerMillion::from_usd_per_unit(literal) else {
            return push_once(&mut self.unusable, field);
        };
        let Place {
            meter,
            tier,
            above_tokens,
        } = place;
        let taken = self
            .rates
            .iter()
            .find(|rate| rate.meter == meter && rate.tier == tier && rate.above_tokens == above_tokens);
        match taken {
            Some(first) if first.usd_per_million == usd_per_million => {}
            Some(_) => push_once(&mut self.unknown, field),
            None => self.rates.push(CardRate {
                meter,
                tier,
                above_tokens,
                size: None,
                usd_per_million,
            }),
        }
    }

    /// Keeps a multiplier on the token rates. One of zero would make a dearer service free: unusable.
    pub(super) fn modifier(&mut self, field: &str, name: &str, json: &str) {
        let Some(literal) = self.number(field, json) else {
            return;
        };
        match literal.parse::<Multiplier>() {
            Ok(multiplier) if !multiplier.is_zero() => {
                self.modifiers.insert(name.to_owned(), multiplier);
            }
            _ => push_once(&mut self.unusable, field),
        }
    }

    /// Keeps a field aside.
    pub(super) fn unknown(&mut self, field: &str) {
        push_once(&mut self.unknown, field);
    }

    /// Notes that a price field holds no price.
    pub(super) fn unusable(&mut self, field: &str) {
        push_once(&mut self.unusable, field);
    }

    /// The literal of a JSON number. Null and blank text say that there is no price; anything else that is
    /// not a number is noted.
    fn number<'a>(&mut self, field: &str, json: &'a str) -> Option<&'a str> {
        let is_number = json.starts_with(|first: char| first == '-' || first.is_ascii_digit());
        let says_nothing = json == "null" || json.trim_matches('"').trim().is_empty();
        if !is_number && !says_nothing {
            push_once(&mut self.unusable, field);
        }
        is_number.then_some(json)
    }

    fn include_thresholds(&mut self) {
        for rate in &mut self.rates {
            rate.above_tokens = rate.above_tokens.map(|above| above.saturating_sub(1));
        }
    }
}

/// A flat place of the standard tier.
pub(super) const fn standard(meter: tollgate_domain::Meter) -> Place {
    Place {
        meter,
        tier: ServiceTier::Standard,
        above_tokens: None,
    }
}

fn text(value: &RawValue) -> Option<String> {
    serde_json::from_str(value.get())
        .ok()
        .filter(|text: &String| !text.is_empty())
}

fn push_once(names: &mut Vec<String>, name: &str) {
    if !names.iter().any(|known| known == name) {
        names.push(name.to_owned());
    }
}
