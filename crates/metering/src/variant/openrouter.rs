//! `OpenRouter`: `usage.cost` is what the account was charged, in USD.
//!
//! # Source
//! <https://openrouter.ai/docs/use-cases/usage-accounting>

use super::{CostField, Variant};

pub(super) static VARIANT: Variant = Variant {
    cost: &[CostField {
        path: &["cost"],
        scale: 0,
    }],
    ..Variant::standard()
};
