//! Bedrock: the last event of an Anthropic stream repeats the counters as `amazon-bedrock-invocationMetrics`, which
//! stand in where the protocol's own are missing.
//!
//! # Source
//! <https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-anthropic-claude-messages.html>

use super::Variant;
use crate::scan::{Slot, value};

pub(super) static VARIANT: Variant = Variant {
    fields: &[value(&["amazon-bedrock-invocationMetrics"], Slot::FinalUsage)],
    ..Variant::standard()
};
