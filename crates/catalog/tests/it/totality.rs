//! Whatever the text, reading it answers or refuses; it never panics, and a snapshot of it reads the same.

use proptest::prelude::*;
use tollgate_catalog::{parse_map, snapshot};

/// Field names near the grammar.
fn field() -> impl Strategy<Value = String> {
    let stem = prop::sample::select(vec![
        "input_cost_per_token",
        "output_cost_per_image",
        "cache_creation_input_token_cost",
        "tiered_pricing",
        "provider_specific_entry",
        "search_context_cost_per_query",
        "supports_vision",
        "litellm_provider",
    ]);
    let suffix = prop::sample::select(vec![
        "",
        "_above_1hr",
        "_above_128k_tokens",
        "_above_99999999999999999999k_tokens",
        "_above_18446744073709551615k_tokens",
        "_priority",
        "_",
        "_é",
    ]);
    (stem, prop::collection::vec(suffix, 0..3))
        .prop_map(|(stem, suffixes)| format!("{stem}{}", suffixes.concat()))
}

fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        "-?[0-9]{1,20}(\\.[0-9]{1,20})?(e-?[0-9]{1,6})?".prop_filter("a JSON number", |text| {
            serde_json::from_str::<serde_json::Number>(text).is_ok()
        }),
        Just("null".to_owned()),
        Just("\" \"".to_owned()),
        Just("[{\"range\": [1.5, 2], \"input_cost_per_token\": 1}]".to_owned()),
        Just("[{\"range\": [0, 2], \"input_cost_per_token\": 1}]".to_owned()),
        Just("{\"fast\": 2.0, \"search_context_size_low\": 0.1, \"é\": 1e999}".to_owned()),
    ]
}

proptest! {
    #[test]
    fn maps_near_the_grammar_are_read_and_their_snapshots_read_the_same(
        fields in prop::collection::vec((field(), value()), 0..8),
    ) {
        let fields: Vec<String> = fields.iter().map(|(name, value)| format!("\"{name}\": {value}")).collect();
        let json = format!("{{\"m\": {{{}}}, \"n\": {{\"input_cost_per_token\": 1}}}}", fields.join(", "));
        let map = parse_map(&json).unwrap();
        let again = parse_map(&snapshot::import(&json).unwrap()).unwrap();
        prop_assert_eq!(map.models, again.models);
    }

    #[test]
    fn any_text_is_read_or_refused(text in ".{0,60}") {
        let field = format!("{{\"m\": {{\"input_cost_per_token\": {text}}}}}");
        for json in [text.as_str(), field.as_str()] {
            let priced = parse_map(json).is_ok_and(|map| map.models.iter().any(|model| model.card.is_some()));
            // Only real JSON can be a map; everything else is refused.
            prop_assert!(!priced || serde_json::from_str::<serde_json::Value>(json).is_ok());
        }
    }
}
