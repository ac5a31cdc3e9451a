//! Edits as the audit log keeps them.

use diesel::prelude::*;
use serde::Serialize;
use serde_json::Value;
use tollgate_domain::ports::AuditEntry;
use tollgate_domain::{Actor, ActorOrigin, AdminRole, AdminTokenId, Timestamp};

use super::stored::{from_json, named};
use crate::error::Corrupt;
use crate::schema::audit_log;
use crate::value::{At, Id};

/// Fields whose values never reach the log, at whatever depth they stand.
const SECRETS: &[&str] = &[
    "token",
    "token_hash",
    "previous_hash",
    "retiring_hash",
    "secret",
    "secret_hash",
    "credential",
    "sealed_credential",
    "credential_fingerprint",
    "password",
    "csrf_token",
];
/// What stands in place of a secret that is there.
const MASK: &str = "***";

/// What was done to one thing. `before` and `after` are its states; secrets in them are masked when they are stored.
#[derive(Debug, Clone, Default)]
pub(crate) struct Edit {
    /// Kind and verb, such as `upstream.update`.
    pub(crate) action: &'static str,
    /// Which.
    pub(crate) id: Option<String>,
    /// Its name.
    pub(crate) name: Option<String>,
    /// `None` where it was not there.
    pub(crate) before: Option<Value>,
    /// `None` where it is gone.
    pub(crate) after: Option<Value>,
}

/// A row of `audit_log` to be.
#[derive(Debug, Insertable)]
#[diesel(table_name = audit_log, treat_none_as_default_value = false)]
pub(crate) struct NewAuditRow {
    at: At,
    actor_id: Option<Id>,
    actor_name: String,
    actor_role: String,
    origin: String,
    address: Option<String>,
    action: String,
    resource_kind: String,
    resource_id: Option<String>,
    resource_name: Option<String>,
    state_before: Option<String>,
    state_after: Option<String>,
}

/// A row of `audit_log`.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = audit_log)]
pub(crate) struct AuditRow {
    id: i64,
    at: At,
    actor_id: Option<Id>,
    actor_name: String,
    actor_role: String,
    origin: String,
    address: Option<String>,
    action: String,
    resource_kind: String,
    resource_id: Option<String>,
    resource_name: Option<String>,
    state_before: Option<String>,
    state_after: Option<String>,
}

/// A thing as JSON, for [`Edit::before`] and [`Edit::after`].
pub(crate) fn state<T: Serialize>(thing: &T) -> Result<Value, Corrupt> {
    serde_json::to_value(thing).map_err(Corrupt::of("audited state"))
}

impl NewAuditRow {
    pub(crate) fn new(actor: &Actor, at: Timestamp, edit: Edit) -> Self {
        let kind = edit.action.split('.').next().unwrap_or_default();
        let text = |state: Option<Value>| state.map(|state| masked(state).to_string());
        Self {
            at: At(at),
            actor_id: actor.token_id.map(|id| Id(id.uuid())),
            actor_name: actor.name.to_string(),
            actor_role: actor.role.as_str().to_owned(),
            origin: actor.origin.as_str().to_owned(),
            address: actor.address.map(|address| address.to_string()),
            action: edit.action.to_owned(),
            resource_kind: kind.to_owned(),
            resource_id: edit.id,
            resource_name: edit.name,
            state_before: text(edit.before),
            state_after: text(edit.after),
        }
    }
}

impl TryFrom<AuditRow> for AuditEntry {
    type Error = Corrupt;

    fn try_from(row: AuditRow) -> Result<Self, Corrupt> {
        let address = row.address.as_deref().map(str::parse).transpose();
        let state = |text: Option<String>| text.map(|text| from_json("audited state", &text)).transpose();
        Ok(Self {
            id: row.id,
            at: row.at.0,
            actor_id: row.actor_id.map(|id| AdminTokenId::new(id.0)),
            actor_name: row.actor_name,
            actor_role: named(
                "audited role",
                &row.actor_role,
                &AdminRole::ALL,
                AdminRole::as_str,
            )?,
            origin: named(
                "audited origin",
                &row.origin,
                &ActorOrigin::ALL,
                ActorOrigin::as_str,
            )?,
            address: address.map_err(Corrupt::of("audited address"))?,
            action: row.action,
            resource_kind: row.resource_kind,
            resource_id: row.resource_id,
            resource_name: row.resource_name,
            before: state(row.state_before)?,
            after: state(row.state_after)?,
        })
    }
}

fn masked(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let fields = fields.into_iter().map(|(name, value)| {
                let secret = SECRETS.contains(&name.as_str()) && !value.is_null();
                let value = if secret { MASK.into() } else { masked(value) };
                (name, value)
            });
            Value::Object(fields.collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(masked).collect()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn secrets_are_masked_at_any_depth_and_absent_ones_stay_absent() {
        let state = json!({
            "name": "a",
            "credential": "sk-1",
            "credential_fingerprint": null,
            "inner": [{"token_hash": [1, 2], "token_hint": "x9Qw"}],
        });
        let expected = json!({
            "name": "a",
            "credential": "***",
            "credential_fingerprint": null,
            "inner": [{"token_hash": "***", "token_hint": "x9Qw"}],
        });
        assert_eq!(masked(state), expected);
    }
}
