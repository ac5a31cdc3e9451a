//! Usage that the request fixes, where the answer does not say it.

use tollgate_domain::{AttemptContext, Meter, Protocol, Usage};

/// Marks an entry whose usage was counted in the request.
pub(crate) const COUNTED_FROM_REQUEST: &str = "counted_from_request";

/// Marks an entry whose usage follows from the subtitles the answer consists of.
pub(crate) const COUNTED_FROM_SUBTITLES: &str = "counted_from_subtitles";

/// What an answered request used by its own words: the characters of a text to be spoken, the number of images, the
/// length of a recording. The caller sees to it that the answer is a success.
///
/// # Source
/// OpenAI's price page bills speech of the `tts` models by the characters of the input, and images of the models
/// without token prices by the picture.
pub(crate) fn usage(context: &AttemptContext) -> Option<Usage> {
    let facts = &context.facts;
    let (meter, count) = match context.protocol {
        Protocol::OpenaiSpeech => (Meter::CharactersIn, facts.characters?),
        Protocol::OpenaiImages => (Meter::ImagesOut, facts.images?),
        Protocol::OpenaiTranscriptions => (Meter::SecondsIn, billed_seconds(context, facts.seconds?)),
        _ => return None,
    };
    // Nothing asked for is nothing to go by.
    let usage = Usage::new().with(meter, count).ok()?;
    (count > 0).then_some(usage)
}

/// Groq bills at least 10 seconds of a recording.
///
/// # Source
/// <https://console.groq.com/docs/speech-to-text>
fn billed_seconds(context: &AttemptContext, seconds: u64) -> u64 {
    let least = if context.upstream.provider.as_str() == "groq" {
        10
    } else {
        0
    };
    seconds.max(least)
}
