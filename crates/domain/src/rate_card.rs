//! Rate cards: what a model costs.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};
use sha2::{Digest, Sha256};

use crate::{CardId, Meter, Multiplier, ServiceTier, UsdPerMillion};

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

/// All rates of a model: (meter, service tier, context band) to a rate, plus named price modifiers.
/// Immutable and content-addressed ([`CardId`]); equal cards have equal ids.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RateCard {
    rates: Vec<CardRate>,
    /// Multipliers a response or upstream property switches on: `fast`, `us`, `eu` …
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    modifiers: BTreeMap<String, Multiplier>,
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
        mut rates: Vec<CardRate>,
        modifiers: BTreeMap<String, Multiplier>,
    ) -> Result<Self, RateCardError> {
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
            Err(RateCardError::Empty)
        } else {
            Ok(Self { rates, modifiers })
        }
    }

    /// The rates, sorted by meter, tier, band, size.
    pub fn rates(&self) -> &[CardRate] {
        &self.rates
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

    /// Whether the card names this tier for any meter. The standard tier is always known.
    pub fn knows_tier(&self, tier: &ServiceTier) -> bool {
        *tier == ServiceTier::Standard || self.rates.iter().any(|rate| rate.tier == *tier)
    }

    /// The band a request falls into: the highest threshold strictly below `context_tokens`, over all
    /// meters and tiers of the card.
    pub fn band(&self, context_tokens: u64) -> Option<u64> {
        self.rates
            .iter()
            .filter_map(|rate| rate.above_tokens)
            .filter(|above| *above < context_tokens)
            .max()
    }

    /// Whether every rate is zero: the model is free.
    pub fn is_free(&self) -> bool {
        self.rates
            .iter()
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
        }
        let stored = Stored::deserialize(deserializer)?;
        Self::try_new(stored.rates, stored.modifiers).map_err(serde::de::Error::custom)
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
