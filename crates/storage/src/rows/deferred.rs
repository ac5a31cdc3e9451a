//! Deferred operations and the objects that belong to them.

use diesel::prelude::*;
use tollgate_domain::ports::{DeferredClaim, DeferredRow as Row, DeferredState};
use tollgate_domain::{
    DeferredOperation, EventId, JournalId, KeyId, ModelName, Timestamp, UpstreamId, UpstreamObject,
};

use super::stored::{from_json, model_text, named, number, to_json};
use crate::error::Corrupt;
use crate::schema::{deferred_operations, upstream_objects};
use crate::value::{At, Id};

/// A row of `deferred_operations`.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = deferred_operations, treat_none_as_default_value = false)]
pub(crate) struct DeferredRow {
    pub(crate) event_id: Id,
    upstream_id: Id,
    upstream_name: String,
    object_id: String,
    pub(crate) duplicate: bool,
    kind: String,
    state: String,
    request_id: Id,
    key_id: Id,
    key_name: String,
    protocol: String,
    model: Option<String>,
    tier: Option<String>,
    price_version: i64,
    created_at: At,
    expires_at: At,
    next_poll_at: At,
    polls: i32,
    holder: Option<Id>,
    held_until: Option<At>,
    fence: i64,
    provider_state: Option<String>,
    problem: Option<String>,
    settled_at: Option<At>,
    operation: String,
}

/// A row of `upstream_objects`.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = upstream_objects, treat_none_as_default_value = false)]
pub(crate) struct ObjectRow {
    upstream_id: Id,
    object_id: String,
    key_id: Id,
    model: Option<String>,
    event_id: Option<Id>,
    created_at: At,
    models: Option<String>,
}

impl DeferredRow {
    /// An operation that has just been made; it is due at `at`.
    pub(crate) fn opened(operation: &DeferredOperation, at: Timestamp) -> Result<Self, Corrupt> {
        let attempt = &operation.attempt;
        Ok(Self {
            event_id: Id(attempt.event_id.uuid()),
            upstream_id: Id(attempt.upstream.id.uuid()),
            upstream_name: attempt.upstream.name.to_string(),
            object_id: operation.object_id.clone(),
            duplicate: false,
            kind: operation.kind.as_str().to_owned(),
            state: DeferredState::Open.as_str().to_owned(),
            request_id: Id(attempt.request_id.uuid()),
            key_id: Id(attempt.key.id.uuid()),
            key_name: attempt.key.name.to_string(),
            protocol: operation.item_protocol.as_str().to_owned(),
            model: model_text(attempt.model_requested.as_ref().or(attempt.model_sent.as_ref())),
            tier: attempt.tier_requested.clone(),
            price_version: attempt.price_version.get(),
            created_at: At(operation.created_at),
            expires_at: At(operation.expires_at),
            next_poll_at: At(at),
            polls: 0,
            holder: None,
            held_until: None,
            fence: 0,
            provider_state: None,
            problem: None,
            settled_at: None,
            operation: to_json("deferred operation", operation)?,
        })
    }

    pub(crate) fn claim(&self) -> Option<DeferredClaim> {
        let holder = self.holder?;
        Some(DeferredClaim {
            event_id: EventId::new(self.event_id.0),
            holder: JournalId::new(holder.0),
            fence: self.fence,
        })
    }
}

impl TryFrom<DeferredRow> for Row {
    type Error = Corrupt;

    fn try_from(row: DeferredRow) -> Result<Self, Corrupt> {
        Ok(Self {
            operation: from_json("deferred operation", &row.operation)?,
            state: named(
                "deferred state",
                &row.state,
                &DeferredState::ALL,
                DeferredState::as_str,
            )?,
            duplicate: row.duplicate,
            polls: number("polls", row.polls)?,
            next_poll_at: row.next_poll_at.0,
            held: row
                .holder
                .zip(row.held_until)
                .map(|(holder, until)| (JournalId::new(holder.0), until.0)),
            provider_state: row.provider_state,
            problem: row.problem,
            settled_at: row.settled_at.map(|at| at.0),
        })
    }
}

impl TryFrom<&UpstreamObject> for ObjectRow {
    type Error = Corrupt;

    fn try_from(object: &UpstreamObject) -> Result<Self, Corrupt> {
        let models = object.models.as_ref();
        Ok(Self {
            upstream_id: Id(object.upstream_id.uuid()),
            object_id: object.object_id.clone(),
            key_id: Id(object.key_id.uuid()),
            model: model_text(object.model.as_ref()),
            event_id: object.event_id.map(|event| Id(event.uuid())),
            created_at: At(object.created_at),
            models: models
                .map(|models| to_json("models of an object", models))
                .transpose()?,
        })
    }
}

impl TryFrom<ObjectRow> for UpstreamObject {
    type Error = Corrupt;

    fn try_from(row: ObjectRow) -> Result<Self, Corrupt> {
        let models = row.models.as_deref();
        Ok(Self {
            upstream_id: UpstreamId::new(row.upstream_id.0),
            object_id: row.object_id,
            key_id: KeyId::new(row.key_id.0),
            model: row.model.map(ModelName::new),
            models: models
                .map(|models| from_json("models of an object", models))
                .transpose()?,
            event_id: row.event_id.map(|id| EventId::new(id.0)),
            created_at: row.created_at.0,
        })
    }
}
