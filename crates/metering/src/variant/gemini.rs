//! Gemini behind chat completions: thinking is in the total only, beside the completion.
//!
//! # Source
//! <https://ai.google.dev/gemini-api/docs/openai>, <https://ai.google.dev/gemini-api/docs/thinking>

use super::{ReasoningIs, Variant};

pub(super) static VARIANT: Variant = Variant {
    reasoning_is: ReasoningIs::BesideWhenTotalSaysSo,
    total_rest_is_reasoning: true,
    ..Variant::standard()
};
