//! Groq: streams carry the counters in `x_groq` of the last chunk.
//!
//! # Source
//! <https://console.groq.com/docs/api-reference>

use super::Variant;
use crate::scan::{Slot, value};

pub(super) static VARIANT: Variant = Variant {
    fields: &[
        value(&["x_groq", "usage"], Slot::Usage),
        value(&["x_groq", "error"], Slot::Error),
    ],
    ..Variant::standard()
};
