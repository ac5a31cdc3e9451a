//! `OpenAI` chat completions. Streams end with `[DONE]`; with `include_usage` the chunk before it carries the
//! counters and no choices.
//!
//! # Source
//! <https://platform.openai.com/docs/api-reference/chat>

use super::openai_counters::{Names, extract};
use super::{AlsoComplete, Wire};
use crate::scan::{Field, Needle, Slot, present, value};

const NAMES: Names = Names {
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
    terminal_types: &[],
    also_complete: AlsoComplete::WithFinishReasonAndUsage,
    needs_final_usage: false,
    extract: |reader, variant, _| {
        extract(reader, &NAMES, variant);
        (variant.extras)(reader);
    },
};

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
