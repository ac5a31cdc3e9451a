//! Counted usage: every unit of a request in exactly one meter.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// One dimension of usage, under the name the gateway's ledger uses for it too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Meter {
    /// Text sent, neither read from nor written to a cache.
    #[serde(rename = "input")]
    Input,
    /// Text read from the prompt cache.
    #[serde(rename = "cache_read")]
    CacheRead,
    /// Text written to the cache for 5 minutes or the provider's only lifetime.
    #[serde(rename = "cache_write_5m")]
    CacheWrite5m,
    /// Text written to the cache for an hour.
    #[serde(rename = "cache_write_1h")]
    CacheWrite1h,
    /// Audio sent.
    #[serde(rename = "audio_input")]
    AudioInput,
    /// Audio read from the cache.
    #[serde(rename = "audio_cache_read")]
    AudioCacheRead,
    /// Images sent, in tokens.
    #[serde(rename = "image_input")]
    ImageInput,
    /// Video sent, in tokens.
    #[serde(rename = "video_input")]
    VideoInput,
    /// Visible text generated.
    #[serde(rename = "output")]
    Output,
    /// Hidden reasoning generated.
    #[serde(rename = "reasoning")]
    Reasoning,
    /// Audio generated.
    #[serde(rename = "audio_output")]
    AudioOutput,
    /// Images generated, in tokens.
    #[serde(rename = "image_output")]
    ImageOutput,
    /// Web searches made.
    #[serde(rename = "web_search")]
    WebSearch,
    /// Images generated, counted whole.
    #[serde(rename = "images_out")]
    ImagesOut,
    /// Seconds of audio sent.
    #[serde(rename = "seconds_in")]
    SecondsIn,
    /// Characters sent to be spoken.
    #[serde(rename = "characters_in")]
    CharactersIn,
    /// Searches of a reranking, in the provider's search units.
    #[serde(rename = "queries")]
    Queries,
}

/// How much of each [`Meter`] a request used. A meter that is 0 is not kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Counts(BTreeMap<Meter, u64>);

impl Meter {
    /// Whether the count belongs to what was sent; otherwise to what was generated.
    pub const fn is_input_side(self) -> bool {
        !matches!(
            self,
            Self::Output | Self::Reasoning | Self::AudioOutput | Self::ImageOutput | Self::ImagesOut
        )
    }

    /// Whether the count is part of the context that chooses the price band.
    pub const fn is_context(self) -> bool {
        let counted_whole = matches!(
            self,
            Self::WebSearch | Self::SecondsIn | Self::CharactersIn | Self::Queries
        );
        self.is_input_side() && !counted_whole
    }
}

impl Counts {
    /// Nothing used.
    pub fn new() -> Self {
        Self::default()
    }

    /// Plain text in and out, the commonest plan.
    pub fn text(input: u64, output: u64) -> Self {
        Self::new().with(Meter::Input, input).with(Meter::Output, output)
    }

    /// The same with one meter set.
    #[must_use]
    pub fn with(mut self, meter: Meter, count: u64) -> Self {
        if count == 0 {
            self.0.remove(&meter);
        } else {
            self.0.insert(meter, count);
        }
        self
    }

    /// The count of one meter; 0 when it was not used.
    pub fn get(&self, meter: Meter) -> u64 {
        self.0.get(&meter).copied().unwrap_or(0)
    }

    /// The sum of some meters.
    pub fn sum(&self, meters: &[Meter]) -> u64 {
        meters.iter().map(|meter| self.get(*meter)).sum()
    }

    /// Everything on the input side that is measured in tokens, cached or not.
    pub fn context(&self) -> u64 {
        self.iter()
            .filter(|(meter, _)| meter.is_context())
            .map(|(_, count)| count)
            .sum()
    }

    /// All meters above 0, in a fixed order.
    pub fn iter(&self) -> impl Iterator<Item = (Meter, u64)> + '_ {
        self.0
            .iter()
            .filter(|(_, count)| **count > 0)
            .map(|(meter, count)| (*meter, *count))
    }

    /// Whether nothing was used.
    pub fn is_empty(&self) -> bool {
        self.iter().next().is_none()
    }

    /// The same without the meters not named.
    #[must_use]
    pub(crate) fn only(&self, meters: &[Meter]) -> Self {
        Self(self.iter().filter(|(meter, _)| meters.contains(meter)).collect())
    }
}
