//! xAI: reasoning is beside the completion when the total says so; `cost_in_usd_ticks` is in units of 1e-10 USD.
//! Sources of a live search and server-side tools are billed apart.
//!
//! # Source
//! <https://docs.x.ai/docs/api-reference>, <https://docs.x.ai/docs/guides/live-search>, the SDK's `SamplingUsage` and
//! `USD_PER_TICK`

use super::{CostField, ReasoningIs, Variant};
use crate::counters::Reader;
use crate::flags;

pub(super) static VARIANT: Variant = Variant {
    reasoning_is: ReasoningIs::BesideWhenTotalSaysSo,
    cost: &[CostField {
        path: &["cost_in_usd_ticks"],
        scale: 10,
    }],
    extras,
    ..Variant::standard()
};

fn extras(reader: &mut Reader<'_>) {
    let listed = !reader.node().elements(&["server_side_tools_used"]).is_empty();
    let mut any = |name| reader.count(&[name]).unwrap_or(0) > 0;
    if listed | any("num_sources_used") | any("num_server_side_tools_used") {
        reader.flag(flags::UNMETERED_TOOL_CALLS);
    }
}
