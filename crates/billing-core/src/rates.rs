//! The rate of a meter: its own place on the card, or the documented next best, recorded.

mod substitutes;

use tollgate_catalog::{PricingContext, Resolved};
use tollgate_domain::{
    CardRate, Fallback, MediaFormat, Meter, PriceWindow, RateCard, ServiceTier, Unit, Usage, UsdPerMillion,
};

use crate::fallbacks::Fallbacks;
use substitutes::substitutes;

/// Providers whose thinking answers cost the reasoning rate in full, the visible part included.
///
/// # Source
/// Alibaba Cloud Model Studio's price pages: one output price for thinking mode ("chain of thought and
/// response"), one for non-thinking mode.
const THINKING_PRICES_ALL_OUTPUT: &[&str] = &["dashscope", "qwencloud", "qwen_ai_platform"];

/// Providers that charge half the input price for a cached token unless a model's page says otherwise.
///
/// # Source
/// Fireworks' documentation, serverless pricing: cached input tokens.
const CACHED_AT_HALF: &[&str] = &["fireworks_ai"];

/// Providers whose batches cost half of the standard tier, cache writes and long contexts included, but for cache reads.
///
/// # Source
/// Anthropic's documentation, batch processing: 50 % of the standard price on all usage, stacking with cache writes; its
/// models are sold so by Google and Amazon. Gemini API and Vertex AI pricing: the batch column is half of the standard one,
/// above 200k tokens too, context caching as outside of a batch. Azure OpenAI pricing, Batch API: 50 % less. OpenAI pricing,
/// batch: cached input has no batch price.
const BATCH_AT_HALF: &[&str] = &[
    "anthropic",
    "azure",
    "bedrock",
    "bedrock_converse",
    "bedrock_mantle",
    "gemini",
    "vertex_ai",
    "vertex_ai-anthropic_models",
    "vertex_ai-language-models",
];

/// The rates of a card that one request sees: one tier, one context size, one hour, one media format.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rates<'a> {
    card: &'a RateCard,
    window: Option<&'a PriceWindow>,
    tier: &'a ServiceTier,
    context_tokens: u64,
    /// The highest band of the card that the request is above.
    band: Option<u64>,
    format: Option<&'a MediaFormat>,
    thinking: bool,
    cached_at_half: bool,
    batch_at_half: bool,
}

/// A rate and how it was come by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rate<'a> {
    pub(crate) usd_per_million: UsdPerMillion,
    /// Whose rate it is; another meter's where one stands in.
    pub(crate) meter: Meter,
    /// For which size, as the card names it.
    pub(crate) size: Option<&'a str>,
    pub(crate) fallbacks: Fallbacks,
}

impl<'a> Rates<'a> {
    pub(crate) fn new(resolved: &Resolved<'a>, context: &PricingContext<'a>, usage: &Usage) -> Self {
        let provider = resolved.provider.map_or("", |provider| provider.as_str());
        Self {
            card: resolved.card,
            window: resolved.window,
            tier: context.tier,
            context_tokens: context.context_tokens,
            band: resolved.band_above_tokens,
            format: context.format,
            cached_at_half: CACHED_AT_HALF.contains(&provider),
            batch_at_half: *context.tier == ServiceTier::Batch
                && BATCH_AT_HALF.contains(&provider)
                && names_half(resolved.card),
            thinking: THINKING_PRICES_ALL_OUTPUT.contains(&provider) && usage.get(Meter::Reasoning).get() > 0,
        }
    }

    /// The meter's rate: its own where the card has one in any place, else the first substitute's. An explicit
    /// rate of 0 is a rate. `None` where nothing may stand in.
    pub(crate) fn rate(&self, meter: Meter) -> Option<Rate<'a>> {
        if self.thinking && meter == Meter::Output {
            let as_reasoning = self.in_place(Meter::Reasoning, &[Fallback::OutputAsReasoning]);
            if as_reasoning.is_some() {
                return as_reasoning;
            }
        }
        let own = self.in_place(meter, &[]);
        if meter == Meter::Reasoning && self.reasons_at_the_output_rate() {
            let exact = own.filter(|rate| rate.fallbacks == Fallbacks::NONE);
            return exact
                .or_else(|| self.in_place(Meter::Output, &[Fallback::ReasoningAsOutput]))
                .or(own);
        }
        own.or_else(|| self.cached_at_half(meter)).or_else(|| {
            let mut others = substitutes(meter).iter();
            others.find_map(|(other, reasons)| self.in_place(*other, reasons))
        })
    }

    /// Whether the card's reasoning rate is its output rate again. Then reasoning is output in every tier, band and
    /// window, also where only the output rate of it is named.
    ///
    /// # Source
    /// Gemini API pricing: "output price (including thinking tokens)" in each of the standard, batch, flex and priority
    /// columns.
    fn reasons_at_the_output_rate(&self) -> bool {
        let reasoning = self.card.flat_rate(Meter::Reasoning);
        reasoning.is_some() && reasoning == self.card.flat_rate(Meter::Output)
    }

    fn cached_at_half(&self, meter: Meter) -> Option<Rate<'a>> {
        if !self.cached_at_half || meter != Meter::CacheRead {
            return None;
        }
        let input = self.in_place(Meter::Input, &[Fallback::CacheAsHalfInput])?;
        Some(Rate {
            usd_per_million: input.usd_per_million.half(),
            ..input
        })
    }

    /// Whether the card prices the meter by size.
    pub(crate) fn is_sized(&self, meter: Meter) -> bool {
        self.card.rates_of(meter).iter().any(|rate| rate.size.is_some())
    }

    /// A meter's rate in the first place that has one. Places are ranked by band, the highest first, then the request's
    /// own tier before the standard one, then the size asked for before the plain rate. A rate of the open window
    /// replaces the card's of its tier, whatever the band.
    fn in_place(&self, meter: Meter, reasons: &[Fallback]) -> Option<Rate<'a>> {
        let base = self.places(self.card.rates_of(meter));
        let window = self
            .window
            .map_or(Places::NONE, |window| self.places(window.rates_of(meter)));
        let (own, standard) = (
            Found::of(base.own, window.own),
            Found::of(base.standard, window.standard),
        );
        let (found, from_standard) = match (own, standard) {
            (Some(own), Some(standard)) if standard.rank > own.rank => (standard, true),
            (Some(own), _) => (own, false),
            (None, Some(standard)) => (standard, true),
            (None, None) => return None,
        };
        let by_size = found.rate.size.is_none() && base.sized;
        let lower = !found.in_window && found.rate.above_tokens < self.band;
        let halved = from_standard && self.batch_at_half && meter.unit() == Unit::Token && !is_read(meter);
        let fallbacks = Fallbacks::of(reasons)
            .and(halved, Fallback::HalfInBatch)
            .and(from_standard && !halved, Fallback::StandardTier)
            .and(lower && found.rate.above_tokens.is_none(), Fallback::FlatRate)
            .and(lower && found.rate.above_tokens.is_some(), Fallback::LowerBand)
            .and(by_size, Fallback::SizeAsDefault);
        let standard = found.rate.usd_per_million;
        Some(Rate {
            usd_per_million: if halved { standard.half() } else { standard },
            meter,
            size: found.rate.size.as_deref(),
            fallbacks,
        })
    }

    /// The best rates among those of one meter, in one pass.
    fn places(&self, rates: &'a [CardRate]) -> Places<'a> {
        let mut places = Places::NONE;
        for rate in rates {
            places.sized |= rate.size.is_some();
            let place = if rate.tier == *self.tier {
                &mut places.own
            } else if rate.tier == ServiceTier::Standard {
                &mut places.standard
            } else {
                continue;
            };
            let rank = |rate: &CardRate| (rate.above_tokens, rate.size.is_some());
            if self.applies(rate) && place.is_none_or(|best| rank(rate) >= rank(best)) {
                *place = Some(rate);
            }
        }
        places
    }

    fn applies(&self, rate: &CardRate) -> bool {
        let crossed = rate.above_tokens.is_none_or(|above| above < self.context_tokens);
        let of_size = rate.size.as_deref().is_none_or(|size| {
            let of_image = rate.meter.unit() == Unit::Image;
            self.format.is_some_and(|format| format.is_size(size, of_image))
        });
        crossed && of_size
    }
}

/// Whether the batch rates a card names are half of its standard ones, up to rounding: the published rule holds for it.
fn names_half(card: &RateCard) -> bool {
    let mut pairs = [Meter::Input, Meter::Output].into_iter().filter_map(|meter| {
        let batch = card.rate(meter, &ServiceTier::Batch, None)?;
        Some((batch.pico(), card.flat_rate(meter)?.pico()))
    });
    let half = |(batch, standard): (i128, i128)| (2 * batch - standard).abs() * 100 <= standard;
    pairs.next().is_some_and(half) && pairs.all(half)
}

const fn is_read(meter: Meter) -> bool {
    matches!(
        meter,
        Meter::CacheRead | Meter::ExplicitCacheRead | Meter::AudioCacheRead | Meter::ImageCacheRead
    )
}

/// The best rates of one meter.
#[derive(Clone, Copy)]
struct Places<'a> {
    /// In the request's own tier.
    own: Option<&'a CardRate>,
    /// In the standard tier, where that is another one.
    standard: Option<&'a CardRate>,
    /// Whether any rate of the meter is for a size.
    sized: bool,
}

/// A rate of one tier.
#[derive(Clone, Copy)]
struct Found<'a> {
    rate: &'a CardRate,
    rank: Option<u64>,
    in_window: bool,
}

impl Places<'_> {
    const NONE: Self = Self {
        own: None,
        standard: None,
        sized: false,
    };
}

impl<'a> Found<'a> {
    /// The best rate of one tier; the window's own where it has one, in the rank of the one it replaces.
    fn of(base: Option<&'a CardRate>, replaced: Option<&'a CardRate>) -> Option<Self> {
        Some(Self {
            rate: replaced.or(base)?,
            rank: base.or(replaced)?.above_tokens,
            in_window: replaced.is_some(),
        })
    }
}
