//! The provider's own price list: integers only, no code shared with the gateway.

use std::collections::BTreeMap;

use crate::counts::{Counts, Meter};
use crate::invoice::Component;

mod builtin;

/// Units of 1e-24 USD (count x rate x multiplier) in one pico-USD.
const UNITS_PER_PICO: i128 = 1_000_000_000_000;
/// A multiplier of 1.
const MULTIPLIER_ONE: u32 = 1_000_000;

/// What one model costs in one tier and context band.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceRow {
    /// `standard`, `priority` or `flex`.
    pub tier: String,
    /// The band applies when the context is above this many tokens; 0 is the flat price.
    pub above: u64,
    /// Pico-USD (1e-12 USD) per million units of each meter.
    pub rates: BTreeMap<Meter, i128>,
}

/// Prices by model name as sent on the wire, and the discount or markup of this account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceList {
    models: BTreeMap<String, Vec<PriceRow>>,
    input_multiplier_micros: u32,
    output_multiplier_micros: u32,
}

impl Default for PriceList {
    fn default() -> Self {
        Self::builtin()
    }
}

impl PriceList {
    /// A list without models.
    pub fn empty() -> Self {
        Self {
            models: BTreeMap::new(),
            input_multiplier_micros: MULTIPLIER_ONE,
            output_multiplier_micros: MULTIPLIER_ONE,
        }
    }

    /// A handful of real models at their real prices.
    pub fn builtin() -> Self {
        builtin::rows()
            .into_iter()
            .fold(Self::empty(), |list, (model, row)| list.with_row(model, row))
    }

    /// The same with one more row.
    #[must_use]
    pub fn with_row(mut self, model: &str, row: PriceRow) -> Self {
        let rows = self.models.entry(model.to_owned()).or_default();
        rows.retain(|old| (&old.tier, old.above) != (&row.tier, row.above));
        rows.push(row);
        self
    }

    /// The same with a flat standard price, in pico-USD per million units.
    #[must_use]
    pub fn with_flat(self, model: &str, rates: &[(Meter, i128)]) -> Self {
        let row = PriceRow {
            tier: "standard".to_owned(),
            above: 0,
            rates: rates.iter().copied().collect(),
        };
        self.with_row(model, row)
    }

    /// The same without a model.
    #[must_use]
    pub fn without(mut self, model: &str) -> Self {
        self.models.remove(model);
        self
    }

    /// The same with the account's multipliers, in millionths (`500_000` is one half).
    #[must_use]
    pub fn with_multipliers(mut self, input_micros: u32, output_micros: u32) -> Self {
        self.input_multiplier_micros = input_micros;
        self.output_multiplier_micros = output_micros;
        self
    }

    /// The names of all models, sorted.
    pub fn models(&self) -> impl Iterator<Item = &str> {
        self.models.keys().map(String::as_str)
    }

    /// The name a request is billed under: media models have a row of their own for each quality and size, named
    /// `low/1024-x-1024/model`.
    pub(crate) fn name_of(&self, model: &str, quality: Option<&str>, size: Option<&str>) -> String {
        let size = size.map(|size| size.replace('x', "-x-"));
        let formed = match (quality, size) {
            (Some(quality), Some(size)) => format!("{quality}/{size}/{model}"),
            (None, Some(size)) => format!("{size}/{model}"),
            _ => model.to_owned(),
        };
        if self.models.contains_key(&formed) {
            formed
        } else {
            model.to_owned()
        }
    }

    /// What a request costs, one component per meter, each rounded once; `None` when this list has no
    /// price for the model, the tier or one of the meters.
    pub fn bill(&self, model: &str, tier: &str, counts: &Counts) -> Option<Vec<Component>> {
        let rows = self.models.get(model)?;
        if !rows.iter().any(|row| row.tier == tier) {
            return None;
        }
        let context = counts.context();
        counts
            .iter()
            .map(|(meter, count)| {
                let rate = rate(rows, tier, context, meter)?;
                let multiplier = if meter.is_input_side() {
                    self.input_multiplier_micros
                } else {
                    self.output_multiplier_micros
                };
                let amount_pico_usd = component_amount(count, rate, multiplier)?;
                Some(Component {
                    meter,
                    count,
                    rate_pico_usd_per_million: rate,
                    amount_pico_usd,
                })
            })
            .collect()
    }
}

/// `count` units at `rate` (pico-USD per million) times a multiplier in millionths, rounded half-even to
/// one pico-USD. `None` on overflow.
pub fn component_amount(count: u64, rate: i128, multiplier_micros: u32) -> Option<i128> {
    let units = i128::from(count)
        .checked_mul(rate)?
        .checked_mul(i128::from(multiplier_micros))?;
    let below = units.div_euclid(UNITS_PER_PICO);
    let rest = units.rem_euclid(UNITS_PER_PICO);
    let half = UNITS_PER_PICO / 2;
    let up = rest > half || (rest == half && below.rem_euclid(2) == 1);
    below.checked_add(i128::from(up))
}

/// The rate of the highest crossed band that names the meter, else that of the meter it stands in for.
fn rate(rows: &[PriceRow], tier: &str, context: u64, meter: Meter) -> Option<i128> {
    let mut wanted = Some(meter);
    while let Some(meter) = wanted {
        let best = rows
            .iter()
            .filter(|row| row.tier == tier && (row.above == 0 || context > row.above))
            .filter_map(|row| row.rates.get(&meter).map(|rate| (row.above, *rate)))
            .max_by_key(|(above, _)| *above);
        if let Some((_, rate)) = best {
            return Some(rate);
        }
        wanted = stands_in_for(meter);
    }
    None
}

const fn stands_in_for(meter: Meter) -> Option<Meter> {
    match meter {
        Meter::CacheWrite1h => Some(Meter::CacheWrite5m),
        Meter::AudioCacheRead => Some(Meter::CacheRead),
        Meter::CacheRead
        | Meter::CacheWrite5m
        | Meter::AudioInput
        | Meter::ImageInput
        | Meter::VideoInput => Some(Meter::Input),
        Meter::Reasoning | Meter::AudioOutput | Meter::ImageOutput => Some(Meter::Output),
        Meter::Input
        | Meter::Output
        | Meter::WebSearch
        | Meter::ImagesOut
        | Meter::SecondsIn
        | Meter::CharactersIn
        | Meter::Queries => None,
    }
}

#[cfg(test)]
mod tests;
