//! The crate as a program uses it that keeps no upstreams: requests, cards in code, receipts.

use billing_core::{
    BillBy, CardBuilder, Charge, Meter, PriceBook, PriceError, PriceRule, Protocol, Request, Usage,
    usage_from_response,
};

const CHAT: Protocol = Protocol::OpenaiChat;

fn book() -> PriceBook {
    let card = CardBuilder::new()
        .rate(Meter::Input, "2")
        .rate(Meter::Output, "10")
        .rate(Meter::WebSearch, "10000")
        .rate_above(1_000_000, Meter::Input, "4")
        .rate_in_tier("flex", Meter::Input, "1")
        .modifier("fast", "2");
    let cheap = CardBuilder::new()
        .rate(Meter::Input, "0.5")
        .rate(Meter::Output, "0.5");
    PriceBook::from_cards([
        ("dear".into(), card.build().unwrap()),
        ("house/cheap".into(), cheap.build().unwrap()),
    ])
}

fn cost(charge: Result<Charge, PriceError>) -> String {
    charge.unwrap().amounts.cost.to_string()
}

fn million() -> Usage {
    Usage::new().with(Meter::Input, 1_000_000).unwrap()
}

#[test]
fn the_provider_prefixes_the_name_first() {
    let usage = million();
    assert_eq!(cost(Request::new("house", "cheap").price(&book(), &usage)), "0.5");
    assert_eq!(cost(Request::new("house", "dear").price(&book(), &usage)), "2");
    let error = Request::new("elsewhere", "cheap")
        .price(&book(), &usage)
        .unwrap_err();
    assert_eq!(error.to_string(), "no price for elsewhere/cheap, cheap");
}

#[test]
fn the_answer_decides_model_tier_and_modifiers() {
    let request = Request::new("house", "cheap");
    let body = br#"{"model": "dear", "service_tier": "flex", "usage": {"prompt_tokens": 1000000, "completion_tokens": 0}}"#;
    let reading = request.read(CHAT, body);
    assert_eq!(cost(request.price_answer(&book(), &reading)), "1");
    let by_sent = request
        .clone()
        .bill_by(BillBy::Sent)
        .answered(&reading)
        .tier("default");
    assert_eq!(cost(by_sent.price(&book(), &million())), "0.5");

    let request = Request::new("house", "dear");
    assert_eq!(
        cost(request.clone().modifier("fast").price(&book(), &million())),
        "4"
    );
    let unknown = request.clone().modifier("slow").price(&book(), &million());
    assert!(matches!(unknown, Err(PriceError::NotFound { .. })));
    let unknown = request.tier("ultra").price(&book(), &million());
    assert!(matches!(unknown, Err(PriceError::NotFound { .. })));
}

#[test]
fn an_answer_without_usage_says_what_it_has_instead() {
    let text = |body: &[u8]| usage_from_response(CHAT, body).unwrap_err();
    assert_eq!(text(b"{}").to_string(), "the answer carries no usage");
    assert_eq!(
        text(br#"{"error": {"message": "no", "type": "rate_limit"}}"#).to_string(),
        "the answer is an error: rate_limit: no"
    );
    let zeros = br#"{"usage": {"prompt_tokens": 0, "completion_tokens": 0}}"#;
    assert_eq!(
        text(zeros).to_string(),
        "the answer carries no usage (zero_usage)"
    );
    assert!(matches!(text(b"<html>"), PriceError::UsageMissing { .. }));
}

#[test]
fn an_impossible_counter_is_a_calculation_error_that_names_it() {
    for (counter, why) in [
        ("-1", "is negative"),
        ("1.5", "is not a whole number"),
        ("1e400", "is not a number in range"),
        ("18446744073709551616", "is above 2^40"),
        ("\"many\"", "is not a number in range"),
    ] {
        let body = format!("{{\"usage\": {{\"prompt_tokens\": {counter}, \"completion_tokens\": 1}}}}");
        let Err(PriceError::Calculation { detail }) = usage_from_response(CHAT, body.as_bytes()) else {
            panic!("{counter}: another outcome");
        };
        assert!(
            detail.contains("prompt_tokens") && detail.contains(why),
            "{counter}: {detail}"
        );
    }
}

#[test]
fn an_override_stands_above_the_list_and_an_alias_below_names() {
    let own = CardBuilder::new().rate(Meter::Input, "7").build().unwrap();
    let book = book().with_override("dear", own).with_alias("nickname", "dear");
    let charge = Request::new("house", "dear").price(&book, &million()).unwrap();
    assert_eq!(
        (charge.amounts.cost.to_string().as_str(), charge.pricing.rule),
        ("7", PriceRule::GlobalOverride)
    );
    assert_eq!(
        cost(Request::new("house", "nickname").price(&book, &million())),
        "7"
    );
}

#[test]
fn markup_multiplies_the_cost_and_leaves_the_list_cost() {
    let book = book().with_markup("1.5".parse().unwrap(), "2".parse().unwrap());
    let usage = million().with(Meter::Output, 100_000).unwrap();
    let amounts = Request::new("house", "dear")
        .price(&book, &usage)
        .unwrap()
        .amounts;
    assert_eq!(
        (amounts.list_cost.to_string(), amounts.cost.to_string()),
        ("3".into(), "5".into())
    );
}

#[test]
fn a_receipt_reads_as_a_receipt_and_survives_serde() {
    let usage = Usage::new()
        .with(Meter::Input, 1_200_000)
        .and_then(|usage| usage.with(Meter::Reasoning, 300))
        .and_then(|usage| usage.with(Meter::WebSearch, 2))
        .unwrap();
    let book = book().with_markup("1".parse().unwrap(), "1.25".parse().unwrap());
    let charge = Request::new("house", "dear")
        .modifier("fast")
        .price(&book, &usage)
        .unwrap();
    let expected = "\
dear · standard tier · above 1,000,000 tokens · litellm (synced_card)
    1,200,000 input        x 4 USD/M x 2 fast = 9.6 USD
          300 reasoning    x 10 USD/M x 2 fast x 1.25 = 0.0075 USD  (reasoning_as_output, flat_rate)
            2 web_search   x 10000 USD/M calls = 0.02 USD  (flat_rate)
cost 9.6275 USD (list 9.626)";
    assert_eq!(charge.to_string(), expected);

    let json = serde_json::to_value(&charge).unwrap();
    assert_eq!(json["amounts"]["cost"], "9.6275");
    assert_eq!(json["lines"][1]["usd_per_million"], "10");
    assert_eq!(serde_json::from_value::<Charge>(json).unwrap(), charge);
}

#[test]
fn a_free_receipt_says_why() {
    let card = CardBuilder::new().rate(Meter::Input, "0").build().unwrap();
    let book = PriceBook::from_cards([("free".into(), card)]);
    let charge = Request::new("house", "free").price(&book, &million()).unwrap();
    assert!(
        charge.to_string().ends_with("cost 0 USD (free_model)"),
        "{charge}"
    );
}
