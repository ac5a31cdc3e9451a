//! Prices by the hour, for programs that say or do not say when.

use billing_core::{Meter, PriceBook, Request, Usage};

fn usage() -> Usage {
    Usage::new().with(Meter::Input, 1_000_000).unwrap()
}

#[test]
fn without_a_time_a_price_by_the_hour_is_not_guessed() {
    let book = PriceBook::bundled().unwrap();
    let request = Request::new("deepseek", "deepseek-v4-pro");
    let error = request.price(&book, &usage()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "deepseek/deepseek-v4-pro is priced by the hour, and when the request was made is not known"
    );
    let at = |text: &str| {
        let charge = request.clone().at(text.parse().unwrap()).price(&book, &usage());
        charge.unwrap().amounts.cost.to_string()
    };
    assert_eq!(at("2026-11-04T02:00:00Z"), "1.32");
    assert_eq!(at("2026-11-04T04:00:00Z"), "0.66");
}

#[test]
fn a_price_of_every_hour_needs_no_time() {
    let book = PriceBook::bundled().unwrap();
    assert!(Request::new("openai", "gpt-4o").price(&book, &usage()).is_ok());
}
