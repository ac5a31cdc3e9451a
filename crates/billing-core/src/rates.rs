//! The rate of a meter: its own place on the card, or the documented next best, recorded.

use tollgate_catalog::Resolved;
use tollgate_domain::{
    Fallback::{
        self, CacheAsInput, CacheWrite1hAs5m, ExplicitCacheAsCache, FlatRate, ModalityAsText,
        OutputAsReasoning, ReasoningAsOutput, SearchSizeAsMedium, StandardTier,
    },
    Meter, RateCard, ServiceTier, Usage, UsdPerMillion,
};

/// Providers whose thinking answers cost the reasoning rate in full, the visible part included.
///
/// # Source
/// Alibaba Cloud Model Studio's price pages: one output price for thinking mode ("chain of thought and
/// response"), one for non-thinking mode.
const THINKING_PRICES_ALL_OUTPUT: &[&str] = &["dashscope", "qwencloud", "qwen_ai_platform"];

/// The rates of a card that one request sees: one tier, one band.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rates<'a> {
    card: &'a RateCard,
    tier: &'a ServiceTier,
    band: Option<u64>,
    thinking: bool,
}

/// A rate and how it was come by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rate {
    pub(crate) usd_per_million: UsdPerMillion,
    /// Why another meter's rate stands in.
    reason: &'static [Fallback],
    /// Why it is from another place on the card.
    place: &'static [Fallback],
}

/// Another meter's rate that may stand in.
type Substitute = (Meter, &'static [Fallback]);

impl<'a> Rates<'a> {
    pub(crate) fn new(resolved: &Resolved<'a>, tier: &'a ServiceTier, usage: &Usage) -> Self {
        let provider = resolved.provider.map_or("", |provider| provider.as_str());
        Self {
            card: resolved.card,
            tier,
            band: resolved.band_above_tokens,
            thinking: THINKING_PRICES_ALL_OUTPUT.contains(&provider) && usage.get(Meter::Reasoning).get() > 0,
        }
    }

    /// The meter's rate: its own where the card has one in any place, else the first substitute's. An explicit
    /// rate of 0 is a rate. `None` where nothing may stand in.
    pub(crate) fn rate(&self, meter: Meter) -> Option<Rate> {
        let as_reasoning = (self.thinking && meter == Meter::Output)
            .then_some((Meter::Reasoning, [OutputAsReasoning].as_slice()));
        as_reasoning
            .into_iter()
            .chain([(meter, [].as_slice())])
            .chain(substitutes(meter).iter().copied())
            .find_map(|(meter, reason)| self.in_place(meter, reason))
    }

    /// A meter's rate in the first place that has one: this tier and band, the standard tier in this band, this
    /// tier without a band, the standard tier without a band.
    fn in_place(&self, meter: Meter, reason: &'static [Fallback]) -> Option<Rate> {
        const STANDARD: &ServiceTier = &ServiceTier::Standard;
        let places: [(&ServiceTier, Option<u64>, &'static [Fallback]); 4] = [
            (self.tier, self.band, &[]),
            (STANDARD, self.band, &[StandardTier]),
            (self.tier, None, &[FlatRate]),
            (STANDARD, None, &[StandardTier, FlatRate]),
        ];
        places.into_iter().find_map(|(tier, band, place)| {
            Some(Rate {
                usd_per_million: self.card.rate(meter, tier, band)?,
                reason,
                place,
            })
        })
    }
}

impl Rate {
    /// Every fallback that led to it, in order.
    pub(crate) fn fallbacks(&self) -> Vec<Fallback> {
        [self.reason, self.place].concat()
    }
}

/// What may stand in for a meter the card does not name, best first.
const fn substitutes(meter: Meter) -> &'static [Substitute] {
    match meter {
        Meter::CacheRead | Meter::CacheWrite5m => &[(Meter::Input, &[CacheAsInput])],
        Meter::ExplicitCacheRead => &[
            (Meter::CacheRead, &[ExplicitCacheAsCache]),
            (Meter::Input, &[ExplicitCacheAsCache, CacheAsInput]),
        ],
        Meter::CacheWrite1h => &[
            (Meter::CacheWrite5m, &[CacheWrite1hAs5m]),
            (Meter::Input, &[CacheWrite1hAs5m, CacheAsInput]),
        ],
        Meter::AudioInput | Meter::ImageInput | Meter::VideoInput => &[(Meter::Input, &[ModalityAsText])],
        Meter::AudioCacheRead => &[
            (Meter::CacheRead, &[ModalityAsText]),
            (Meter::AudioInput, &[CacheAsInput]),
            (Meter::Input, &[ModalityAsText, CacheAsInput]),
        ],
        Meter::AudioCacheWrite => &[
            (Meter::CacheWrite5m, &[ModalityAsText]),
            (Meter::AudioInput, &[CacheAsInput]),
            (Meter::Input, &[ModalityAsText, CacheAsInput]),
        ],
        Meter::ImageCacheRead => &[
            (Meter::CacheRead, &[ModalityAsText]),
            (Meter::ImageInput, &[CacheAsInput]),
            (Meter::Input, &[ModalityAsText, CacheAsInput]),
        ],
        Meter::Reasoning => &[(Meter::Output, &[ReasoningAsOutput])],
        Meter::AudioOutput | Meter::ImageOutput | Meter::VideoOutput => &[(Meter::Output, &[ModalityAsText])],
        Meter::WebSearchLow | Meter::WebSearchHigh => &[(Meter::WebSearch, &[SearchSizeAsMedium])],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_substitute_is_of_the_same_side_and_unit() {
        for meter in Meter::ALL {
            for (substitute, reason) in substitutes(*meter) {
                assert_eq!(meter.side(), substitute.side(), "{meter}");
                assert_eq!(meter.unit(), substitute.unit(), "{meter}");
                assert!(!reason.is_empty(), "{meter}: a fallback must be recorded");
                assert_ne!(meter, substitute);
            }
        }
    }
}
