//! Perplexity: reasoning and citations are counted beside the output and not in the total, searches are billed each,
//! and `usage.cost.total_cost` says what the request cost in USD.
//!
//! # Source
//! <https://docs.perplexity.ai/guides/pricing>

use tollgate_domain::Meter;

use super::{CostField, ReasoningIs, Variant};
use crate::counters::Reader;
use crate::tools::search_meter;

pub(super) static VARIANT: Variant = Variant {
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
    let size = reader.node().text(&["search_context_size"]);
    let queries = reader.count(&["num_search_queries"]);
    if let Some(queries) = queries.or(size.is_some().then_some(1)) {
        reader.add(search_meter(size.as_deref()), queries);
    }
}
