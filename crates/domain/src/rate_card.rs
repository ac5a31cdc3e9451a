//! Rate cards: what a model costs.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};
use sha2::{Digest, Sha256};

use crate::{CardId, Meter, Multiplier, PriceWindow, ServiceTier, Timestamp, UsdPerMillion};

/// One rate of a card: which meter, in which tier, from which context size on, for which size of media.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CardRate {
    /// What is counted.
    pub meter: Meter,
    /// In which service tier.
    #[serde(default, skip_serializing_if = "is_standard")]
    pub tier: ServiceTier,
    /// The band: applies when the request's context tokens are **strictly above** this many. `None` is the
    /// flat rate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub above_tokens: Option<u64>,
    /// For which size of image or video (`1K`, `1024`, `720p` …), as the card writes it. `None` is the plain rate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<Box<str>>,
    /// The price.
    pub usd_per_million: UsdPerMillion,
}

/// All rates of a model: (meter, service tier, context band, size) to a rate, plus named price modifiers and what else
/// its price depends on. Immutable and content-addressed ([`CardId`]); equal cards have equal ids.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RateCard {
    rates: Vec<CardRate>,
    /// Multipliers a response or upstream property switches on: `fast`, `us`, `eu` …
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    modifiers: BTreeMap<String, Multiplier>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    windows: Vec<PriceWindow>,
    #[serde(skip_serializing_if = "Option::is_none")]
    search_unit: Option<SearchUnit>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    free_units: BTreeMap<Meter, u64>,
    /// The thresholds of the rates, lowest first. Follows from them, and is asked for every request.
    #[serde(skip)]
    bands: Box<[u64]>,
}

/// How often an answer grounded on a search is charged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SearchUnit {
    /// Each search query.
    PerQuery,
    /// Once per prompt, however many searches it took.
    PerPrompt,
}

/// Why rates do not make a card.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RateCardError {
    /// A card without any rate prices nothing.
    #[error("a rate card needs at least one rate")]
    Empty,
    /// Two rates for the same meter, tier, band and size.
    #[error("two rates for {meter} in tier {tier} above {above_tokens:?} tokens for size {size:?}")]
    Duplicate {
        /// The meter.
        meter: Meter,
        /// The tier.
        tier: ServiceTier,
        /// The band.
        above_tokens: Option<u64>,
        /// The size.
        size: Option<Box<str>>,
    },
}

impl RateCard {
    /// Builds a card; the order of `rates` does not matter.
    ///
    /// # Errors
    /// [`RateCardError`] without rates, or with two for one place.
    pub fn try_new(
        rates: Vec<CardRate>,
        modifiers: BTreeMap<String, Multiplier>,
    ) -> Result<Self, RateCardError> {
        let rates = sorted(rates)?;
        let mut bands: Vec<u64> = rates.iter().filter_map(|rate| rate.above_tokens).collect();
        bands.sort_unstable();
        bands.dedup();
        Ok(Self {
            rates,
            bands: bands.into_boxed_slice(),
            modifiers,
            windows: Vec::new(),
            search_unit: None,
            free_units: BTreeMap::new(),
        })
    }

    /// The same card with prices by the hour; of two windows open at once the first one stands.
    ///
    /// # Errors
    /// [`RateCardError`] where a window is without any rate, or has two for one place.
    pub fn with_windows(mut self, mut windows: Vec<PriceWindow>) -> Result<Self, RateCardError> {
        for window in &mut windows {
            window.rates = sorted(std::mem::take(&mut window.rates))?;
        }
        self.windows = windows;
        Ok(self)
    }

    /// The same card with the way grounded answers are charged.
    #[must_use]
    pub const fn with_search_unit(mut self, unit: SearchUnit) -> Self {
        self.search_unit = Some(unit);
        self
    }

    /// The same card with units of some meters that cost nothing in each request.
    #[must_use]
    pub fn with_free_units(mut self, units: BTreeMap<Meter, u64>) -> Self {
        self.free_units = units;
        self
    }

    /// The rates, sorted by meter, tier, band, size.
    pub fn rates(&self) -> &[CardRate] {
        &self.rates
    }

    /// All rates of one meter, sorted by tier, band, size.
    pub fn rates_of(&self, meter: Meter) -> &[CardRate] {
        of_meter(&self.rates, meter)
    }

    /// Prices by the hour, the first open one standing.
    pub fn windows(&self) -> &[PriceWindow] {
        &self.windows
    }

    /// The window that is open at an instant.
    pub fn window(&self, at: Timestamp) -> Option<&PriceWindow> {
        self.windows.iter().find(|window| window.is_open(at))
    }

    /// How grounded answers are charged; `None` where the card does not say.
    pub const fn search_unit(&self) -> Option<SearchUnit> {
        self.search_unit
    }

    /// How many units of a meter cost nothing in each request.
    pub fn free_units(&self, meter: Meter) -> u64 {
        self.free_units.get(&meter).copied().unwrap_or(0)
    }

    /// The named modifiers.
    pub fn modifiers(&self) -> &BTreeMap<String, Multiplier> {
        &self.modifiers
    }

    /// The plain rate (for no size in particular) at exactly this place, without any fallback.
    pub fn rate(&self, meter: Meter, tier: &ServiceTier, above_tokens: Option<u64>) -> Option<UsdPerMillion> {
        let wanted = (meter, tier, above_tokens, None);
        let found = self.rates.binary_search_by(|rate| key(rate).cmp(&wanted)).ok()?;
        self.rates.get(found).map(|rate| rate.usd_per_million)
    }

    /// The plain rate of the standard tier, whatever the context: what [`CardRate::flat`] makes.
    pub fn flat_rate(&self, meter: Meter) -> Option<UsdPerMillion> {
        // It sorts before all others of its meter.
        let first = self.rates_of(meter).first()?;
        let flat =
            first.tier == ServiceTier::Standard && first.above_tokens.is_none() && first.size.is_none();
        flat.then_some(first.usd_per_million)
    }

    /// Whether the card names this tier for any meter. The standard tier is always known.
    pub fn knows_tier(&self, tier: &ServiceTier) -> bool {
        *tier == ServiceTier::Standard || self.every_rate().any(|rate| rate.tier == *tier)
    }

    fn every_rate(&self) -> impl Iterator<Item = &CardRate> {
        let windows = self.windows.iter().flat_map(|window| &window.rates);
        self.rates.iter().chain(windows)
    }

    /// The band a request falls into: the highest threshold strictly below `context_tokens`, over all
    /// meters and tiers of the card.
    pub fn band(&self, context_tokens: u64) -> Option<u64> {
        let crossed = self.bands.iter().rev();
        crossed.copied().find(|above| *above < context_tokens)
    }

    /// Whether every rate is zero: the model is free.
    pub fn is_free(&self) -> bool {
        self.every_rate()
            .all(|rate| rate.usd_per_million == UsdPerMillion::ZERO)
    }

    /// The content address: SHA-256 of the canonical JSON.
    pub fn id(&self) -> CardId {
        let canonical = serde_json::to_vec(self).unwrap_or_default();
        CardId::from_bytes(Sha256::digest(canonical).into())
    }
}

impl<'de> Deserialize<'de> for RateCard {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Stored {
            rates: Vec<CardRate>,
            #[serde(default)]
            modifiers: BTreeMap<String, Multiplier>,
            #[serde(default)]
            windows: Vec<PriceWindow>,
            search_unit: Option<SearchUnit>,
            #[serde(default)]
            free_units: BTreeMap<Meter, u64>,
        }
        let stored = Stored::deserialize(deserializer)?;
        let card = Self::try_new(stored.rates, stored.modifiers)
            .and_then(|card| card.with_windows(stored.windows))
            .map_err(serde::de::Error::custom)?;
        Ok(Self {
            search_unit: stored.search_unit,
            free_units: stored.free_units,
            ..card
        })
    }
}

impl PriceWindow {
    /// All rates of one meter, sorted by tier, band, size.
    pub fn rates_of(&self, meter: Meter) -> &[CardRate] {
        of_meter(&self.rates, meter)
    }
}

impl CardRate {
    /// A rate of the standard tier, whatever the context and size.
    pub const fn flat(meter: Meter, usd_per_million: UsdPerMillion) -> Self {
        Self {
            meter,
            tier: ServiceTier::Standard,
            above_tokens: None,
            size: None,
            usd_per_million,
        }
    }
}

/// Sorted by place, each place once.
fn sorted(mut rates: Vec<CardRate>) -> Result<Vec<CardRate>, RateCardError> {
    rates.sort_by(|a, b| key(a).cmp(&key(b)));
    let twice = rates.windows(2).find_map(|pair| match pair {
        [a, b] if key(a) == key(b) => Some(a),
        _ => None,
    });
    if let Some(rate) = twice {
        return Err(RateCardError::Duplicate {
            meter: rate.meter,
            tier: rate.tier.clone(),
            above_tokens: rate.above_tokens,
            size: rate.size.clone(),
        });
    }
    if rates.is_empty() {
        return Err(RateCardError::Empty);
    }
    Ok(rates)
}

/// The rates of one meter among sorted ones.
fn of_meter(rates: &[CardRate], meter: Meter) -> &[CardRate] {
    let start = rates.partition_point(|rate| rate.meter < meter);
    let rest = rates.get(start..).unwrap_or_default();
    // A handful at most: walked faster than halved.
    let end = rest.iter().take_while(|rate| rate.meter == meter).count();
    rest.get(..end).unwrap_or_default()
}

fn key(rate: &CardRate) -> (Meter, &ServiceTier, Option<u64>, Option<&str>) {
    (rate.meter, &rate.tier, rate.above_tokens, rate.size.as_deref())
}

fn is_standard(tier: &ServiceTier) -> bool {
    *tier == ServiceTier::Standard
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(meter: Meter, above_tokens: Option<u64>, usd: &str) -> CardRate {
        CardRate {
            above_tokens,
            ..CardRate::flat(meter, usd.parse().unwrap())
        }
    }

    #[test]
    fn equal_rates_in_any_order_have_one_id() {
        let (a, b) = (rate(Meter::Input, None, "2.5"), rate(Meter::Output, None, "10.0"));
        let one = RateCard::try_new(vec![a.clone(), b.clone()], BTreeMap::new()).unwrap();
        let other = RateCard::try_new(vec![b, a], BTreeMap::new()).unwrap();
        assert_eq!(one.id(), other.id());
        let json = serde_json::to_string(&one).unwrap();
        assert_eq!(serde_json::from_str::<RateCard>(&json).unwrap().id(), one.id());
    }

    #[test]
    fn the_band_is_the_highest_threshold_strictly_below() {
        let rates = vec![
            rate(Meter::Input, None, "1"),
            rate(Meter::Input, Some(128_000), "2"),
            rate(Meter::Output, Some(200_000), "3"),
        ];
        let card = RateCard::try_new(rates, BTreeMap::new()).unwrap();
        assert_eq!(card.band(128_000), None);
        assert_eq!(card.band(128_001), Some(128_000));
        assert_eq!(card.band(200_001), Some(200_000));
    }

    #[test]
    fn what_a_card_depends_on_is_part_of_its_id_and_reads_back() {
        let plain = RateCard::try_new(vec![rate(Meter::Input, None, "1")], BTreeMap::new()).unwrap();
        let stored = r#"{"rates":[{"meter":"input","usd_per_million":"1"}]}"#;
        assert_eq!(serde_json::to_string(&plain).unwrap(), stored);
        let window = PriceWindow {
            hours_utc: vec!["00:00-08:00".parse().unwrap()],
            weekdays: vec![6],
            weekday_zone: crate::FixedZone::UTC,
            rates: vec![rate(Meter::Input, None, "0.5")],
        };
        let full = plain.clone().with_windows(vec![window]).unwrap();
        let full = full
            .with_search_unit(SearchUnit::PerQuery)
            .with_free_units([(Meter::ImagesIn, 5)].into());
        assert_ne!(full.id(), plain.id());
        let json = serde_json::to_string(&full).unwrap();
        assert_eq!(serde_json::from_str::<RateCard>(&json).unwrap(), full);
    }

    #[test]
    fn two_rates_for_one_place_are_refused() {
        let rates = vec![rate(Meter::Input, None, "1"), rate(Meter::Input, None, "2")];
        let error = RateCard::try_new(rates, BTreeMap::new()).unwrap_err();
        assert!(matches!(
            error,
            RateCardError::Duplicate {
                meter: Meter::Input,
                ..
            }
        ));
        assert_eq!(
            RateCard::try_new(Vec::new(), BTreeMap::new()),
            Err(RateCardError::Empty)
        );
    }
}
