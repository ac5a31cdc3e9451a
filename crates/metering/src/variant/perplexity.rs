//! Perplexity: reasoning and citations are counted beside the output and not in the total, searches are billed each,
//! and `usage.cost.total_cost` says what the request cost in USD. Responses name cached input as Anthropic does, and their
//! tools by how often each was invoked.
//!
//! # Source
//! <https://docs.perplexity.ai/guides/pricing>, the SDK's `UsageInfo` and `ResponsesUsage`

use tollgate_domain::Meter;

use super::{CostField, ReasoningIs, Variant};
use crate::counters::{Node, Reader};
use crate::flags;
use crate::tools::search_meter;

pub(super) static VARIANT: Variant = Variant {
    cached: &[&["input_tokens_details", "cache_read_input_tokens"]],
    reasoning: &[&["reasoning_tokens"]],
    reasoning_is: ReasoningIs::Beside,
    cost: &[
        CostField {
            path: &["cost", "total_cost"],
            scale: 0,
        },
        CostField {
            path: &["cost"],
            scale: 0,
        },
    ],
    extras,
    ..Variant::standard()
};

/// A search model bills at least one search per request; its size is in the counters.
fn extras(reader: &mut Reader<'_>) {
    if let Some(citations) = reader.count(&["citation_tokens"]) {
        reader.add(Meter::Citation, citations);
    }
    if matches!(reader.node().get(&["tool_calls_details"]), Some(Node::Object(tools)) if !tools.is_empty()) {
        reader.flag(flags::UNMETERED_TOOL_CALLS);
    }
    let size = reader.node().text(&["search_context_size"]);
    let queries = reader.count(&["num_search_queries"]);
    if let Some(queries) = queries.or(size.is_some().then_some(1)) {
        reader.add(search_meter(size.as_deref()), queries);
    }
}
