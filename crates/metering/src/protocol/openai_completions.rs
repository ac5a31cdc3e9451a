//! `OpenAI`'s older text completions: the counters and stream of chat completions, choices with `text`.
//!
//! # Source
//! <https://platform.openai.com/docs/api-reference/completions>

use super::openai_chat::CHAT_COUNTERS;
use super::openai_counters::extract;
use super::{AlsoComplete, Wire};
use crate::scan::{Needle, Slot, present, text, value};

pub(super) static WIRE: Wire = Wire {
    fields: &[
        value(&["usage"], Slot::Usage),
        value(&["model"], Slot::Model),
        value(&["id"], Slot::ResponseId),
        value(&["service_tier"], Slot::Tier),
        value(&["error"], Slot::Error),
        value(&["message"], Slot::ErrorText),
        value(&["choices", "finish_reason"], Slot::FinishReason),
        present(&["choices", "text"], Slot::Content),
    ],
    needles: &[
        Needle::Set("\"usage\""),
        Needle::Set("\"finish_reason\""),
        Needle::Text("\"error\""),
    ],
    done_marker: true,
    also_complete: AlsoComplete::WithFinishReasonAndUsage,
    extract: |reader, variant, tools| {
        extract(reader, &CHAT_COUNTERS, variant);
        (variant.extras)(reader);
        tools.flag(reader);
    },
    told: &[text(&["choices", "text"], Slot::Told)],
    ..Wire::silent()
};
