//! `OpenAI` Responses. A stream ends with `response.completed`, `response.incomplete` or `response.failed`; each
//! carries the whole response object, counters and output items included.
//!
//! # Source
//! <https://platform.openai.com/docs/api-reference/responses>

use tollgate_domain::Meter;

use super::Wire;
use super::openai_counters::{Names, extract};
use crate::counters::Reader;
use crate::flags;
use crate::scan::{Field, Needle, Slot, present, text, value};
use crate::tools::{ToolCalls, search_meter};

const NAMES: Names = Names {
    input: &["input_tokens"],
    input_details: "input_tokens_details",
    output: &["output_tokens"],
    output_details: "output_tokens_details",
};

pub(super) static WIRE: Wire = Wire {
    fields: FIELDS,
    needles: &[Needle::Set("\"response\""), Needle::Text("\"error\"")],
    terminal_types: &["response.completed", "response.incomplete", "response.failed"],
    extract: |reader, variant, tools| {
        extract(reader, &NAMES, variant);
        (variant.extras)(reader);
        hosted_tools(reader, tools);
    },
    told: TOLD,
    ..Wire::silent()
};

/// Searches, as the hosted tools' own counters say or as the output items show; searches in files, and containers that
/// code ran in, as the items show. Images made by a tool are another model's tokens.
fn hosted_tools(reader: &mut Reader<'_>, tools: &ToolCalls) {
    let reported = |path: &[&str]| tools.reported.as_ref().and_then(|node| node.whole(path));
    let searches = reported(&["web_search", "num_requests"]).unwrap_or(tools.searches);
    reader.add(search_meter(tools.search_size.as_deref()), searches);
    reader.add_tool_calls(Meter::FileSearches, tools.file_searches);
    reader.add_tool_calls(Meter::CodeInterpreter, tools.containers);
    if reported(&["image_gen", "total_tokens"]).unwrap_or(0) > 0 {
        reader.flag(flags::ITERATION_OF_ANOTHER_MODEL);
    }
    tools.flag(reader);
}

const TOLD: &[Field] = &[
    text(&["delta"], Slot::Told),
    text(&["output", "content", "text"], Slot::Told),
    text(&["output", "content", "refusal"], Slot::Told),
    text(&["output", "summary", "text"], Slot::Reasoned),
    text(&["output", "name"], Slot::Told),
    text(&["output", "arguments"], Slot::Told),
    text(&["output", "input"], Slot::Told),
];

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
    value(&["output", "container_id"], Slot::Container),
    value(&["tools", "search_context_size"], Slot::SearchSize),
    value(&["tool_usage"], Slot::ToolUsage),
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
    value(&["response", "output", "container_id"], Slot::Container),
    value(&["response", "tools", "search_context_size"], Slot::SearchSize),
    value(&["response", "tool_usage"], Slot::ToolUsage),
    // Events.
    value(&["type"], Slot::EventType),
    value(&["message"], Slot::ErrorText),
    present(&["delta"], Slot::Content),
];
