//! Groq: streams carry the counters in `x_groq` of the last chunk. Compound systems use other models and tools, which
//! are billed at their own prices. Audio is billed for at least 10 seconds.
//!
//! # Source
//! <https://console.groq.com/docs/api-reference>, the SDK's `XGroq` and `UsageBreakdown`,
//! <https://console.groq.com/docs/speech-to-text>

use tollgate_domain::Meter;

use super::Variant;
use crate::counters::Reader;
use crate::scan::{Slot, present, value};

pub(super) static VARIANT: Variant = Variant {
    fields: &[
        value(&["x_groq", "usage"], Slot::Usage),
        value(&["x_groq", "error"], Slot::Error),
        present(&["usage_breakdown", "models"], Slot::OtherModel),
        present(&["x_groq", "usage_breakdown", "models"], Slot::OtherModel),
        present(&["choices", "message", "executed_tools"], Slot::Unmetered),
        present(&["choices", "delta", "executed_tools"], Slot::Unmetered),
    ],
    extras,
    ..Variant::standard()
};

const LEAST_SECONDS: u64 = 10;

fn extras(reader: &mut Reader<'_>) {
    let heard = reader.tally.usage.get(Meter::SecondsIn).get();
    if heard > 0 {
        reader.add(Meter::SecondsIn, LEAST_SECONDS.saturating_sub(heard));
    }
}
