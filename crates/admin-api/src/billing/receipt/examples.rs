//! Examples for the OpenAPI document.

use serde_json::{Value, json};

use crate::schema::CURRENCY;

pub(super) fn receipt() -> Value {
    json!({
        "request_id": "0198f0a0-0000-7000-8000-000000000003",
        "billing_status": "billed",
        "list_cost": "0.00225",
        "cost": "0.0019125",
        "charge": "0.0019125",
        "currency": CURRENCY,
        "attempts": [attempt()],
    })
}

pub(super) fn attempt() -> Value {
    json!({
        "event_id": "0198f0a0-0000-7000-8000-000000000005",
        "attempt": 1,
        "occurred_at": "2026-11-05T08:00:00Z",
        "key": key(),
        "upstream": upstream(),
        "protocol": "openai_chat",
        "stream": true,
        "model_requested": "gpt-5-mini",
        "model_sent": "gpt-5-mini",
        "tier_requested": null,
        "caller": caller(),
        "price_version": 12,
        "billing_status": "billed",
        "reason": null,
        "detail": null,
        "list_cost": "0.00225",
        "cost": "0.0019125",
        "charge": "0.0019125",
        "entries": [entry()],
    })
}

pub(super) fn key() -> Value {
    json!({
        "id": "0198f0a0-0000-7000-8000-000000000002",
        "name": "search-backend",
        "owner": "ada@example.com",
        "team": "search",
        "tags": ["production"],
    })
}

pub(super) fn upstream() -> Value {
    json!({
        "id": "0198f0a0-0000-7000-8000-000000000001",
        "name": "openai-main",
        "provider": "openai",
        "account_label": "org-acme",
        "credential_fingerprint": "3f2a9c0d1e4b5a67",
        "bill_by": "served",
        "reported_cost": "never",
    })
}

pub(super) fn caller() -> Value {
    json!({
        "request_id": null,
        "idempotency_key": null,
        "sdk_retry_count": 0,
        "end_user": null,
        "metadata": {},
    })
}

pub(in crate::billing) fn entry() -> Value {
    json!({
        "revision": 0,
        "kind": "usage",
        "billing_status": "billed",
        "reason": null,
        "detail": null,
        "outcome": outcome(),
        "usage_source": "reported",
        "usage": {"input": 1000, "output": 1000},
        "provider_usage": {"prompt_tokens": 1000, "completion_tokens": 1000, "total_tokens": 2000},
        "flags": [],
        "pricing": pricing(),
        "candidates": [crate::billing::candidates::example()],
        "lines": [line()],
        "formula": "0.0002125 + 0.0017 = 0.0019125 USD",
        "list_cost": "0.00225",
        "cost": "0.0019125",
        "charge": "0.0019125",
        "zero_reason": null,
        "provider_reported_cost": null,
        "accounting_period": "2026-11",
        "adjustment": null,
        "recorded_at": "2026-11-05T08:00:02Z",
        "journal_id": "0198f0a0-0000-7000-8000-000000000004",
        "journal_seq": 71,
    })
}

pub(super) fn outcome() -> Value {
    json!({
        "kind": "completed",
        "http_status": 200,
        "ended_at": "2026-11-05T08:00:01.5Z",
        "ttft_us": 350_000,
        "response_id": "chatcmpl-1",
        "finish_reason": "stop",
        "model_served": "gpt-5-mini",
        "tier_served": "default",
    })
}

pub(in crate::billing) fn pricing() -> Value {
    json!({
        "price_source": "litellm",
        "price_version": 12,
        "rule": "synced_card",
        "priced_as": "gpt-5-mini",
        "name_role": "served",
        "name_form": "plain",
        "card_id": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "tier": "standard",
        "band_above_tokens": null,
        "window": null,
        "input_multiplier": "0.85",
        "output_multiplier": "0.85",
        "multiplier_pattern": null,
    })
}

pub(in crate::billing) fn line() -> Value {
    json!({
        "meter": "input",
        "unit": "token",
        "side": "input",
        "count": 1000,
        "billed_count": null,
        "size": null,
        "usd_per_million": "0.25",
        "modifiers": [],
        "multiplier": "0.85",
        "list_cost": "0.00025",
        "cost": "0.0002125",
        "fallbacks": [],
        "formula": "1000 input tokens x 0.25 USD per million x 0.85 (input multiplier) = 0.0002125 USD",
    })
}

pub(super) fn adjustment() -> Value {
    json!({
        "run_id": "0198f0a0-0000-7000-8000-000000000006",
        "author": "ada",
        "note": "price corrected by the provider",
    })
}
