//! `OpenAI` chat completions. Streams end with `[DONE]`; with `include_usage` the chunk before it carries the
//! counters and no choices.
//!
//! # Source
//! <https://platform.openai.com/docs/api-reference/chat>

use tollgate_domain::Meter;

use super::openai_counters::{Names, extract};
use super::{AlsoComplete, Wire};
use crate::flags;
use crate::scan::{Field, Needle, Slot, present, text, value};

/// Shared with the older completions.
pub(super) const CHAT_COUNTERS: Names = Names {
    input: &["prompt_tokens"],
    input_details: "prompt_tokens_details",
    output: &["completion_tokens"],
    output_details: "completion_tokens_details",
};

pub(super) static WIRE: Wire = Wire {
    fields: FIELDS,
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
        if tools.has(Slot::Cited) {
            reader.add(Meter::WebSearch, 1);
            reader.flag(flags::SEARCH_SIZE_ASSUMED);
        }
        tools.flag(reader);
    },
    told: TOLD,
    ..Wire::silent()
};

const TOLD: &[Field] = &[
    text(&["choices", "delta", "content"], Slot::Told),
    text(&["choices", "delta", "refusal"], Slot::Told),
    text(&["choices", "delta", "reasoning_content"], Slot::Reasoned),
    text(&["choices", "delta", "reasoning"], Slot::Reasoned),
    text(
        &["choices", "delta", "tool_calls", "function", "name"],
        Slot::Told,
    ),
    text(
        &["choices", "delta", "tool_calls", "function", "arguments"],
        Slot::Told,
    ),
    text(&["choices", "delta", "function_call", "arguments"], Slot::Told),
    text(&["choices", "delta", "audio", "transcript"], Slot::Told),
    text(&["choices", "message", "content"], Slot::Told),
    text(&["choices", "message", "content", "text"], Slot::Told),
    text(&["choices", "message", "refusal"], Slot::Told),
    text(&["choices", "message", "reasoning_content"], Slot::Reasoned),
    text(&["choices", "message", "reasoning"], Slot::Reasoned),
    text(
        &["choices", "message", "tool_calls", "function", "name"],
        Slot::Told,
    ),
    text(
        &["choices", "message", "tool_calls", "function", "arguments"],
        Slot::Told,
    ),
    text(&["choices", "message", "function_call", "arguments"], Slot::Told),
    text(&["choices", "message", "audio", "transcript"], Slot::Told),
];

const FIELDS: &[Field] = &[
    value(&["usage"], Slot::Usage),
    value(&["model"], Slot::Model),
    value(&["id"], Slot::ResponseId),
    value(&["service_tier"], Slot::Tier),
    value(&["error"], Slot::Error),
    value(&["message"], Slot::ErrorText),
    value(&["choices", "finish_reason"], Slot::FinishReason),
    present(&["choices", "delta", "content"], Slot::Content),
    present(&["choices", "delta", "reasoning_content"], Slot::Content),
    present(&["choices", "delta", "reasoning"], Slot::Content),
    present(&["choices", "delta", "refusal"], Slot::Content),
    present(&["choices", "delta", "tool_calls"], Slot::Content),
    present(&["choices", "delta", "function_call"], Slot::Content),
    present(&["choices", "delta", "audio"], Slot::Content),
    present(&["choices", "delta", "images"], Slot::Content),
    present(&["choices", "message", "content"], Slot::Content),
    present(&["choices", "message", "reasoning_content"], Slot::Content),
    present(&["choices", "message", "reasoning"], Slot::Content),
    present(&["choices", "message", "refusal"], Slot::Content),
    present(&["choices", "message", "tool_calls"], Slot::Content),
    present(&["choices", "message", "function_call"], Slot::Content),
    present(&["choices", "message", "audio"], Slot::Content),
    present(&["choices", "message", "images"], Slot::Content),
    present(&["choices", "text"], Slot::Content),
];
