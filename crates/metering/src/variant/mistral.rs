//! Mistral: cached input as `num_cached_tokens`, the tier within the counters, and audio sent to a chat in seconds
//! beside its tokens.
//!
//! # Source
//! <https://docs.mistral.ai/api>, the SDK's `UsageInfo`

use tollgate_domain::Meter;

use super::Variant;
use crate::counters::Reader;

pub(super) static VARIANT: Variant = Variant {
    cached: &[&["num_cached_tokens"], &["prompt_token_details", "cached_tokens"]],
    extras,
    ..Variant::standard()
};

fn extras(reader: &mut Reader<'_>) {
    let tier = reader.node().text(&["service_tier"]);
    reader.tally.tier = reader.tally.tier.take().or(tier);
    let heard = reader.seconds(&["prompt_audio_seconds"]).unwrap_or(0);
    if reader.tally.usage.get(Meter::SecondsIn).get() == 0 {
        reader.add(Meter::SecondsIn, heard);
    }
}
