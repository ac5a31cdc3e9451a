//! Fields known by name: modifiers, numbers that are no prices of ours, everything that is no price at all.

/// Tiers seen in the map; see [`super::tier`].
pub(super) const TIERS: &[&str] = &[
    "priority",
    "flex",
    "batch",
    "batches",
    "fast",
    "balanced",
    "ultrafast",
    "decisions",
];

/// Top-level multipliers and the modifier they become. The names differ from `us`, which is Anthropic's
/// `inference_geo`: one word must not switch on another provider's multiplier.
const MODIFIERS: &[(&str, &str)] = &[
    (
        "regional_processing_uplift_multiplier_eu",
        "regional_processing_eu",
    ),
    (
        "regional_processing_uplift_multiplier_us",
        "regional_processing_us",
    ),
    ("regional_endpoint_uplift_multiplier", "regional_endpoint"),
];

const IGNORED: &[(&str, &str)] = &[
    (
        "input_cost_per_token_cache_hit",
        "the old twin of cache_read_input_token_cost",
    ),
    ("input_dbu_cost_per_token", "Databricks units, not USD"),
    ("output_dbu_cost_per_token", "Databricks units, not USD"),
    (
        "search_free_requests",
        "a quota of the whole account; one request cannot know what is left of it",
    ),
];

/// Names of non-prices. A name that speaks of money (see [`MONEY`]) is never one, whatever it begins with.
const NOT_PRICES: &[&str] = &[
    "audio_transcription_config",
    "comment",
    "deprecation_date",
    "metadata",
    "output_vector_size",
    "rpm",
    "source",
    "tpm",
];

const NOT_PRICE_PREFIXES: &[&str] = &[
    "bedrock_",
    "default_",
    "gemini_",
    "max_",
    "prompt_cache_min_",
    "reasoning_effort_",
    "supported_",
    "supports_",
    "thinking_",
    "token_count_",
    "use_",
    "uses_",
    "vertex_ai_",
];

const MONEY: &[&str] = &[
    "cost",
    "price",
    "pricing",
    "multiplier",
    "billing",
    "fee",
    "_per_",
];

pub(super) fn modifier(field: &str) -> Option<&'static str> {
    find(MODIFIERS, field)
}

/// Why a field that looks like a price is none.
pub(super) fn ignored(field: &str) -> Option<&'static str> {
    find(IGNORED, field)
}

pub(super) fn is_not_a_price(field: &str) -> bool {
    let listed =
        NOT_PRICES.contains(&field) || NOT_PRICE_PREFIXES.iter().any(|prefix| field.starts_with(prefix));
    listed && !MONEY.iter().any(|word| field.contains(word))
}

fn find(table: &[(&str, &'static str)], field: &str) -> Option<&'static str> {
    table
        .iter()
        .find(|(name, _)| *name == field)
        .map(|(_, value)| *value)
}
