//! One entry of the map as a rate card.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::value::RawValue;
use tollgate_domain::{
    CardRate, Meter, ModelLimits, ModelName, Multiplier, PriceWindow, ProviderName, RateCard, SearchUnit,
    UsdPerMillion,
};

use super::ParsedModel;
use super::fields::Fields;
use super::object::entries;
use super::{nested, off_peak, tables};
use crate::{CatalogError, FieldClass, Place};

/// xAI's long-context price begins **at** the threshold, everyone else's above it.
const INCLUSIVE_BANDS: &[&str] = &["xai"];

/// Kinds of models whose map entries state the price of what is generated as an input price.
const GENERATES_IMAGES: &[&str] = &["image_generation", "image_edit"];

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
            FieldClass::ProviderSpecific => nested::provider_specific(&mut row, value),
            FieldClass::SearchSizes => nested::search_sizes(&mut row, value),
            FieldClass::GuardrailUnits => nested::guardrail_units(&mut row, value),
            FieldClass::SearchUnit => nested::search_unit(&mut row, value),
            FieldClass::OffPeak => off_peak::read(&mut row, value, fields),
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
    let is =
        |value: &Option<String>, names: &[&str]| value.as_deref().is_some_and(|text| names.contains(&text));
    if is(&provider, INCLUSIVE_BANDS) {
        row.include_thresholds();
    }
    if is(&mode, GENERATES_IMAGES) {
        row.price_what_is_generated();
    }
    let (unknown_fields, unusable_fields) = (
        std::mem::take(&mut row.unknown),
        std::mem::take(&mut row.unusable),
    );
    Ok(ParsedModel {
        name,
        provider: provider.map(ProviderName::new),
        mode,
        limits,
        card: row.into_card().map(Arc::new),
        unknown_fields,
        unusable_fields,
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
    windows: Vec<PriceWindow>,
    search_unit: Option<SearchUnit>,
    free_units: BTreeMap<Meter, u64>,
    unknown: Vec<String>,
    unusable: Vec<String>,
}

impl Row {
    /// Puts a price, given as JSON text in USD per unit, in its place.
    pub(super) fn rate(&mut self, field: &str, place: Place, json: &str) {
        let mut rates = std::mem::take(&mut self.rates);
        self.rate_among(&mut rates, field, place, json);
        self.rates = rates;
    }

    /// The same, among rates of a card's window.
    pub(super) fn rate_among(&mut self, rates: &mut Vec<CardRate>, field: &str, place: Place, json: &str) {
        let Some(literal) = self.number(field, json) else {
            return;
        };
        let Ok(usd_per_million) = UsdPerMillion::from_usd_per_unit(literal) else {
            return push_once(&mut self.unusable, field);
        };
        let rate = CardRate {
            meter: place.meter,
            tier: place.tier,
            above_tokens: place.above_tokens,
            size: place.size,
            usd_per_million,
        };
        match rates.iter().find(|taken| same_place(taken, &rate)) {
            Some(first) if first.usd_per_million == usd_per_million => {}
            Some(_) => push_once(&mut self.unknown, field),
            None => rates.push(rate),
        }
    }

    /// Prices by the hour.
    pub(super) fn windows(&mut self, windows: Vec<PriceWindow>) {
        self.windows.extend(windows);
    }

    /// How grounded answers are charged.
    pub(super) const fn search_unit(&mut self, unit: SearchUnit) {
        self.search_unit = Some(unit);
    }

    /// Units of a meter that cost nothing in each request.
    pub(super) fn free_units(&mut self, meter: Meter, units: u64) {
        self.free_units.insert(meter, units);
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

    /// The literal of a JSON number, or of a text that holds nothing but one. Null and blank text say that there is
    /// no price; anything else is noted.
    fn number<'a>(&mut self, field: &str, json: &'a str) -> Option<&'a str> {
        let text = json.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        let literal = text.map_or(json, str::trim);
        let is_number = literal.starts_with(|first: char| first == '-' || first.is_ascii_digit());
        if !is_number && json != "null" && !literal.is_empty() {
            push_once(&mut self.unusable, field);
        }
        is_number.then_some(literal)
    }

    fn include_thresholds(&mut self) {
        let windows = self.windows.iter_mut().flat_map(|window| &mut window.rates);
        for rate in self.rates.iter_mut().chain(windows) {
            rate.above_tokens = rate.above_tokens.map(|above| above.saturating_sub(1));
        }
    }

    /// Image models are priced by what they make. The map states that price as one of the input where it has no other,
    /// and then often an output price per pixel of zero beside it, which is none.
    fn price_what_is_generated(&mut self) {
        let has = |rates: &[CardRate], meter| rates.iter().any(|rate| rate.meter == meter);
        let free = |rate: &CardRate| rate.usd_per_million == UsdPerMillion::ZERO;
        let rename = |rates: &mut [CardRate], from, to| {
            for rate in rates.iter_mut().filter(|rate| rate.meter == from) {
                rate.meter = to;
            }
        };
        if !has(&self.rates, Meter::ImagesOut) && !has(&self.rates, Meter::Input) {
            rename(&mut self.rates, Meter::ImagesIn, Meter::ImagesOut);
        }
        let no_pixel_price = self
            .rates
            .iter()
            .filter(|rate| rate.meter == Meter::PixelsOut)
            .all(free);
        if has(&self.rates, Meter::PixelsIn) && no_pixel_price {
            self.rates.retain(|rate| rate.meter != Meter::PixelsOut);
            rename(&mut self.rates, Meter::PixelsIn, Meter::PixelsOut);
        }
    }

    /// Places are unique by construction, so the only refusal is the empty card.
    fn into_card(self) -> Option<RateCard> {
        let card = RateCard::try_new(self.rates, self.modifiers).ok()?;
        let card = card
            .with_windows(self.windows)
            .ok()?
            .with_free_units(self.free_units);
        Some(match self.search_unit {
            Some(unit) => card.with_search_unit(unit),
            None => card,
        })
    }
}

fn same_place(a: &CardRate, b: &CardRate) -> bool {
    a.meter == b.meter && a.tier == b.tier && a.above_tokens == b.above_tokens && a.size == b.size
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
