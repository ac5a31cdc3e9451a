//! Every price table of the snapshot against its own rows: lo < P <= hi, and the last row without an end.

use std::collections::BTreeMap;

use billing_core::{
    BillBy, Meter, ModelName, PriceBook, PricingContext, ProviderName, ServiceTier, UpstreamId, Usage,
    UsdPerMillion, price,
};
use serde_json::Value;
use tollgate_catalog::snapshot;

const COLUMNS: &[(&str, Meter)] = &[
    ("input_cost_per_token", Meter::Input),
    ("output_cost_per_token", Meter::Output),
    ("cache_read_input_token_cost", Meter::CacheRead),
    ("output_cost_per_reasoning_token", Meter::Reasoning),
];

/// The rate of one unit of a meter in a context of so many tokens.
fn rate(book: &PriceBook, model: &str, meter: Meter, context_tokens: u64) -> UsdPerMillion {
    let usage = Usage::new().with(meter, 1).unwrap();
    let context = PricingContext {
        upstream_id: UpstreamId::NONE,
        // A provider no name begins with, so that this very entry is priced.
        provider: &ProviderName::new("none"),
        model_served: Some(&ModelName::new(model)),
        model_sent: None,
        bill_by: BillBy::Served,
        tier: &ServiceTier::Standard,
        context_tokens,
        at: "2026-11-04T02:00:00Z".parse().unwrap(),
        format: None,
        modifiers: &[],
        upstream_modifiers: &[],
    };
    price(book, &context, &usage).unwrap().lines[0].usd_per_million
}

/// The ends of a row, as whole tokens.
fn range(row: &BTreeMap<String, Value>) -> Option<(u64, u64)> {
    let ends = row.get("range")?.as_array().unwrap();
    let whole = |end: &Value| {
        let text = end.to_string();
        text.strip_suffix(".0").unwrap_or(&text).parse::<u64>().unwrap()
    };
    Some((whole(&ends[0]), whole(&ends[1])))
}

#[test]
fn every_row_of_every_table_prices_its_range_and_nothing_else() {
    let book = PriceBook::bundled().unwrap();
    let map: BTreeMap<String, BTreeMap<String, Value>> = serde_json::from_str(snapshot::BUNDLED).unwrap();
    let (mut tables, mut checked) = (0, 0);
    for (model, entry) in &map {
        let Some(table) = entry.get("tiered_pricing") else {
            continue;
        };
        let rows: Vec<BTreeMap<String, Value>> = serde_json::from_value(table.clone()).unwrap();
        let ranges: Vec<_> = rows.iter().filter_map(range).collect();
        if ranges.is_empty() {
            continue;
        }
        tables += 1;
        assert_eq!(ranges.len(), rows.len(), "{model}");
        for (at, (row, (low, high))) in rows.iter().zip(&ranges).enumerate() {
            assert!(
                row.keys()
                    .all(|key| key == "range" || COLUMNS.iter().any(|(name, _)| name == key)),
                "{model}"
            );
            for (column, meter) in COLUMNS {
                let Some(literal) = row.get(*column) else {
                    continue;
                };
                let expected = UsdPerMillion::from_usd_per_unit(&literal.to_string()).unwrap();
                let last = at + 1 == rows.len();
                let beyond = if last { high.saturating_mul(3) } else { *high };
                for tokens in [low + 1, *high, beyond] {
                    assert_eq!(
                        rate(&book, model, *meter, tokens),
                        expected,
                        "{model} {column} at {tokens}"
                    );
                    checked += 1;
                }
            }
        }
    }
    assert_eq!(tables, 49);
    assert!(checked > 900, "only {checked} rates were compared");
}
