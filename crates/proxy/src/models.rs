//! The configured models, listed in the caller's dialect.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use tollgate_domain::{Dialect, Upstream};

use crate::RoutingTable;

/// All models whose exact names the upstreams' rules give and that the dialect's callers can use.
pub(crate) fn list(table: &RoutingTable, dialect: Dialect) -> Value {
    let known = known(table, dialect);
    let data: Vec<Value> = known
        .iter()
        .map(|(name, upstream)| entry(dialect, name, upstream))
        .collect();
    match dialect {
        Dialect::Openai => json!({"object": "list", "data": data}),
        Dialect::Anthropic => json!({
            "data": data,
            "has_more": false,
            "first_id": known.keys().next(),
            "last_id": known.keys().next_back(),
        }),
        Dialect::Gemini => json!({"models": data}),
    }
}

/// One of them.
pub(crate) fn get(table: &RoutingTable, dialect: Dialect, model: &str) -> Option<Value> {
    known(table, dialect)
        .get_key_value(model)
        .map(|(name, upstream)| entry(dialect, name, upstream))
}

/// A rule with a wildcard names no model.
fn known(table: &RoutingTable, dialect: Dialect) -> BTreeMap<&str, &Upstream> {
    let mut known = BTreeMap::new();
    for route in table.routes() {
        let upstream = &route.upstream;
        if upstream
            .protocols
            .iter()
            .any(|protocol| protocol.dialect() == dialect)
        {
            let exact = upstream
                .models
                .iter()
                .map(|rule| rule.model.as_str())
                .filter(|name| !name.ends_with('*'));
            for name in exact {
                known.entry(name).or_insert(upstream);
            }
        }
    }
    known
}

fn entry(dialect: Dialect, name: &str, upstream: &Upstream) -> Value {
    let created = upstream.created_at;
    match dialect {
        Dialect::Openai => json!({
            "id": name,
            "object": "model",
            "created": created.timestamp(),
            "owned_by": upstream.provider.as_str(),
        }),
        Dialect::Anthropic => json!({
            "type": "model",
            "id": name,
            "display_name": name,
            "created_at": created.to_rfc3339(),
        }),
        Dialect::Gemini => json!({
            "name": format!("models/{name}"),
            "displayName": name,
            "supportedGenerationMethods": ["generateContent", "streamGenerateContent"],
        }),
    }
}

#[cfg(test)]
mod tests {
    use tollgate_domain::Protocol;

    use super::*;
    use crate::table::tests::{rule, table, upstream};

    #[test]
    fn exact_names_are_listed_for_the_dialects_that_can_use_them() {
        let (mut openai, mut both) = (upstream("a"), upstream("b"));
        openai.upstream.protocols = [Protocol::OpenaiResponses].into();
        openai.upstream.models = vec![rule("gpt-5", None), rule("gpt-*", None)];
        both.upstream.protocols = [Protocol::AnthropicMessages, Protocol::OpenaiChat].into();
        both.upstream.models = vec![rule("claude-x", Some("claude-x-1")), rule("gpt-5", None)];
        let table = table(vec![openai, both], vec![]);

        let ids = |dialect, field: &str, id: &str| {
            let listed = list(&table, dialect);
            let models = listed[field].as_array().unwrap().clone();
            models
                .iter()
                .map(|model| model[id].as_str().unwrap().to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(ids(Dialect::Openai, "data", "id"), ["claude-x", "gpt-5"]);
        assert_eq!(ids(Dialect::Anthropic, "data", "id"), ["claude-x", "gpt-5"]);
        assert!(ids(Dialect::Gemini, "models", "name").is_empty());
        assert_eq!(
            get(&table, Dialect::Anthropic, "claude-x").unwrap()["type"],
            "model"
        );
        assert!(get(&table, Dialect::Openai, "gpt-6").is_none());
    }
}
