//! `OpenRouter`: `usage.cost` is what the account was charged, in USD. With a key of one's own (`is_byok`) that is only
//! the fee, and `cost_details.upstream_inference_cost` is what the provider charges for the rest.
//!
//! # Source
//! <https://openrouter.ai/docs/use-cases/usage-accounting>, <https://openrouter.ai/docs/use-cases/byok>

use super::{CostBeside, CostField, Variant};
use crate::counters::Reader;
use crate::flags;

pub(super) static VARIANT: Variant = Variant {
    cost: &[CostField {
        path: &["cost"],
        scale: 0,
    }],
    cost_beside: Some(CostBeside {
        when: &["is_byok"],
        cost: CostField {
            path: &["cost_details", "upstream_inference_cost"],
            scale: 0,
        },
    }),
    extras,
    ..Variant::standard()
};

/// Searches and other tools of the router's own are in the reported cost and in no price of a token.
fn extras(reader: &mut Reader<'_>) {
    let searched = |reader: &mut Reader<'_>, path| reader.count(path).unwrap_or(0) > 0;
    if searched(reader, &["server_tool_use", "web_search_requests"])
        || searched(reader, &["server_tool_use_details", "web_search_requests"])
        || searched(reader, &["server_tool_use_details", "tool_calls_executed"])
    {
        reader.flag(flags::UNMETERED_TOOL_CALLS);
    }
}
