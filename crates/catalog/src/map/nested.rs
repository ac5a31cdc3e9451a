//! Price fields that are objects, and how searches are charged.

use serde_json::value::RawValue;
use tollgate_domain::{Meter, SearchUnit};

use super::object::entries;
use super::row::Row;
use crate::Place;

/// Multipliers among the provider specific keys; the others describe wire formats and quotas.
const MULTIPLIERS: &[&str] = &["fast", "us"];

/// How many units of a meter each request has for nothing, among the provider specific keys.
const FREE_UNITS: &[(&str, Meter)] = &[("minimax_free_input_images", Meter::ImagesIn)];

/// The provider's counters of guardrail units.
const GUARDRAIL_UNITS: &[(&str, Meter)] = &[
    ("contentPolicyUnits", Meter::GuardrailContent),
    ("contentPolicyImageUnits", Meter::GuardrailContentImage),
    ("topicPolicyUnits", Meter::GuardrailTopic),
    ("wordPolicyUnits", Meter::GuardrailWord),
    ("sensitiveInformationPolicyUnits", Meter::GuardrailSensitive),
    (
        "sensitiveInformationPolicyFreeUnits",
        Meter::GuardrailSensitiveFree,
    ),
    ("contextualGroundingPolicyUnits", Meter::GuardrailGrounding),
    ("automatedReasoningPolicyUnits", Meter::GuardrailReasoning),
];

/// `search_context_cost_per_query`: USD per call, by search context size.
pub(super) fn search_sizes(row: &mut Row, value: &RawValue) {
    const FIELD: &str = "search_context_cost_per_query";
    let Ok(sizes) = entries(value.get()) else {
        return row.unusable(FIELD);
    };
    for (size, price) in sizes {
        let field = format!("{FIELD}.{size}");
        let meter = match &*size {
            "search_context_size_low" => Meter::WebSearchLow,
            "search_context_size_medium" => Meter::WebSearch,
            "search_context_size_high" => Meter::WebSearchHigh,
            _ => {
                row.unknown(&field);
                continue;
            }
        };
        row.rate(&field, Place::flat(meter), price.get());
    }
}

/// `guardrail_cost_per_unit`: USD per unit, by the provider's counter.
pub(super) fn guardrail_units(row: &mut Row, value: &RawValue) {
    const FIELD: &str = "guardrail_cost_per_unit";
    let Ok(units) = entries(value.get()) else {
        return row.unusable(FIELD);
    };
    for (unit, price) in units {
        let field = format!("{FIELD}.{unit}");
        match GUARDRAIL_UNITS.iter().find(|(name, _)| *name == unit) {
            Some((_, meter)) => row.rate(&field, Place::flat(*meter), price.get()),
            None => row.unknown(&field),
        }
    }
}

/// `web_search_billing_unit`: per query or per prompt.
pub(super) fn search_unit(row: &mut Row, value: &RawValue) {
    match value.get() {
        "\"per_query\"" => row.search_unit(SearchUnit::PerQuery),
        "\"per_prompt\"" => row.search_unit(SearchUnit::PerPrompt),
        "null" | "\"\"" => {}
        _ => row.unusable("web_search_billing_unit"),
    }
}

/// `provider_specific_entry`: `fast` and `us` are multipliers; other numbers are kept aside, text is none.
pub(super) fn provider_specific(row: &mut Row, value: &RawValue) {
    const FIELD: &str = "provider_specific_entry";
    let Ok(keys) = entries(value.get()) else {
        return row.unusable(FIELD);
    };
    for (key, value) in keys {
        let field = format!("{FIELD}.{key}");
        let json = value.get();
        let free = FREE_UNITS.iter().find(|(name, _)| *name == key);
        if MULTIPLIERS.contains(&&*key) {
            row.modifier(&field, &key, json);
        } else if let Some((_, meter)) = free {
            match json.parse() {
                Ok(units) => row.free_units(*meter, units),
                Err(_) => row.unusable(&field),
            }
        } else if json.starts_with(|first: char| first.is_ascii_digit()) {
            row.unknown(&field);
        }
    }
}
