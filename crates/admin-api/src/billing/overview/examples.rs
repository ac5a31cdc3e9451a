//! Examples for the OpenAPI document.

use crate::schema::CURRENCY;

pub(super) fn example() -> serde_json::Value {
    serde_json::json!({
        "accounting_zone": "Europe/Berlin",
        "currency": CURRENCY,
        "generated_at": "2026-11-05T08:00:00Z",
        "as_of": null,
        "today": period_example(),
        "month": period_example(),
        "previous": previous_example(),
        "unpriced": unpriced_example(),
        "unbilled": [unbilled_example()],
        "gaps": gaps_example(),
        "catalog": catalog_example(),
        "price_version": 12,
        "journal": journal_example(),
        "health": "ready",
    })
}

pub(super) fn period_example() -> serde_json::Value {
    serde_json::json!({
        "from": "2026-11-04T23:00:00Z",
        "until": "2026-11-05T23:00:00Z",
        "list_cost": "12.5",
        "cost": "10.625",
        "charge": "10.625",
        "estimated_cost": "0.002",
        "parts": parts_example(),
        "requests": 1244,
        "attempts": 1250,
        "billed": 1240,
        "unbilled": 3,
        "no_charge": 7,
        "input_tokens": 2_500_000,
        "cache_read_tokens": 900_000,
        "cache_write_tokens": 12_000,
        "output_tokens": 640_000,
        "reasoning_tokens": 90_000,
    })
}

pub(super) fn parts_example() -> serde_json::Value {
    serde_json::json!({
        "reported": billed_example(),
        "estimated": {"attempts": 2, "list_cost": "0.002", "cost": "0.002", "charge": "0.002"},
        "unbilled": unbilled_part_example(),
    })
}

pub(super) fn billed_example() -> serde_json::Value {
    serde_json::json!({"attempts": 1238, "list_cost": "12.498", "cost": "10.623", "charge": "10.623"})
}

pub(super) fn unbilled_part_example() -> serde_json::Value {
    serde_json::json!({
        "attempts": 3,
        "input_tokens": 1800,
        "output_tokens": 420,
        "estimate": {"cost_low": "0.0012", "cost_high": "0.0034", "unknown_attempts": 0, "reason": null},
    })
}

pub(super) fn previous_example() -> serde_json::Value {
    serde_json::json!({
        "day": period_example(),
        "day_so_far": period_example(),
        "month": period_example(),
        "month_so_far": period_example(),
    })
}

pub(super) fn unpriced_example() -> serde_json::Value {
    serde_json::json!({"models": 1, "attempts": 3, "items": [unbilled_example()]})
}

pub(super) fn unbilled_example() -> serde_json::Value {
    serde_json::json!({
        "reason": "price_not_found",
        "model": "acme-large",
        "attempts": 3,
        "input_tokens": 1800,
        "output_tokens": 420,
        "estimate": {"cost_low": "0.0012", "cost_high": "0.0034", "unknown_attempts": 0, "reason": null},
        "last_seen": "2026-11-05T07:59:00Z",
        "last_upstream": "acme",
    })
}

pub(super) fn gaps_example() -> serde_json::Value {
    serde_json::json!({
        "attempts": 41,
        "from": "2026-11-03T22:14:07Z",
        "until": "2026-11-03T22:31:40Z",
        "stretches": [stretch_example()],
    })
}

pub(super) fn stretch_example() -> serde_json::Value {
    serde_json::json!({
        "journal_id": "0198f0a0-0000-7000-8000-000000000004",
        "attempts": 41,
        "from": "2026-11-03T22:14:07Z",
        "until": "2026-11-03T22:31:40Z",
    })
}

pub(super) fn catalog_example() -> serde_json::Value {
    serde_json::json!({
        "models": 4242,
        "stale": 3,
        "held": 1,
        "overrides": 2,
        "origin": "synced",
        "published_at": "2026-11-01T00:00:00Z",
        "content_hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "last_sync": crate::price_releases::example(),
    })
}

pub(super) fn journal_example() -> serde_json::Value {
    serde_json::json!({
        "id": "0198f0a0-0000-7000-8000-000000000004",
        "bytes_on_disk": 1_048_576,
        "pending_entries": 0,
        "open_attempts": 2,
        "full": false,
    })
}
