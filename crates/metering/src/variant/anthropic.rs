//! Anthropic itself: a request that is refused before anything was generated is not billed, whatever its counters say.
//!
//! # Source
//! <https://docs.claude.com/en/release-notes/api>, <https://docs.claude.com/en/test-and-evaluate/strengthen-guardrails/handle-streaming-refusals>

use super::Variant;

pub(super) static VARIANT: Variant = Variant {
    free_refusals: true,
    ..Variant::standard()
};
