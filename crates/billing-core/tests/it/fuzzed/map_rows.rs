//! Rows made from the grammar of the map's fields, with any numbers: read, and priced whole or not at all.

use std::fmt::Write as _;

use billing_core::{MediaFormat, PriceBook, Request, Timestamp};
use tollgate_catalog::STEMS;

use super::choices::Choices;
use super::pricing::check_priced;

const SUFFIXES: &[&str] = &[
    "",
    "",
    "_priority",
    "_flex",
    "_batches",
    "_balanced",
    "_above_128k_tokens",
    "_above_200k_tokens",
    "_above_1k_tokens",
    "_above_1hr",
    "_above_0k_tokens",
    "_above_18446744073709551615k_tokens",
    "_1K",
    "_720p",
    "_0.5K",
    "_",
];
const NESTED: &[&str] = &[
    "tiered_pricing",
    "search_context_cost_per_query",
    "provider_specific_entry",
    "off_peak_pricing",
    "regional_processing_uplift_multiplier_eu",
    "regional_endpoint_uplift_multiplier",
    "web_search_billing_unit",
    "input_dbu_cost_per_token",
    "search_free_requests",
    "max_input_tokens",
];
const PROVIDERS: &[&str] = &[
    "openai",
    "xai",
    "dashscope",
    "fireworks_ai",
    "gemini",
    "anthropic",
    "",
    "perplexity",
];
const TIERS: &[&str] = &["", "priority", "flex", "batch", "balanced", "nobody's"];
const SIZES: &[&str] = &[
    "1K",
    "1024x1024",
    "720p",
    "1280x720",
    "hd",
    "0.5K",
    "99999999999999x2",
    "x",
    "",
];

pub(crate) fn check(data: &[u8]) {
    let mut choices = Choices::new(data);
    let json = map(&mut choices);
    let Ok(book) = PriceBook::from_litellm_json(&json) else {
        return;
    };
    for _ in 0..4 {
        let mut request = Request::new(choices.pick(PROVIDERS), choices.pick(&["m0", "m1", "none"]))
            .tier(choices.pick(TIERS))
            .at(Timestamp::from_timestamp(i64::from(choices.byte()) * 4_000, 0).unwrap());
        for name in ["fast", "us", "regional_processing_eu"] {
            if choices.byte() % 8 == 7 {
                request = request.modifier(name);
            }
        }
        if choices.byte() % 2 == 1 {
            let (size, quality) = (Some(choices.pick(SIZES).into()), Some(choices.pick(SIZES).into()));
            request = request.format(MediaFormat { size, quality });
        }
        check_priced(&book, &request, &choices.usage());
        if choices.is_done() {
            return;
        }
    }
}

/// Two models.
fn map(choices: &mut Choices<'_>) -> String {
    let mut json = String::from("{");
    for model in 0..2 {
        let provider = choices.pick(PROVIDERS);
        write!(json, "\"m{model}\":{{\"litellm_provider\":\"{provider}\"").unwrap();
        for _ in 0..choices.below(12) {
            let field = field(choices);
            let value = value(choices, &field);
            write!(json, ",\"{field}\":{value}").unwrap();
        }
        json.push_str(if model == 0 { "}," } else { "}}" });
    }
    json
}

fn field(choices: &mut Choices<'_>) -> String {
    if choices.byte() % 4 == 3 {
        return choices.pick(NESTED).to_owned();
    }
    let (stem, one, two) = (
        choices.pick(STEMS).field,
        choices.pick(SUFFIXES),
        choices.pick(SUFFIXES),
    );
    format!("{stem}{one}{two}")
}

fn value(choices: &mut Choices<'_>, field: &str) -> String {
    let number = choices.number();
    match field {
        "tiered_pricing" => {
            let (low, rate) = (choices.number(), choices.number());
            format!(
                "[{{\"range\":[0,{low}],\"input_cost_per_token\":{number}}},{{\"range\":[{low},{number}],\
                 \"input_cost_per_token\":{rate},\"output_cost_per_token\":{number}}},{number}]"
            )
        }
        "search_context_cost_per_query" => format!(
            "{{\"search_context_size_low\":{number},\"search_context_size_medium\":{},\"x\":1}}",
            choices.number()
        ),
        "provider_specific_entry" => format!("{{\"fast\":{number},\"us\":{}}}", choices.number()),
        "off_peak_pricing" => {
            let hours = choices.pick(&[
                "00:00-00:00",
                "16:30-00:30",
                "25:00-01:00",
                "",
                "04:00-06:00",
                "é-1",
            ]);
            format!(
                "{{\"input_cost_per_token\":{number},\"windows\":[{{\"hours_utc\":\"{hours}\",\"weekdays\":[1,{}]}}]}}",
                choices.number()
            )
        }
        _ => number,
    }
}
