//! Groq: streams carry the counters in `x_groq` of the last chunk. Compound systems use other models and tools, which
//! are billed at their own prices.
//!
//! # Source
//! <https://console.groq.com/docs/api-reference>, the SDK's `ChatCompletionChunk`

use super::Variant;
use crate::scan::{Slot, present, value};

pub(super) static VARIANT: Variant = Variant {
    fields: &[
        value(&["x_groq", "usage"], Slot::Usage),
        value(&["x_groq", "error"], Slot::Error),
        present(&["usage_breakdown", "models"], Slot::OtherModel),
        present(&["choices", "message", "executed_tools"], Slot::Unmetered),
        present(&["choices", "delta", "executed_tools"], Slot::Unmetered),
    ],
    ..Variant::standard()
};
