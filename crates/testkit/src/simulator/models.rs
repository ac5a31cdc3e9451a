//! Model lists.

use serde_json::{Value, json};

use crate::price_list::PriceList;
use crate::protocol::Dialect;

/// The list in a dialect's shape; every dialect lists the models that are its own by name.
pub(super) fn list(dialect: Dialect, prices: &PriceList) -> Value {
    let names: Vec<&str> = prices.models().filter(|name| owner(name) == dialect).collect();
    let each = |make: fn(&str) -> Value| names.iter().map(|name| make(name)).collect::<Vec<_>>();
    match dialect {
        Dialect::OpenAi => json!({
            "object": "list",
            "data": each(|name| json!({"id": name, "object": "model", "created": 1_700_000_000, "owned_by": "sim"})),
        }),
        Dialect::Anthropic => json!({
            "data": each(|name| json!({
                "type": "model", "id": name, "display_name": name, "created_at": "2025-01-01T00:00:00Z",
                "lifecycle": "active",
            })),
            "first_id": names.first(), "last_id": names.last(), "has_more": false,
        }),
        Dialect::Gemini => json!({
            "models": each(|name| json!({
                "name": format!("models/{name}"), "displayName": name, "version": "001",
                "supportedGenerationMethods": ["generateContent", "streamGenerateContent"],
            })),
        }),
    }
}

fn owner(name: &str) -> Dialect {
    if name.starts_with("claude") {
        Dialect::Anthropic
    } else if name.starts_with("gemini") {
        Dialect::Gemini
    } else {
        Dialect::OpenAi
    }
}
