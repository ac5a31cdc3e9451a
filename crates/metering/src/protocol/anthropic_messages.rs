//! Anthropic messages. `input_tokens` counts neither cache reads nor cache writes; `output_tokens` includes thinking.
//! A stream gives input and cache in `message_start`, the running output in `message_delta`, and ends with
//! `message_stop`.
//!
//! # Source
//! <https://docs.claude.com/en/api/messages>, <https://docs.claude.com/en/build-with-claude/prompt-caching>,
//! <https://docs.claude.com/en/build-with-claude/compaction>

use tollgate_domain::Meter;

use super::Wire;
use crate::counters::{Node, OutputParts, Reader};
use crate::flags;
use crate::scan::{Needle, Slot, present, text, value};
use crate::tools::ToolCalls;

pub(super) static WIRE: Wire = Wire {
    fields: &[
        value(&["usage"], Slot::FinalUsage),
        value(&["model"], Slot::Model),
        value(&["id"], Slot::ResponseId),
        value(&["stop_reason"], Slot::FinishReason),
        value(&["error"], Slot::Error),
        present(&["content"], Slot::Content),
        value(&["type"], Slot::EventType),
        value(&["message", "usage"], Slot::Usage),
        value(&["message", "model"], Slot::Model),
        value(&["message", "id"], Slot::ResponseId),
        value(&["delta", "stop_reason"], Slot::FinishReason),
        present(&["delta", "text"], Slot::Content),
        present(&["delta", "thinking"], Slot::Content),
        present(&["delta", "partial_json"], Slot::Content),
        present(&["content_block", "name"], Slot::Content),
        present(&["content_block", "data"], Slot::Content),
        present(&["container"], Slot::Unmetered),
        present(&["message", "container"], Slot::Unmetered),
        present(&["delta", "container"], Slot::Unmetered),
    ],
    needles: &[
        Needle::Text("\"message_start\""),
        Needle::Text("\"message_delta\""),
        Needle::Text("\"message_stop\""),
        Needle::Text("\"error\""),
    ],
    terminal_types: &["message_stop"],
    needs_final_usage: true,
    extract: |reader, variant, tools| {
        extract(reader, tools);
        (variant.extras)(reader);
        tools.flag(reader);
    },
    told: &[
        text(&["delta", "text"], Slot::Told),
        text(&["delta", "thinking"], Slot::Reasoned),
        text(&["delta", "partial_json"], Slot::Told),
        text(&["content_block", "name"], Slot::Told),
        text(&["content", "text"], Slot::Told),
        text(&["content", "thinking"], Slot::Reasoned),
        text(&["content", "name"], Slot::Told),
        value(&["content", "input"], Slot::Told),
    ],
    ..Wire::silent()
};

fn extract(reader: &mut Reader<'_>, tools: &ToolCalls) {
    let usage = reader.node();
    let (input, output) = step(reader, usage);
    if !reader.tally.counted {
        return;
    }
    if input.is_none() {
        reader.flag(flags::INPUT_MISSING);
    }
    if output.is_none() {
        reader.flag(flags::OUTPUT_MISSING);
    }
    iterations(reader, usage, tools.served.as_deref());
    server_tools(reader);
    if usage.text(&["fallback_credit", "status", "type"]).as_deref() == Some("redeemed") {
        reader.flag(flags::FALLBACK_CREDIT);
    }
    reader.tally.tier = usage.text(&["service_tier"]);
    if usage.text(&["speed"]).as_deref() == Some("fast") {
        reader.tally.modifiers.push("fast".to_owned());
    }
    let geo = usage
        .text(&["inference_geo"])
        .unwrap_or_default()
        .to_ascii_lowercase();
    if !matches!(geo.as_str(), "" | "global" | "not_available") {
        reader.tally.modifiers.push(geo);
    }
}

/// Searches are billed each, fetches are free. Code runs by the hour of its container, beyond so many free hours of the
/// organisation's in a month: no answer tells either, so that a container is only seen. Older answers count the calls.
fn server_tools(reader: &mut Reader<'_>) {
    if let Some(searches) = reader.count(&["server_tool_use", "web_search_requests"]) {
        reader.add(Meter::WebSearch, searches);
    }
    if reader
        .count(&["server_tool_use", "code_execution_requests"])
        .unwrap_or(0)
        > 0
    {
        reader.flag(flags::UNMETERED_TOOL_CALLS);
    }
}

/// The counters of one sampling step, and of all steps at the top level. Returns input and output as reported.
fn step(reader: &mut Reader<'_>, node: &Node) -> (Option<u64>, Option<u64>) {
    let input = either(reader, node, "input_tokens", "inputTokenCount");
    let output = either(reader, node, "output_tokens", "outputTokenCount");
    let read = either(
        reader,
        node,
        "cache_read_input_tokens",
        "cacheReadInputTokenCount",
    );
    let (short, long) = writes(reader, node);
    reader.add(Meter::Input, input.unwrap_or(0));
    reader.add(Meter::CacheRead, read.unwrap_or(0));
    reader.add(Meter::CacheWrite5m, short);
    reader.add(Meter::CacheWrite1h, long);
    let thinking = reader.count_in(node, &["output_tokens_details", "thinking_tokens"]);
    let parts = OutputParts {
        total: output.unwrap_or(0),
        reasoning: thinking.unwrap_or(0),
        ..OutputParts::default()
    };
    parts.settle(reader);
    (input, output)
}

/// A counter, or where it is missing its double in Bedrock's own metrics; of two that disagree the first counts.
fn either(reader: &mut Reader<'_>, node: &Node, name: &str, metric: &str) -> Option<u64> {
    let (own, double) = (reader.count_in(node, &[name]), reader.count_in(node, &[metric]));
    if own.is_some_and(|own| double.is_some_and(|double| double != own)) {
        reader.flag(flags::SECOND_COUNTERS_DIFFER);
    }
    own.or(double)
}

/// Cache writes for 5 minutes and for 1 hour. What the breakdown does not cover was written for 5 minutes; an empty
/// breakdown covers nothing. A breakdown beyond the sum is believed and flagged.
fn writes(reader: &mut Reader<'_>, node: &Node) -> (u64, u64) {
    let sum = either(
        reader,
        node,
        "cache_creation_input_tokens",
        "cacheWriteInputTokenCount",
    );
    let mut of = |name: &str| reader.count_in(node, &["cache_creation", name]).unwrap_or(0);
    let (short, long) = (of("ephemeral_5m_input_tokens"), of("ephemeral_1h_input_tokens"));
    let covered = short + long;
    let sum = sum.unwrap_or(covered);
    if covered > 0 && covered != sum {
        reader.flag(flags::CACHE_WRITE_BREAKDOWN_MISMATCH);
    }
    (short + sum.saturating_sub(covered), long)
}

/// Steps the top level leaves out: compactions are billed at the request's own rates; steps of another model than the
/// one that answered (an advisor, a refused first attempt) are not ours to price from this answer.
fn iterations(reader: &mut Reader<'_>, usage: &Node, served: Option<&str>) {
    for node in usage.objects(&["iterations"]) {
        let model = node.text(&["model"]);
        let own = match (model.as_deref(), served) {
            (Some(model), Some(served)) => model == served,
            _ => true,
        };
        match node.text(&["type"]).as_deref() {
            Some("compaction") => {
                step(reader, &node);
            }
            Some("message" | "fallback_message") | None if own => {}
            Some(_) | None => reader.flag(flags::ITERATION_OF_ANOTHER_MODEL),
        }
    }
}
