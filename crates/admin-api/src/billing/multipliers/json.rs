//! Multipliers on the wire.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use tollgate_domain::{ModelMultipliers, ModelName, Multiplier, ProviderName, Upstream, UpstreamId};
use utoipa::ToSchema;

use crate::billing::effect::Backdated;
use crate::field::{FieldErrors, written_out};
use crate::schema::MultiplierSchema;

const PATTERN_MAX: usize = 256;
const PATTERNS_MAX: usize = 200;

/// Multipliers for the models a pattern matches, in place of the upstream's own pair. An exact name stands before any
/// pattern, a longer pattern before a shorter one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ModelMultipliers, examples(example))]
pub(crate) struct ModelMultipliersJson {
    /// A model name as served or sent; a trailing `*` matches any ending.
    #[schema(min_length = 1, max_length = 256)]
    pattern: String,
    /// On everything sent, searched or called. Zero needs `allow_free`.
    #[schema(value_type = MultiplierSchema)]
    input_multiplier: String,
    /// On everything generated. Zero needs `allow_free`.
    #[schema(value_type = MultiplierSchema)]
    output_multiplier: String,
    /// Permission for a zero multiplier to make requests free.
    #[serde(default)]
    allow_free: bool,
}

/// What an upstream charges relative to the card.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UpstreamMultipliers, examples(upstream_example))]
pub(super) struct UpstreamMultipliersResponse {
    /// The upstream.
    #[schema(value_type = Uuid)]
    upstream_id: UpstreamId,
    /// Its name.
    upstream_name: String,
    /// Its provider in LiteLLM's vocabulary.
    #[schema(value_type = String)]
    provider: ProviderName,
    /// On everything sent, searched or called.
    #[schema(value_type = MultiplierSchema)]
    input_multiplier: Multiplier,
    /// On everything generated.
    #[schema(value_type = MultiplierSchema)]
    output_multiplier: Multiplier,
    /// Permission for a zero multiplier to make requests free.
    allow_free: bool,
    /// Other multipliers for some models.
    models: Vec<ModelMultipliersJson>,
    /// The upstream's revision; the ETag, shared with the upstream.
    revision: i64,
    /// Set in the answer to a change that gave `effective_from`.
    pub(super) backdated: Option<Backdated>,
}

fn example() -> serde_json::Value {
    serde_json::json!({
        "pattern": "gpt-5*",
        "input_multiplier": "0.8",
        "output_multiplier": "0.8",
        "allow_free": false,
    })
}

pub(super) fn upstream_example() -> serde_json::Value {
    serde_json::json!({
        "upstream_id": "0198f0a0-0000-7000-8000-000000000001",
        "upstream_name": "openai-main",
        "provider": "openai",
        "input_multiplier": "0.9",
        "output_multiplier": "0.9",
        "allow_free": false,
        "models": [example()],
        "revision": 3,
        "backdated": null,
    })
}

/// Reads multipliers by model, or notes every fault.
pub(crate) fn check_model_multipliers(
    field: &str,
    given: &[ModelMultipliersJson],
    errors: &mut FieldErrors,
) -> Vec<ModelMultipliers> {
    if given.len() > PATTERNS_MAX {
        errors.push(
            field,
            format!("has {} patterns; allowed are 0..={PATTERNS_MAX}", given.len()),
        );
        return Vec::new();
    }
    let mut seen = HashSet::new();
    let read = given.iter().enumerate().filter_map(|(index, set)| {
        let place = |name: &str| format!("{field}[{index}].{name}");
        let pattern = place("pattern");
        errors.text(&pattern, &set.pattern, PATTERN_MAX);
        let literal = set.pattern.strip_suffix('*').unwrap_or(&set.pattern);
        if literal.contains('*') {
            errors.push(
                &pattern,
                format!("{:?} has a \"*\" that is not its last character", set.pattern),
            );
        }
        if !seen.insert(&set.pattern) {
            errors.push(&pattern, format!("{:?} is there twice", set.pattern));
        }
        let input = checked_multiplier(
            errors,
            &place("input_multiplier"),
            &set.input_multiplier,
            set.allow_free,
        );
        let output = checked_multiplier(
            errors,
            &place("output_multiplier"),
            &set.output_multiplier,
            set.allow_free,
        );
        Some(ModelMultipliers {
            pattern: ModelName::new(set.pattern.as_str()),
            input: input?,
            output: output?,
            allow_free: set.allow_free,
        })
    });
    read.collect()
}

/// A multiplier within its bounds, and not zero without permission.
pub(crate) fn checked_multiplier(
    errors: &mut FieldErrors,
    field: &str,
    text: &str,
    allow_free: bool,
) -> Option<Multiplier> {
    errors.keep(field, written_out(text))?;
    let multiplier: Multiplier = errors.keep(field, text.parse())?;
    if multiplier.is_zero() && !allow_free {
        errors.push(
            field,
            "0 makes everything on this side free; that needs allow_free to be true",
        );
    }
    Some(multiplier)
}

impl From<&ModelMultipliers> for ModelMultipliersJson {
    fn from(set: &ModelMultipliers) -> Self {
        Self {
            pattern: set.pattern.to_string(),
            input_multiplier: set.input.to_string(),
            output_multiplier: set.output.to_string(),
            allow_free: set.allow_free,
        }
    }
}

impl From<&Upstream> for UpstreamMultipliersResponse {
    fn from(upstream: &Upstream) -> Self {
        Self {
            upstream_id: upstream.id,
            upstream_name: upstream.name.clone(),
            provider: upstream.provider.clone(),
            input_multiplier: upstream.input_multiplier,
            output_multiplier: upstream.output_multiplier,
            allow_free: upstream.allow_free,
            models: upstream.model_multipliers.iter().map(Into::into).collect(),
            revision: upstream.revision,
            backdated: None,
        }
    }
}
