//! The configured models, listed in the caller's dialect.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use tollgate_domain::{Dialect, Upstream};

use crate::RoutingTable;
use crate::grants::Granted;

/// All models that the dialect's callers can use and the key may, by their exact names: those the upstreams' rules give,
/// and those the key is for where a rule with a wildcard serves them.
pub(crate) fn list(table: &RoutingTable, granted: Granted<'_>, dialect: Dialect) -> Value {
    let known = known(table, granted, dialect);
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
pub(crate) fn get(
    table: &RoutingTable,
    granted: Granted<'_>,
    dialect: Dialect,
    model: &str,
) -> Option<Value> {
    known(table, granted, dialect)
        .get_key_value(model)
        .map(|(name, upstream)| entry(dialect, name, upstream))
}

/// A rule with a wildcard names no model.
fn known<'t>(
    table: &'t RoutingTable,
    granted: Granted<'t>,
    dialect: Dialect,
) -> BTreeMap<&'t str, &'t Upstream> {
    let mut known = BTreeMap::new();
    for route in table.routes() {
        let upstream = &route.upstream;
        let mut protocols = upstream.protocols.iter();
        if !protocols.any(|protocol| protocol.dialect() == dialect) || !granted.allows_upstream(upstream.id) {
            continue;
        }
        let ruled = upstream.models.iter().map(|rule| &rule.model);
        let ruled = ruled.filter(|name| !name.as_str().ends_with('*') && granted.allows_model(name));
        let named = granted
            .exact_models()
            .filter(|name| upstream.serves(name).is_some());
        for name in ruled.chain(named) {
            known.entry(name.as_str()).or_insert(upstream);
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
            let listed = list(&table, Granted::everything(), dialect);
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
            get(&table, Granted::everything(), Dialect::Anthropic, "claude-x").unwrap()["type"],
            "model"
        );
        assert!(get(&table, Granted::everything(), Dialect::Openai, "gpt-6").is_none());
    }

    #[test]
    fn a_key_sees_only_what_it_may_use() {
        use tollgate_domain::{KeyGrants, KeyId, ModelName, UpstreamId};

        let (mut open, mut other) = (upstream("open"), upstream("other"));
        open.upstream.models = vec![rule("gpt-5", None), rule("o3", None), rule("claude-*", None)];
        other.upstream.id = UpstreamId::new(uuid::Uuid::from_u128(3));
        other.upstream.models = vec![rule("secret-model", None), rule("gpt-5", None)];
        let mut key = crate::table::tests::key("k", "t");
        key.grants = KeyGrants {
            upstreams: Some(vec![open.upstream.id]),
            models: Some(vec![
                ModelName::new("gpt-*"),
                ModelName::new("claude-x"),
                ModelName::new("unserved"),
            ]),
        };
        let id = KeyId::new(uuid::Uuid::from_u128(1));
        let table = table(vec![open, other], vec![key]);
        let granted = Granted::of(&table, id);
        let listed = list(&table, granted, Dialect::Openai);
        let ids: Vec<_> = listed["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|model| model["id"].clone())
            .collect();
        assert_eq!(ids, ["claude-x", "gpt-5"]);
        assert!(get(&table, granted, Dialect::Openai, "secret-model").is_none());
        assert!(get(&table, granted, Dialect::Openai, "o3").is_none());
    }
}
