//! Usage that the request fixes, where the answer does not say it.

use tollgate_domain::{AttemptContext, Meter, Protocol, Usage};

/// Marks an entry whose usage was counted in the request.
pub(crate) const COUNTED_FROM_REQUEST: &str = "counted_from_request";

/// What an answered request used by its own words: the characters of a text to be spoken, the number of images. The
/// caller sees to it that the answer is a success.
///
/// # Source
/// OpenAI's price page bills speech of the `tts` models by the characters of the input, and images of the models
/// without token prices by the picture.
pub(crate) fn usage(context: &AttemptContext) -> Option<Usage> {
    let facts = &context.facts;
    let (meter, count) = match context.protocol {
        Protocol::OpenaiSpeech => (Meter::CharactersIn, facts.characters?),
        Protocol::OpenaiImages => (Meter::ImagesOut, facts.images?),
        _ => return None,
    };
    // Nothing asked for is nothing to go by.
    let usage = Usage::new().with(meter, count).ok()?;
    (count > 0).then_some(usage)
}
