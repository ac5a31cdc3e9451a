//! xAI: reasoning is beside the completion when the total says so; `cost_in_usd_ticks` is in units of 1e-10 USD.
//!
//! # Source
//! <https://docs.x.ai/docs/api-reference>

use super::{CostField, ReasoningIs, Variant};

pub(super) static VARIANT: Variant = Variant {
    reasoning_is: ReasoningIs::BesideWhenTotalSaysSo,
    cost: &[CostField {
        path: &["cost_in_usd_ticks"],
        scale: 10,
    }],
    ..Variant::standard()
};
