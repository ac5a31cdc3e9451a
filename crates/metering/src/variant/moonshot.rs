//! Moonshot (Kimi): cached input at the top level of the counters.
//!
//! # Source
//! <https://platform.moonshot.ai/docs/api/chat>

use super::Variant;

pub(super) static VARIANT: Variant = Variant {
    cached: &[&["cached_tokens"]],
    ..Variant::standard()
};
