//! The nested price fields.

use serde_json::value::RawValue;
use tollgate_domain::Meter;

use super::fields::Fields;
use super::object::{Object, entries};
use super::row::{Row, standard};
use crate::FieldClass;

/// Multipliers among the provider specific keys; the others describe wire formats and quotas.
const MULTIPLIERS: &[&str] = &["fast", "us"];

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
        row.rate(&field, standard(meter), price.get());
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
        if MULTIPLIERS.contains(&&*key) {
            row.modifier(&field, &key, json);
        } else if json.starts_with(|first: char| first.is_ascii_digit()) {
            row.unknown(&field);
        }
    }
}

/// `tiered_pricing`: rows with `range: [lo, hi]` and a price set each; a row applies where lo < P <= hi, so
/// it is the band above lo, and the last row has no upper end. Tables by anything else (`max_results_range`)
/// depend on a figure no meter counts.
pub(super) fn tiered_pricing(row: &mut Row, value: &RawValue, fields: &mut Fields) {
    const FIELD: &str = "tiered_pricing";
    let Ok(lines) = serde_json::from_str::<Vec<Object<'_>>>(value.get()) else {
        return row.unusable(FIELD);
    };
    for Object(line) in lines {
        let range = line.iter().find(|(key, _)| key == "range");
        let Some(above) = range.and_then(|(_, range)| lower_bound(range)) else {
            row.unknown(FIELD);
            continue;
        };
        for (field, price) in line.iter().filter(|(key, _)| key != "range") {
            let field = format!("{FIELD}.{field}");
            match fields.class(&field) {
                FieldClass::Rate(mut place) if place.above_tokens.is_none() => {
                    place.above_tokens = above;
                    row.rate(&field, place, price.get());
                }
                FieldClass::Ignored(_) | FieldClass::NotAPrice => {}
                _ => row.unknown(&field),
            }
        }
    }
}

/// The lower end of a range: `Some(None)` from zero on, `None` where it is no whole number of tokens.
#[expect(
    clippy::option_option,
    reason = "an unreadable bound and no bound are different answers"
)]
fn lower_bound(range: &RawValue) -> Option<Option<u64>> {
    let bounds: Vec<&RawValue> = serde_json::from_str(range.get()).ok()?;
    let [low, _high] = bounds.as_slice() else {
        return None;
    };
    let (whole, fraction) = low.get().split_once('.').unwrap_or((low.get(), ""));
    let low: u64 = whole.parse().ok()?;
    fraction
        .bytes()
        .all(|digit| digit == b'0')
        .then_some((low > 0).then_some(low))
}
