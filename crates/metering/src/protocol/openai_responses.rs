//! `OpenAI` Responses. A stream ends with `response.completed`, `response.incomplete` or `response.failed`; each
//! carries the whole response object, counters and output items included.
//!
//! # Source
//! <https://platform.openai.com/docs/api-reference/responses>

use super::openai_counters::{Names, extract};
use super::{AlsoComplete, Wire};
use crate::flags;
use crate::scan::{Field, Needle, Slot, present, value};
use crate::tools::search_meter;

const NAMES: Names = Names {
    input: &["input_tokens"],
    input_details: "input_tokens_details",
    output: &["output_tokens"],
    output_details: "output_tokens_details",
};

pub(super) static WIRE: Wire = Wire {
    fields: FIELDS,
    needles: &[Needle::Set("\"response\""), Needle::Text("\"error\"")],
    done_marker: false,
    terminal_types: &["response.completed", "response.incomplete", "response.failed"],
    also_complete: AlsoComplete::Never,
    needs_final_usage: false,
    extract: |reader, variant, tools| {
        extract(reader, &NAMES, variant);
        (variant.extras)(reader);
        reader.add(search_meter(tools.search_size.as_deref()), tools.searches);
        if tools.unmetered {
            reader.flag(flags::UNMETERED_TOOL_CALLS);
        }
    },
};

const FIELDS: &[Field] = &[
    // A whole answer.
    value(&["usage"], Slot::Usage),
    value(&["model"], Slot::Model),
    value(&["id"], Slot::ResponseId),
    value(&["service_tier"], Slot::Tier),
    value(&["status"], Slot::Status),
    value(&["incomplete_details", "reason"], Slot::FinishReason),
    value(&["error"], Slot::Error),
    present(&["output"], Slot::Content),
    value(&["output", "type"], Slot::ItemType),
    value(&["output", "action", "type"], Slot::ActionType),
    value(&["tools", "search_context_size"], Slot::SearchSize),
    // The same in an event.
    value(&["response", "usage"], Slot::Usage),
    value(&["response", "model"], Slot::Model),
    value(&["response", "id"], Slot::ResponseId),
    value(&["response", "service_tier"], Slot::Tier),
    value(&["response", "status"], Slot::Status),
    value(&["response", "incomplete_details", "reason"], Slot::FinishReason),
    value(&["response", "error"], Slot::Error),
    present(&["response", "output"], Slot::Content),
    value(&["response", "output", "type"], Slot::ItemType),
    value(&["response", "output", "action", "type"], Slot::ActionType),
    value(&["response", "tools", "search_context_size"], Slot::SearchSize),
    // Events.
    value(&["type"], Slot::EventType),
    value(&["message"], Slot::ErrorText),
    present(&["delta"], Slot::Content),
];
