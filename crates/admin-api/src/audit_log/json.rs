//! Edits on the wire.

use std::net::IpAddr;

use serde::Serialize;
use serde_json::{Map, Value};
use tollgate_domain::ports::AuditEntry;
use tollgate_domain::{AdminTokenId, Timestamp};
use utoipa::ToSchema;

use crate::schema::{ActorOriginSchema, AdminRoleSchema, TimestampSchema};

/// An edit: who did what to which thing.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuditEntry, examples(super::json::example))]
pub(super) struct AuditEntryResponse {
    /// Its number; later ones are higher.
    id: i64,
    /// When.
    #[schema(value_type = TimestampSchema)]
    at: Timestamp,
    /// The admin token; null for the gateway itself.
    #[schema(value_type = Option<Uuid>)]
    actor_id: Option<AdminTokenId>,
    /// Its name then.
    actor_name: String,
    /// Its role then.
    #[schema(value_type = AdminRoleSchema)]
    actor_role: &'static str,
    /// How it came in.
    #[schema(value_type = ActorOriginSchema)]
    origin: &'static str,
    /// From where, as the gateway saw it; null where it is not known.
    #[schema(value_type = Option<String>)]
    address: Option<IpAddr>,
    /// Kind and verb.
    action: String,
    /// The kind of thing: the action's first half.
    resource_kind: String,
    /// Which, where it is one thing.
    resource_id: Option<String>,
    /// Its name then, where it has one.
    resource_name: Option<String>,
    /// The top-level fields that differ between `before` and `after`, by name.
    changed_fields: Vec<String>,
}

/// An edit with the states before and after it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuditEntryDetail, examples(super::json::detail_example))]
pub(super) struct AuditDetailResponse {
    /// The edit.
    entry: AuditEntryResponse,
    /// The state before, secrets as `***`; null where the thing was not there.
    #[schema(value_type = Option<Object>)]
    before: Option<Value>,
    /// The state after, secrets as `***`; null where the thing is gone.
    #[schema(value_type = Option<Object>)]
    after: Option<Value>,
}

pub(super) fn example() -> Value {
    serde_json::json!({
        "id": 4711,
        "at": "2026-11-05T08:00:00Z",
        "actor_id": "0198f0a0-0000-7000-8000-00000000000a",
        "actor_name": "ada@example.com",
        "actor_role": "admin",
        "origin": "session",
        "address": "192.0.2.7",
        "action": "key.update",
        "resource_kind": "key",
        "resource_id": "0198f0a0-0000-7000-8000-000000000002",
        "resource_name": "search-backend",
        "changed_fields": ["revision", "team", "updated_at"],
    })
}

pub(super) fn detail_example() -> Value {
    serde_json::json!({
        "entry": example(),
        "before": {"name": "search-backend", "team": null, "token_hash": "***", "revision": 1},
        "after": {"name": "search-backend", "team": "search", "token_hash": "***", "revision": 2},
    })
}

impl From<AuditEntry> for AuditEntryResponse {
    fn from(entry: AuditEntry) -> Self {
        Self {
            changed_fields: changed(entry.before.as_ref(), entry.after.as_ref()),
            id: entry.id,
            at: entry.at,
            actor_id: entry.actor_id,
            actor_name: entry.actor_name,
            actor_role: entry.actor_role.as_str(),
            origin: entry.origin.as_str(),
            address: entry.address,
            action: entry.action,
            resource_kind: entry.resource_kind,
            resource_id: entry.resource_id,
            resource_name: entry.resource_name,
        }
    }
}

impl From<AuditEntry> for AuditDetailResponse {
    fn from(mut entry: AuditEntry) -> Self {
        let fields = changed(entry.before.as_ref(), entry.after.as_ref());
        let (before, after) = (entry.before.take(), entry.after.take());
        Self {
            entry: AuditEntryResponse {
                changed_fields: fields,
                ..entry.into()
            },
            before,
            after,
        }
    }
}

fn changed(before: Option<&Value>, after: Option<&Value>) -> Vec<String> {
    let none = Map::new();
    let before = before.and_then(Value::as_object).unwrap_or(&none);
    let after = after.and_then(Value::as_object).unwrap_or(&none);
    let mut names: Vec<&String> = before.keys().chain(after.keys()).collect();
    names.sort();
    names.dedup();
    let differing = names
        .into_iter()
        .filter(|name| before.get(*name) != after.get(*name));
    differing.cloned().collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn fields_that_came_went_or_differ_are_named() {
        let before = json!({"a": 1, "b": 2, "c": [1]});
        let after = json!({"a": 1, "c": [2], "d": null});
        assert_eq!(changed(Some(&before), Some(&after)), ["b", "c", "d"]);
        assert_eq!(changed(None, Some(&after)), ["a", "c", "d"]);
        assert!(changed(None, None).is_empty());
    }
}
