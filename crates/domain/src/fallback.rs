//! Rates taken from elsewhere, and counts that are not charged one to one.

use serde::{Deserialize, Serialize};

macro_rules! fallbacks {
    ($($(#[$doc:meta])* $variant:ident = $name:literal;)*) => {
        /// A rate taken from somewhere other than the meter's own place on the card, or a count charged in another
        /// unit than it was counted in. On the receipt, in the order in which they led there.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[non_exhaustive]
        pub enum Fallback {
            $($(#[$doc])* #[serde(rename = $name)] $variant,)*
        }

        impl Fallback {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The stable name.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
        }
    };
}

fallbacks! {
    /// The tier does not name the meter: its standard-tier rate.
    StandardTier = "standard_tier";
    /// The tier does not name the meter, and the provider publishes that it costs half in a batch: half of its standard
    /// rate.
    HalfInBatch = "half_in_batch";
    /// The band does not name the meter: its flat rate.
    FlatRate = "flat_rate";
    /// The band does not name the meter: the rate of a lower band the request is above, too.
    LowerBand = "lower_band";
    /// No cache rate: the input rate.
    CacheAsInput = "cache_as_input";
    /// No cache rate, and the provider publishes that a cached token then costs half of an uncached one.
    CacheAsHalfInput = "cache_as_half_input";
    /// No 1 h cache write rate: the 5 min one.
    CacheWrite1hAs5m = "cache_write1h_as5m";
    /// No reasoning rate: the output rate.
    ReasoningAsOutput = "reasoning_as_output";
    /// The provider bills the visible output of a thinking answer at the reasoning rate too.
    OutputAsReasoning = "output_as_reasoning";
    /// No rate for the modality: the text rate.
    ModalityAsText = "modality_as_text";
    /// No rate for this search context size: the medium one.
    SearchSizeAsMedium = "search_size_as_medium";
    /// The card has prices by size, none for this one (or the size is not known): the plain rate.
    SizeAsDefault = "size_as_default";
    /// Images counted whole are priced by their pixels: count x width x height.
    ImagesAsPixels = "images_as_pixels";
    /// Grounding is charged once per prompt, however many searches it took.
    OncePerPrompt = "once_per_prompt";
    /// No rate for reads of an explicitly created cache: the ordinary cache rate.
    ExplicitCacheAsCache = "explicit_cache_as_cache";
    /// The first units of each request cost nothing; only those beyond are charged.
    FreeUnits = "free_units";
    /// The model has no price for a hosted tool: the provider's own, which the map keeps under the tool's name.
    ToolPriceOfProvider = "tool_price_of_provider";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fallback_is_named_as_it_is_serialised() {
        for fallback in Fallback::ALL {
            assert_eq!(serde_json::to_value(fallback).unwrap(), fallback.as_str());
        }
    }
}
