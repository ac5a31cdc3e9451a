//! Examples for the OpenAPI document.

use serde_json::{Value, json};

use super::super::json::card_example;

pub(super) fn list() -> Value {
    json!({"price_version": 12, "items": [model()], "next_cursor": null})
}

pub(super) fn model() -> Value {
    json!({
        "model": "GPT-5-mini-2026-11-01",
        "model_requested": "gpt-5-mini",
        "occurrences": 120,
        "input_tokens": 120_000,
        "output_tokens": 30_000,
        "first_seen": "2026-11-04T10:00:00Z",
        "last_seen": "2026-11-05T07:59:00Z",
        "last_upstream": "openai-main",
        "last_upstream_id": "0198f0a0-0000-7000-8000-000000000001",
        "resolved": false,
        "has_override": false,
        "problem": "no price for openai/GPT-5-mini-2026-11-01, GPT-5-mini-2026-11-01",
        "suggestions": [suggestion()],
    })
}

pub(super) fn suggestion() -> Value {
    json!({"target": "gpt-5-mini", "differences": ["case", "date_suffix"], "price": card_example()})
}
