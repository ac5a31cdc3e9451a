//! Usage objects with the names that providers use and any numbers: what is read can be priced or is refused by name.

use std::fmt::Write as _;

use billing_core::{CardBuilder, Meter, PriceBook, PriceError, Protocol, Request};

use super::choices::Choices;
use super::pricing::check_priced;

const NAMES: &[&str] = &[
    "prompt_tokens",
    "completion_tokens",
    "total_tokens",
    "input_tokens",
    "output_tokens",
    "cache_read_input_tokens",
    "cache_creation_input_tokens",
    "cached_tokens",
    "prompt_cache_hit_tokens",
    "reasoning_tokens",
    "citation_tokens",
    "num_search_queries",
    "promptTokenCount",
    "candidatesTokenCount",
    "totalTokenCount",
    "thoughtsTokenCount",
    "cachedContentTokenCount",
    "toolUsePromptTokenCount",
    "cost",
    "cost_in_usd_ticks",
    "service_tier",
    "seconds",
    "search_units",
    "input_audio_seconds",
];
const DETAILS: &[&str] = &[
    "prompt_tokens_details",
    "completion_tokens_details",
    "input_tokens_details",
    "output_tokens_details",
    "cache_creation",
    "server_tool_use",
    "cached_tokens_details",
    "promptTokensDetails",
];
const PARTS: &[&str] = &[
    "cached_tokens",
    "cache_write_tokens",
    "audio_tokens",
    "image_tokens",
    "text_tokens",
    "reasoning_tokens",
    "ephemeral_5m_input_tokens",
    "ephemeral_1h_input_tokens",
    "web_search_requests",
    "tokenCount",
];
const PROVIDERS: &[&str] = &[
    "openai",
    "anthropic",
    "gemini",
    "deepseek",
    "perplexity",
    "xai",
    "openrouter",
    "moonshot",
];

pub(crate) fn check(data: &[u8]) {
    let mut choices = Choices::new(data);
    let protocol = choices.pick(&Protocol::ALL);
    let request = Request::new(choices.pick(PROVIDERS), "m");
    let usage = usage(&mut choices);
    let around = if protocol == Protocol::GeminiGenerate {
        "usageMetadata"
    } else {
        "usage"
    };
    let body = format!("{{\"model\":\"m\",\"type\":\"message\",\"{around}\":{usage}}}");

    let reading = request.read(protocol, body.as_bytes());
    assert!(
        reading.usage.is_none() || reading.problem.is_none(),
        "{body}: {reading:?}"
    );
    let book = book();
    match &reading.usage {
        Some(usage) => check_priced(&book, &request.answered(&reading), usage),
        None => match request.price_answer(&book, &reading) {
            Err(PriceError::Calculation { detail }) => assert_eq!(Some(detail), reading.problem, "{body}"),
            Err(PriceError::UsageMissing { .. }) => assert_eq!(reading.problem, None, "{body}"),
            other => panic!("{body}: {other:?}"),
        },
    }
}

fn usage(choices: &mut Choices<'_>) -> String {
    let mut json = String::from("{\"x\":0");
    for _ in 0..choices.below(10) {
        if choices.byte() % 3 == 2 {
            let (details, part, number) = (choices.pick(DETAILS), choices.pick(PARTS), choices.number());
            let (other, more) = (choices.pick(PARTS), choices.number());
            write!(json, ",\"{details}\":{{\"{part}\":{number},\"{other}\":{more}}}").unwrap();
        } else {
            let (name, number) = (choices.pick(NAMES), choices.number());
            write!(json, ",\"{name}\":{number}").unwrap();
        }
    }
    json.push('}');
    json
}

/// One model that prices every meter.
fn book() -> PriceBook {
    let card = Meter::ALL
        .iter()
        .fold(CardBuilder::new(), |card, meter| card.rate(*meter, "3.000001"));
    PriceBook::from_cards([("m".into(), card.build().unwrap())])
}
