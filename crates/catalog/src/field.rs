//! The grammar of LiteLLM's field names: `<meter>_cost_per_<unit>[_<size>][_above_<N>k_tokens][_<tier>]`.

mod lists;
mod stems;

use tollgate_domain::{Meter, ServiceTier, Unit};

pub use stems::{STEMS, Stem};

/// Where on a rate card a flat price field belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// What is counted.
    pub meter: Meter,
    /// In which service tier.
    pub tier: ServiceTier,
    /// Above how many context tokens; `None` is the flat rate.
    pub above_tokens: Option<u64>,
    /// For which size of image or video; `None` is the plain rate.
    pub size: Option<Box<str>>,
}

/// What a field of a map entry is to us.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum FieldClass {
    /// A price per unit with a place on the card.
    Rate(Place),
    /// A multiplier on the token rates, under this modifier name.
    Modifier(&'static str),
    /// `provider_specific_entry`: named multipliers among other things.
    ProviderSpecific,
    /// `search_context_cost_per_query`: a price per search, by context size.
    SearchSizes,
    /// `tiered_pricing`: a table of price sets by context size, or by the number of results.
    Table,
    /// `off_peak_pricing`: prices by the hour.
    OffPeak,
    /// `web_search_billing_unit`: how grounded answers are charged.
    SearchUnit,
    /// `guardrail_cost_per_unit`: a price for each policy's units.
    GuardrailUnits,
    /// `litellm_provider`.
    Provider,
    /// `mode`.
    Mode,
    /// A number that looks like a price and is none of ours, with the reason.
    Ignored(&'static str),
    /// A capability, a limit, prose.
    NotAPrice,
    /// Nothing above: kept aside, counted, listed.
    Unknown,
}

impl FieldClass {
    /// Reads a field name.
    pub(crate) fn of(field: &str) -> Self {
        match field {
            "litellm_provider" => Self::Provider,
            "mode" => Self::Mode,
            "search_context_cost_per_query" => Self::SearchSizes,
            "tiered_pricing" => Self::Table,
            "provider_specific_entry" => Self::ProviderSpecific,
            "off_peak_pricing" => Self::OffPeak,
            "web_search_billing_unit" => Self::SearchUnit,
            "guardrail_cost_per_unit" => Self::GuardrailUnits,
            _ => lists::modifier(field)
                .map(Self::Modifier)
                .or_else(|| lists::ignored(field).map(Self::Ignored))
                .or_else(|| Place::of(field).map(Self::Rate))
                .unwrap_or_else(|| {
                    if lists::is_not_a_price(field) {
                        Self::NotAPrice
                    } else {
                        Self::Unknown
                    }
                }),
        }
    }
}

impl Place {
    /// The place a field name spells out, if it follows the grammar.
    pub(crate) fn of(field: &str) -> Option<Self> {
        let (stem, suffixes) = STEMS
            .iter()
            .filter_map(|stem| Some((stem, field.strip_prefix(stem.field)?)))
            .filter(|(_, suffixes)| suffixes.is_empty() || suffixes.starts_with('_'))
            .min_by_key(|(_, suffixes)| suffixes.len())?;
        Self::flat(stem.meter).with_suffixes(suffixes)
    }

    /// The plain place of a meter in the standard tier.
    pub(crate) const fn flat(meter: Meter) -> Self {
        Self {
            meter,
            tier: ServiceTier::Standard,
            above_tokens: None,
            size: None,
        }
    }

    fn with_suffixes(mut self, suffixes: &str) -> Option<Self> {
        let mut rest = suffixes;
        while let Some(suffix) = rest.strip_prefix('_') {
            rest = if let Some(after) = suffix.strip_prefix("above_1hr") {
                self.meter = (self.meter == Meter::CacheWrite5m).then_some(Meter::CacheWrite1h)?;
                after
            } else if let Some(band) = suffix.strip_prefix("above_") {
                let (thousands, after) = band.split_once("k_tokens")?;
                let above = thousands.parse::<u64>().ok()?.checked_mul(1_000)?;
                if self.above_tokens.replace(above).is_some() {
                    return None;
                }
                after
            } else {
                let (word, after) = suffix.split_at(suffix.find('_').unwrap_or(suffix.len()));
                self.with_word(word)?;
                after
            };
        }
        rest.is_empty().then_some(self)
    }

    /// A size or a tier, each at most once.
    fn with_word(&mut self, word: &str) -> Option<()> {
        if is_size(word) && matches!(self.meter.unit(), Unit::Image | Unit::Second) {
            return self.size.replace(word.into()).is_none().then_some(());
        }
        let tier = tier(word, self.meter)?;
        (std::mem::replace(&mut self.tier, tier) == ServiceTier::Standard).then_some(())
    }
}

/// `720p`, `4k`, `0.5K`, `1024`.
fn is_size(word: &str) -> bool {
    let number = word.strip_suffix(['p', 'k', 'K']).unwrap_or(word);
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits(whole) && digits(fraction)
}

/// Any single word after a token price is a tier, so that a new one is priced the day it appears. After
/// other units words are often sizes (`_hd`), so only tiers already seen count there.
fn tier(word: &str, meter: Meter) -> Option<ServiceTier> {
    let is_word = !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase());
    let known = meter.unit() == Unit::Token || lists::TIERS.contains(&word);
    (is_word && known)
        .then(|| ServiceTier::from_name(word))
        .filter(|tier| *tier != ServiceTier::Standard)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(field: &str) -> Option<(Meter, String, Option<u64>)> {
        Place::of(field).map(|place| (place.meter, place.tier.to_string(), place.above_tokens))
    }

    #[test]
    fn band_and_tier_are_read_in_either_order() {
        let expected = Some((Meter::Input, "priority".to_owned(), Some(272_000)));
        assert_eq!(place("input_cost_per_token_above_272k_tokens_priority"), expected);
        assert_eq!(place("input_cost_per_token_priority_above_272k_tokens"), expected);
    }

    #[test]
    fn one_hour_writes_combine_with_band_and_tier() {
        let field = "cache_creation_input_token_cost_above_1hr_above_200k_tokens";
        let expected = (Meter::CacheWrite1h, "standard".to_owned(), Some(200_000));
        assert_eq!(place(field), Some(expected));
        let field = "cache_creation_input_token_cost_batches_above_1hr";
        let expected = (Meter::CacheWrite1h, "batch".to_owned(), None);
        assert_eq!(place(field), Some(expected));
        assert_eq!(place("input_cost_per_token_above_1hr"), None);
    }

    #[test]
    fn the_longest_stem_wins() {
        let image = |field| place(field).map(|place| place.0);
        assert_eq!(image("input_cost_per_image"), Some(Meter::ImagesIn));
        assert_eq!(
            image("input_cost_per_image_token_batches"),
            Some(Meter::ImageInput)
        );
    }

    #[test]
    fn a_new_word_is_a_tier_on_tokens_and_unknown_on_other_units() {
        let balanced = (Meter::Output, "balanced".to_owned(), None);
        assert_eq!(place("output_cost_per_token_balanced"), Some(balanced));
        assert_eq!(place("output_cost_per_image_hd"), None);
        let batch = (Meter::Pages, "batch".to_owned(), None);
        assert_eq!(place("ocr_cost_per_page_batches"), Some(batch));
    }

    #[test]
    fn sizes_are_read_of_images_and_seconds() {
        let size = |field| Place::of(field).and_then(|place| place.size.map(|size| (place.meter, size)));
        assert_eq!(
            size("output_cost_per_second_720p"),
            Some((Meter::SecondsOut, "720p".into()))
        );
        assert_eq!(
            size("output_cost_per_image_0.5K"),
            Some((Meter::ImagesOut, "0.5K".into()))
        );
        assert_eq!(
            size("output_cost_per_image_1024"),
            Some((Meter::ImagesOut, "1024".into()))
        );
        let batch = Place::of("output_cost_per_image_4K_batches").unwrap();
        assert_eq!((batch.tier, batch.size), (ServiceTier::Batch, Some("4K".into())));
    }

    #[test]
    fn what_does_not_follow_the_grammar_has_no_place() {
        for field in [
            "output_cost_per_second_720p_480p",
            "input_cost_per_token_720p",
            "output_cost_per_image_.5K",
            "input_cost_per_video_per_second_above_8s_interval",
            "input_cost_per_token_above_k_tokens",
            "input_cost_per_token_above_1k_tokens_above_2k_tokens",
            "input_cost_per_token_flex_priority",
            "input_cost_per_tokens",
            "input_cost_per_token_",
            "input_cost_per_token_default",
        ] {
            assert_eq!(place(field), None, "{field}");
        }
    }

    #[test]
    fn names_that_speak_of_money_are_never_dropped_in_silence() {
        assert_eq!(FieldClass::of("supports_vision"), FieldClass::NotAPrice);
        assert_eq!(FieldClass::of("max_cost_per_request"), FieldClass::Unknown);
        assert_eq!(FieldClass::of("off_peak_multiplier"), FieldClass::Unknown);
        assert!(matches!(
            FieldClass::of("input_dbu_cost_per_token"),
            FieldClass::Ignored(_)
        ));
    }
}
