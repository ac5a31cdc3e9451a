//! A card's rates, sorted into the fields of requests and answers.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tollgate_domain::{CardRate, Meter, RateCard, ServiceTier, UsdPerMillion};
use utoipa::ToSchema;

use super::bounds::{Notation, TOKENS};
use crate::schema::{MeterSchema, RateSchema, UnitRateSchema};

/// Rates of the standard tier for requests with more than so many input tokens. What a band does not name keeps its
/// flat rate.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"above_tokens": 200_000, "input_usd_per_mtok": "5", "output_usd_per_mtok": "22.5"})))]
pub(in crate::billing) struct PriceBand {
    /// The band applies when input tokens, cached or not, are strictly above this many.
    #[schema(minimum = 1, maximum = 100_000_000)]
    pub(in crate::billing) above_tokens: u64,
    /// Input, USD per million tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = RateSchema, required = false)]
    pub(in crate::billing) input_usd_per_mtok: Option<String>,
    /// Output, USD per million tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = RateSchema, required = false)]
    pub(in crate::billing) output_usd_per_mtok: Option<String>,
    /// Cache reads, USD per million tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = RateSchema, required = false)]
    pub(in crate::billing) cache_read_usd_per_mtok: Option<String>,
    /// Cache writes for 5 minutes, USD per million tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = RateSchema, required = false)]
    pub(in crate::billing) cache_write_5m_usd_per_mtok: Option<String>,
    /// Cache writes for 1 hour, USD per million tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = RateSchema, required = false)]
    pub(in crate::billing) cache_write_1h_usd_per_mtok: Option<String>,
}

/// Any other rate: of another meter, tier or size. Exactly one of the `usd_per_…` fields is there, the one of the
/// meter's unit.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(
    json!({"meter": "web_search", "usd_per_call": "0.01"}),
    json!({"meter": "output", "tier": "flex", "usd_per_mtok": "5"}),
))]
pub(in crate::billing) struct FurtherRate {
    /// What is counted.
    #[schema(value_type = MeterSchema)]
    pub(in crate::billing) meter: String,
    /// In which service tier; the standard one if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false, min_length = 1, max_length = 64)]
    pub(in crate::billing) tier: Option<String>,
    /// Above how many input tokens; always if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false, minimum = 1, maximum = 100_000_000)]
    pub(in crate::billing) above_tokens: Option<u64>,
    /// For which size of image or video (`1024x1024`, `720p` …); any if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false, min_length = 1, max_length = 64)]
    pub(in crate::billing) size: Option<String>,
    /// USD per million tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = RateSchema, required = false)]
    pub(in crate::billing) usd_per_mtok: Option<String>,
    /// USD per image.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = UnitRateSchema, required = false)]
    pub(in crate::billing) usd_per_image: Option<String>,
    /// USD per pixel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = UnitRateSchema, required = false)]
    pub(in crate::billing) usd_per_pixel: Option<String>,
    /// USD per second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = UnitRateSchema, required = false)]
    pub(in crate::billing) usd_per_second: Option<String>,
    /// USD per character.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = UnitRateSchema, required = false)]
    pub(in crate::billing) usd_per_character: Option<String>,
    /// USD per page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = UnitRateSchema, required = false)]
    pub(in crate::billing) usd_per_page: Option<String>,
    /// USD per search, tool call, query or request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = UnitRateSchema, required = false)]
    pub(in crate::billing) usd_per_call: Option<String>,
}

/// All rates of a card, each in its field.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(in crate::billing) struct CardParts {
    pub(in crate::billing) input: Option<String>,
    pub(in crate::billing) output: Option<String>,
    pub(in crate::billing) cache_read: Option<String>,
    pub(in crate::billing) cache_write_5m: Option<String>,
    pub(in crate::billing) cache_write_1h: Option<String>,
    pub(in crate::billing) bands: Vec<PriceBand>,
    pub(in crate::billing) rates: Vec<FurtherRate>,
    pub(in crate::billing) modifiers: BTreeMap<String, String>,
}

impl CardParts {
    /// Sorts a card's rates into fields.
    pub(in crate::billing) fn of(card: &RateCard) -> Self {
        let mut parts = Self::default();
        let mut bands: BTreeMap<u64, PriceBand> = BTreeMap::new();
        for rate in card.rates() {
            let named = rate.tier == ServiceTier::Standard && rate.size.is_none();
            let place = match rate.above_tokens {
                _ if !named => None,
                None => parts.flat(rate.meter),
                Some(above) => {
                    let band = bands.entry(above).or_insert_with(|| PriceBand::above(above));
                    band.rate(rate.meter)
                }
            };
            match place {
                Some(place) => *place = Some(TOKENS.write(rate.usd_per_million)),
                None => parts.rates.push(FurtherRate::of(rate)),
            }
        }
        let bands = bands.into_values();
        parts.bands = bands
            .filter(|band| *band != PriceBand::above(band.above_tokens))
            .collect();
        let modifiers = card.modifiers().iter();
        parts.modifiers = modifiers
            .map(|(name, factor)| (name.clone(), factor.to_string()))
            .collect();
        parts
    }

    fn flat(&mut self, meter: Meter) -> Option<&mut Option<String>> {
        Some(match meter {
            Meter::Input => &mut self.input,
            Meter::Output => &mut self.output,
            Meter::CacheRead => &mut self.cache_read,
            Meter::CacheWrite5m => &mut self.cache_write_5m,
            Meter::CacheWrite1h => &mut self.cache_write_1h,
            _ => return None,
        })
    }

    /// The flat rates, by the field's name.
    pub(super) fn named(&self) -> [(&'static str, Meter, Option<&String>); 5] {
        [
            ("input_usd_per_mtok", Meter::Input, self.input.as_ref()),
            ("output_usd_per_mtok", Meter::Output, self.output.as_ref()),
            (
                "cache_read_usd_per_mtok",
                Meter::CacheRead,
                self.cache_read.as_ref(),
            ),
            (
                "cache_write_5m_usd_per_mtok",
                Meter::CacheWrite5m,
                self.cache_write_5m.as_ref(),
            ),
            (
                "cache_write_1h_usd_per_mtok",
                Meter::CacheWrite1h,
                self.cache_write_1h.as_ref(),
            ),
        ]
    }
}

impl PriceBand {
    fn above(above_tokens: u64) -> Self {
        Self {
            above_tokens,
            ..Self::default()
        }
    }

    fn rate(&mut self, meter: Meter) -> Option<&mut Option<String>> {
        Some(match meter {
            Meter::Input => &mut self.input_usd_per_mtok,
            Meter::Output => &mut self.output_usd_per_mtok,
            Meter::CacheRead => &mut self.cache_read_usd_per_mtok,
            Meter::CacheWrite5m => &mut self.cache_write_5m_usd_per_mtok,
            Meter::CacheWrite1h => &mut self.cache_write_1h_usd_per_mtok,
            _ => return None,
        })
    }

    /// The rates it names.
    pub(super) fn named(&self) -> [(&'static str, Meter, Option<&String>); 5] {
        [
            (
                "input_usd_per_mtok",
                Meter::Input,
                self.input_usd_per_mtok.as_ref(),
            ),
            (
                "output_usd_per_mtok",
                Meter::Output,
                self.output_usd_per_mtok.as_ref(),
            ),
            (
                "cache_read_usd_per_mtok",
                Meter::CacheRead,
                self.cache_read_usd_per_mtok.as_ref(),
            ),
            (
                "cache_write_5m_usd_per_mtok",
                Meter::CacheWrite5m,
                self.cache_write_5m_usd_per_mtok.as_ref(),
            ),
            (
                "cache_write_1h_usd_per_mtok",
                Meter::CacheWrite1h,
                self.cache_write_1h_usd_per_mtok.as_ref(),
            ),
        ]
    }
}

impl FurtherRate {
    fn of(rate: &CardRate) -> Self {
        let mut further = Self {
            meter: rate.meter.as_str().to_owned(),
            tier: (rate.tier != ServiceTier::Standard).then(|| rate.tier.to_string()),
            above_tokens: rate.above_tokens,
            size: rate.size.as_deref().map(ToOwned::to_owned),
            ..Self::default()
        };
        further.set(rate.meter, rate.usd_per_million);
        further
    }

    fn set(&mut self, meter: Meter, rate: UsdPerMillion) {
        let Some(notation) = Notation::of(meter.unit()) else {
            return;
        };
        let price = Some(notation.write(rate));
        match notation.suffix {
            "usd_per_mtok" => self.usd_per_mtok = price,
            "usd_per_image" => self.usd_per_image = price,
            "usd_per_pixel" => self.usd_per_pixel = price,
            "usd_per_second" => self.usd_per_second = price,
            "usd_per_character" => self.usd_per_character = price,
            "usd_per_page" => self.usd_per_page = price,
            _ => self.usd_per_call = price,
        }
    }

    /// The prices it gives, by the field's name.
    pub(super) fn prices(&self) -> [(&'static str, Option<&String>); 7] {
        [
            ("usd_per_mtok", self.usd_per_mtok.as_ref()),
            ("usd_per_image", self.usd_per_image.as_ref()),
            ("usd_per_pixel", self.usd_per_pixel.as_ref()),
            ("usd_per_second", self.usd_per_second.as_ref()),
            ("usd_per_character", self.usd_per_character.as_ref()),
            ("usd_per_page", self.usd_per_page.as_ref()),
            ("usd_per_call", self.usd_per_call.as_ref()),
        ]
    }
}
