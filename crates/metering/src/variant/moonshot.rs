//! Moonshot (Kimi): cached input at the top level of the counters; streams carry them within the last choice.
//!
//! # Source
//! <https://platform.moonshot.ai/docs/api/chat>

use super::Variant;
use crate::scan::{Slot, value};

pub(super) static VARIANT: Variant = Variant {
    cached: &[&["cached_tokens"]],
    fields: &[value(&["choices", "usage"], Slot::Usage)],
    ..Variant::standard()
};
