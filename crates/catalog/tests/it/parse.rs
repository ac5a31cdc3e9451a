//! What the parser makes of one entry.

use tollgate_catalog::{CatalogError, ParsedModel, parse_map};
use tollgate_domain::{Meter, SearchUnit, ServiceTier};

/// The model made of `fields`, beside one that makes the map valid.
fn model(fields: &str) -> ParsedModel {
    let json = format!(r#"{{"m": {{{fields}}}, "other": {{"input_cost_per_token": 1e-06}}}}"#);
    let map = parse_map(&json).unwrap();
    map.models
        .into_iter()
        .find(|model| model.name.as_str() == "m")
        .unwrap()
}

/// The card as lines of `meter tier band rate`, and the size.
fn rates(model: &ParsedModel) -> Vec<String> {
    let card = model.card.as_ref().unwrap();
    card.rates()
        .iter()
        .map(|rate| {
            let band = rate
                .above_tokens
                .map_or("-".to_owned(), |above| above.to_string());
            let size = rate
                .size
                .as_ref()
                .map_or_else(String::new, |size| format!(" for {size}"));
            format!(
                "{} {} {band} {}{size}",
                rate.meter, rate.tier, rate.usd_per_million
            )
        })
        .collect()
}

#[test]
fn float_noise_is_rounded_to_twelve_decimals_per_million_and_the_literal_is_never_a_float() {
    let model = model(r#""input_cost_per_token": 1.5000020000000002e-05, "output_cost_per_token": 1e-7"#);
    assert_eq!(
        rates(&model),
        ["input standard - 15.00002", "output standard - 0.1"]
    );
}

#[test]
fn zero_is_a_price_only_where_the_map_says_zero() {
    let model = model(
        r#""input_cost_per_token": 0, "output_cost_per_token": 0.0, "cache_read_input_token_cost": null,
           "cache_creation_input_token_cost": "", "input_cost_per_image": "  ""#,
    );
    assert_eq!(rates(&model), ["input standard - 0", "output standard - 0"]);
    assert!(model.unusable_fields.is_empty(), "{:?}", model.unusable_fields);
}

#[test]
fn what_is_no_price_is_listed_and_the_rest_still_prices() {
    let model = model(
        r#""input_cost_per_token": 2e-06, "output_cost_per_token": -1e-06, "input_cost_per_image": "free",
           "input_cost_per_second": true, "ocr_cost_per_page": 1e9"#,
    );
    assert_eq!(rates(&model), ["input standard - 2"]);
    let expected = [
        "output_cost_per_token",
        "input_cost_per_image",
        "input_cost_per_second",
        "ocr_cost_per_page",
    ];
    assert_eq!(model.unusable_fields, expected);
}

#[test]
fn a_table_of_ranges_becomes_bands_with_an_open_end() {
    let model = model(
        r#""tiered_pricing": [
            {"range": [0, 32000.0], "input_cost_per_token": 1e-06, "output_cost_per_token": 5e-06},
            {"range": [32000.0, 128000.0], "input_cost_per_token": 2e-06, "output_cost_per_token": 9e-06}]"#,
    );
    let expected = [
        "input standard - 1",
        "input standard 32000 2",
        "output standard - 5",
        "output standard 32000 9",
    ];
    assert_eq!(rates(&model), expected);
    let card = model.card.unwrap();
    assert_eq!(card.band(32_000), None);
    assert_eq!(card.band(32_001), Some(32_000));
    assert_eq!(card.band(999_000_000), Some(32_000));
}

#[test]
fn a_table_by_the_number_of_results_is_priced_by_that_number() {
    let model = model(
        r#""tiered_pricing": [{"max_results_range": [0, 25], "input_cost_per_query": 0.005},
           {"max_results_range": [26, 100], "input_cost_per_query": 0.025}]"#,
    );
    assert_eq!(
        rates(&model),
        [
            "queries standard - 5000 for 0-25",
            "queries standard - 25000 for 26-100"
        ]
    );
}

#[test]
fn a_table_by_anything_else_is_kept_aside() {
    let model = model(
        r#""input_cost_per_query": 0.005,
           "tiered_pricing": [{"colour": "red", "input_cost_per_query": 0.025}]"#,
    );
    assert_eq!(rates(&model), ["queries standard - 5000"]);
    assert_eq!(model.unknown_fields, ["tiered_pricing"]);
}

#[test]
fn a_table_may_have_every_column_and_fill_what_flat_fields_leave() {
    let model = model(
        r#""output_cost_per_token": 7e-06, "tiered_pricing": [
            {"range": [0, 1000], "input_cost_per_token": 1e-06, "cache_read_input_token_cost": 1e-07,
             "output_cost_per_reasoning_token": 4e-06, "input_cost_per_token_batches": 5e-07},
            {"range": [1000, 2000], "input_cost_per_token": 2e-06, "cache_read_input_token_cost": 2e-07,
             "output_cost_per_reasoning_token": 8e-06, "input_cost_per_token_batches": 1e-06}]"#,
    );
    let expected = [
        "input standard - 1",
        "input standard 1000 2",
        "input batch - 0.5",
        "input batch 1000 1",
        "cache_read standard - 0.1",
        "cache_read standard 1000 0.2",
        "output standard - 7",
        "reasoning standard - 4",
        "reasoning standard 1000 8",
    ];
    assert_eq!(rates(&model), expected);
}

#[test]
fn an_off_peak_block_becomes_windows_with_its_prices() {
    let model = model(
        r#""input_cost_per_token": 3e-07, "off_peak_pricing": {"input_cost_per_token": 1.5e-07,
           "weekday_timezone": "Asia/Shanghai", "windows": [
             {"hours_utc": ["00:00-01:00", "10:00-00:00"], "weekdays": [1, "tue"]}, {"hours_utc": "00:00-00:00"}]}"#,
    );
    assert_eq!(rates(&model), ["input standard - 0.3"]);
    let windows: Vec<String> = model
        .card
        .unwrap()
        .windows()
        .iter()
        .map(ToString::to_string)
        .collect();
    let expected = [
        "00:00-01:00, 10:00-00:00 UTC on Mon, Tue (Asia/Shanghai)",
        "00:00-00:00 UTC (Asia/Shanghai)",
    ];
    assert_eq!(windows, expected);
}

#[test]
fn an_off_peak_block_without_a_list_has_one_window() {
    let fields = r#""input_cost_per_token": 2e-06, "off_peak_pricing": {"hours_utc": "16:30-00:30", "input_cost_per_token": 1e-06}"#;
    let card = model(fields).card.unwrap();
    assert_eq!(card.windows().len(), 1);
    assert_eq!(card.windows()[0].rates[0].usd_per_million.to_string(), "1");
}

#[test]
fn an_off_peak_block_that_cannot_be_read_whole_is_listed_and_the_normal_price_stands() {
    for block in [
        r#"{"input_cost_per_token": 1e-06, "windows": [{"hours_utc": "9-17"}]}"#,
        r#"{"input_cost_per_token": 1e-06, "windows": [{"weekdays": [1]}]}"#,
        r#"{"input_cost_per_token": 1e-06, "windows": [{"hours_utc": "00:00-00:00", "weekdays": [8]}]}"#,
        r#"{"input_cost_per_token": 1e-06, "windows": [{"hours_utc": "00:00-00:00", "weekdays": []}]}"#,
        r#"{"input_cost_per_token": 1e-06, "windows": [{"hours_utc": "00:00-00:00"}], "weekday_timezone": "Europe/Paris"}"#,
        r#"{"windows": [{"hours_utc": "00:00-00:00"}]}"#,
        r#"{"input_cost_per_token": 1e-06}"#,
        "\"cheap at night\"",
    ] {
        let model = model(&format!(
            r#""input_cost_per_token": 2e-06, "off_peak_pricing": {block}"#
        ));
        assert_eq!(rates(&model), ["input standard - 2"], "{block}");
        assert!(model.card.unwrap().windows().is_empty(), "{block}");
        assert_eq!(model.unusable_fields, ["off_peak_pricing"], "{block}");
    }
}

#[test]
fn sizes_have_rates_of_their_own() {
    let model = model(
        r#""output_cost_per_second": 0.1, "output_cost_per_second_720p": 0.2, "output_cost_per_image_0.5K": 0.06"#,
    );
    let expected = [
        "images_out standard - 60000 for 0.5K",
        "seconds_out standard - 100000",
        "seconds_out standard - 200000 for 720p",
    ];
    assert_eq!(rates(&model), expected);
}

#[test]
fn an_image_models_input_price_is_the_price_of_what_it_makes() {
    let by_image = r#""mode": "image_generation", "input_cost_per_image": 0.04"#;
    assert_eq!(rates(&model(by_image)), ["images_out standard - 40000"]);
    let by_pixel =
        r#""mode": "image_generation", "input_cost_per_pixel": 2e-08, "output_cost_per_pixel": 0.0"#;
    assert_eq!(rates(&model(by_pixel)), ["pixels_out standard - 0.02"]);
    let both = r#""mode": "image_generation", "input_cost_per_image": 0.001, "output_cost_per_image": 0.04"#;
    assert_eq!(
        rates(&model(both)),
        ["images_in standard - 1000", "images_out standard - 40000"]
    );
    let chat = r#""mode": "chat", "input_cost_per_image": 0.001"#;
    assert_eq!(rates(&model(chat)), ["images_in standard - 1000"]);
    let by_token =
        r#""mode": "image_generation", "input_cost_per_token": 1e-06, "input_cost_per_image": 0.001"#;
    assert_eq!(
        rates(&model(by_token)),
        ["input standard - 1", "images_in standard - 1000"]
    );
}

#[test]
fn guardrail_units_credits_and_messages_have_meters() {
    let model = model(
        r#""guardrail_cost_per_unit": {"contentPolicyUnits": 0.00015, "wordPolicyUnits": 0.0, "moodUnits": 1},
           "ocr_cost_per_credit": 0.015, "input_cost_per_text_message": 0.004"#,
    );
    let expected = [
        "text_messages standard - 4000",
        "credits standard - 15000",
        "guardrail_content standard - 150",
        "guardrail_word standard - 0",
    ];
    assert_eq!(rates(&model), expected);
    assert_eq!(model.unknown_fields, ["guardrail_cost_per_unit.moodUnits"]);
}

#[test]
fn how_searches_are_charged_is_an_attribute_of_the_card() {
    let unit = |value: &str| {
        let fields = format!(r#""input_cost_per_token": 1e-06, "web_search_billing_unit": {value}"#);
        let model = model(&fields);
        (model.card.unwrap().search_unit(), model.unusable_fields)
    };
    assert_eq!(unit(r#""per_query""#), (Some(SearchUnit::PerQuery), vec![]));
    assert_eq!(unit(r#""per_prompt""#), (Some(SearchUnit::PerPrompt), vec![]));
    assert_eq!(unit("null"), (None, vec![]));
    assert_eq!(
        unit(r#""per_moon""#),
        (None, vec!["web_search_billing_unit".to_owned()])
    );
}

#[test]
fn a_number_of_free_units_is_an_attribute_of_the_card() {
    let fields =
        r#""input_cost_per_image": 0.04, "provider_specific_entry": {"minimax_free_input_images": 5}"#;
    assert_eq!(model(fields).card.unwrap().free_units(Meter::ImagesIn), 5);
}

#[test]
fn a_number_written_as_text_is_a_number_and_other_text_is_none() {
    let model = model(
        r#""input_cost_per_token": "2e-06", "output_cost_per_token": " 1e-05 ", "input_cost_per_image": "1 USD",
           "input_cost_per_second": "-1", "ocr_cost_per_page": "", "input_cost_per_query": "NaN",
           "input_cost_per_request": {"usd": 1}, "output_cost_per_image": [1]"#,
    );
    assert_eq!(rates(&model), ["input standard - 2", "output standard - 10"]);
    let expected = [
        "input_cost_per_image",
        "input_cost_per_second",
        "input_cost_per_query",
        "input_cost_per_request",
        "output_cost_per_image",
    ];
    assert_eq!(model.unusable_fields, expected);
}

#[test]
fn nesting_without_end_is_listed_and_the_rest_prices() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let json = format!(r#"{{"m": {{"input_cost_per_token": 1e-06, "off_peak_pricing": {deep}}}}}"#);
    let map = parse_map(&json).unwrap();
    assert_eq!(map.models[0].unusable_fields, ["off_peak_pricing"]);
}

#[test]
fn search_sizes_are_prices_per_call() {
    let model = model(
        r#""search_context_cost_per_query": {"search_context_size_low": 0.005,
           "search_context_size_medium": 0.008, "search_context_size_high": 0.012}"#,
    );
    let expected = [
        "web_search_low standard - 5000",
        "web_search standard - 8000",
        "web_search_high standard - 12000",
    ];
    assert_eq!(rates(&model), expected);
}

#[test]
fn modifiers_come_from_named_multipliers_only() {
    let model = model(
        r#""input_cost_per_token": 1e-06, "regional_processing_uplift_multiplier_eu": 1.1,
           "provider_specific_entry": {"fast": 2.0, "us": 0, "free_images": 5, "schema": "v2"}"#,
    );
    let card = model.card.as_ref().unwrap();
    let modifiers: Vec<String> = card
        .modifiers()
        .iter()
        .map(|(name, factor)| format!("{name} {factor}"))
        .collect();
    assert_eq!(modifiers, ["fast 2", "regional_processing_eu 1.1"]);
    assert_eq!(model.unknown_fields, ["provider_specific_entry.free_images"]);
    assert_eq!(model.unusable_fields, ["provider_specific_entry.us"]);
}

#[test]
fn two_fields_for_one_place_keep_the_first_and_list_a_second_that_differs() {
    let differing = model(r#""input_cost_per_second": 0.1, "input_cost_per_audio_per_second": 0.2"#);
    assert_eq!(rates(&differing), ["seconds_in standard - 100000"]);
    assert_eq!(differing.unknown_fields, ["input_cost_per_audio_per_second"]);
    let agreeing = model(r#""input_cost_per_second": 0.1, "input_cost_per_audio_per_second": 1e-1"#);
    assert!(agreeing.unknown_fields.is_empty());
}

#[test]
fn xai_bands_begin_at_the_threshold() {
    let fields = r#""input_cost_per_token": 1e-06, "input_cost_per_token_above_200k_tokens": 2e-06"#;
    let xai = model(&format!(r#"{fields}, "litellm_provider": "xai""#))
        .card
        .unwrap();
    let other = model(fields).card.unwrap();
    assert_eq!((xai.band(199_999), xai.band(200_000)), (None, Some(199_999)));
    assert_eq!((other.band(200_000), other.band(200_001)), (None, Some(200_000)));
}

#[test]
fn units_other_than_ours_are_ignored_by_name() {
    let model = model(
        r#""input_cost_per_token": 1e-06, "input_dbu_cost_per_token": 7e-06,
           "input_cost_per_token_cache_hit": 5e-07"#,
    );
    assert_eq!(rates(&model), ["input standard - 1"]);
    assert!(model.unknown_fields.is_empty());
}

#[test]
fn entries_without_an_output_price_are_kept() {
    let card = model(r#""mode": "embedding", "input_cost_per_token": 2e-08"#)
        .card
        .unwrap();
    assert_eq!(card.rate(Meter::Output, &ServiceTier::Standard, None), None);
    assert_eq!(card.rates().len(), 1);
}

#[test]
fn what_is_no_map_is_refused_and_what_is_no_model_is_skipped() {
    for broken in [
        "",
        "<html>",
        "[]",
        "null",
        r#"{"a": {"input_cost_per_token": 1e-06}"#,
    ] {
        assert!(
            matches!(parse_map(broken), Err(CatalogError::NotAMap { .. })),
            "{broken:?}"
        );
    }
    for empty in [
        "{}",
        r#"{"a": {"mode": "chat"}}"#,
        r#"{"sample_spec": {"input_cost_per_token": 1}}"#,
    ] {
        assert!(
            matches!(parse_map(empty), Err(CatalogError::NothingPriced { .. })),
            "{empty:?}"
        );
    }
    let json = r#"{"sample_spec": {"input_cost_per_token": 0}, "fallback_generalizations": {"rules": []},
                   "text": "x", "m": {"input_cost_per_token": 1e-06}}"#;
    let map = parse_map(json).unwrap();
    assert_eq!(map.skipped, ["sample_spec", "fallback_generalizations", "text"]);
    assert_eq!(map.models.len(), 1);
}

#[test]
fn a_repeated_key_keeps_its_last_value() {
    let json = r#"{"m": {"input_cost_per_token": 1e-06}, "m": {"input_cost_per_token": 2e-06}}"#;
    let map = parse_map(json).unwrap();
    assert_eq!(map.models.len(), 1);
    assert_eq!(rates(&map.models[0]), ["input standard - 2"]);
}
