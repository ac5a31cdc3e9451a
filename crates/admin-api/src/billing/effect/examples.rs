//! Examples for the OpenAPI document.

use serde_json::{Value, json};

use crate::schema::CURRENCY;

pub(super) fn effect() -> Value {
    json!({"currency": CURRENCY, "changes": [change()], "traffic": traffic()})
}

pub(super) fn change() -> Value {
    json!({
        "subject": "rate",
        "reason": "factor",
        "model": "gpt-5-mini",
        "upstream_id": "0198f0a0-0000-7000-8000-000000000001",
        "upstream_name": "openai-main",
        "meter": "input",
        "tier": "standard",
        "above_tokens": null,
        "before": "0.25",
        "after": "2.5",
    })
}

pub(super) fn traffic() -> Value {
    json!({
        "from": "2026-10-29T08:00:00Z",
        "until": "2026-11-05T08:00:00Z",
        "complete": true,
        "entries_read": 5_400,
        "read_until": null,
        "requests": 118,
        "attempts": 120,
        "input_tokens": 120_000,
        "output_tokens": 30_000,
        "cost_before": "0.09",
        "cost_after": "0.36",
        "unbilled_before": 0,
        "unbilled_after": 0,
        "groups": [group()],
    })
}

pub(super) fn group() -> Value {
    json!({
        "model": "gpt-5-mini",
        "upstream_id": "0198f0a0-0000-7000-8000-000000000001",
        "upstream_name": "openai-main",
        "requests": 118,
        "attempts": 120,
        "input_tokens": 120_000,
        "output_tokens": 30_000,
        "cost_before": "0.09",
        "cost_after": "0.36",
        "unbilled_before": 0,
        "unbilled_after": 0,
    })
}

pub(super) fn backdated() -> Value {
    json!({"effective_from": "2026-11-01T00:00:00Z", "entries": 42, "complete": true, "read_until": null})
}
