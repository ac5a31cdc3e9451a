//! Deferred operations on the wire.

use serde::Serialize;
use tollgate_domain::ports::DeferredRow;
use tollgate_domain::{EventId, KeyId, Protocol, RequestId, Timestamp, UpstreamId};
use utoipa::ToSchema;

use crate::schema::{ProtocolSchema, TimestampSchema};

/// A background response or a batch: made by a request, billed when its end is seen.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DeferredOperation, examples(super::json::example))]
pub(super) struct DeferredOperationResponse {
    /// The attempt that made it; its ledger entry has the same id.
    #[schema(value_type = Uuid)]
    event_id: EventId,
    /// The request that made it.
    #[schema(value_type = Uuid)]
    request_id: RequestId,
    /// `open` until its usage is in the ledger, then `settled`.
    #[schema(value_type = DeferredStateSchema)]
    state: &'static str,
    /// What it is.
    #[schema(value_type = DeferredKindSchema)]
    kind: &'static str,
    /// The provider's id of it.
    object_id: String,
    /// How the provider last described it to the gateway, in its own word; null before the first look.
    provider_state: Option<String>,
    /// What kept the gateway from settling it at its last look; null where nothing did.
    problem: Option<String>,
    /// The upstream that has it.
    #[schema(value_type = Uuid)]
    upstream_id: UpstreamId,
    /// Its name then.
    upstream_name: String,
    /// The key that asked for it.
    #[schema(value_type = Uuid)]
    key_id: KeyId,
    /// Its name then.
    key_name: String,
    /// The wire protocol that it, or each item of it, tells its usage in.
    #[schema(value_type = ProtocolSchema)]
    protocol: Protocol,
    /// The model asked for; null where several are, or it is not known.
    model_requested: Option<String>,
    /// The service tier asked for.
    tier_requested: Option<String>,
    /// The price book it was dispatched with, and is priced with.
    price_version: i64,
    /// Whether the provider answered an earlier request with the same object, and that one is billed.
    duplicate: bool,
    /// How often the gateway has looked at it.
    looks: u32,
    /// When it looks again; null when settled.
    #[schema(value_type = Option<TimestampSchema>)]
    next_look_at: Option<Timestamp>,
    /// When it was made.
    #[schema(value_type = TimestampSchema)]
    created_at: Timestamp,
    /// When waiting for its end is given up; it is then unbilled.
    #[schema(value_type = TimestampSchema)]
    expires_at: Timestamp,
    /// When its entry reached the ledger.
    #[schema(value_type = Option<TimestampSchema>)]
    settled_at: Option<Timestamp>,
}

/// Whether the usage is in the ledger.
#[derive(ToSchema)]
#[schema(as = DeferredState, rename_all = "snake_case", examples("open"))]
#[expect(dead_code, reason = "documents what is written as text")]
pub(super) enum DeferredStateSchema {
    Open,
    Settled,
}

/// What a request made.
#[derive(ToSchema)]
#[schema(as = DeferredKind, rename_all = "snake_case", examples("openai_batch"))]
#[expect(dead_code, reason = "documents what is written as text")]
pub(super) enum DeferredKindSchema {
    Response,
    OpenaiBatch,
    AnthropicBatch,
    GeminiBatch,
    Video,
}

pub(super) fn example() -> serde_json::Value {
    serde_json::json!({
        "event_id": "0198f0a0-0000-7000-8000-000000000004",
        "request_id": "0198f0a0-0000-7000-8000-000000000003",
        "state": "open",
        "kind": "openai_batch",
        "object_id": "batch_67f7bfc50b288190893f242d9fa47c52",
        "provider_state": "in_progress",
        "problem": null,
        "upstream_id": "0198f0a0-0000-7000-8000-000000000001",
        "upstream_name": "openai-main",
        "key_id": "0198f0a0-0000-7000-8000-000000000002",
        "key_name": "search-backend",
        "protocol": "openai_chat",
        "model_requested": "gpt-5-mini",
        "tier_requested": null,
        "price_version": 12,
        "duplicate": false,
        "looks": 3,
        "next_look_at": "2026-11-05T08:02:00Z",
        "created_at": "2026-11-05T08:00:00Z",
        "expires_at": "2026-11-08T08:00:00Z",
        "settled_at": null,
    })
}

impl From<DeferredRow> for DeferredOperationResponse {
    fn from(row: DeferredRow) -> Self {
        let DeferredRow { operation, .. } = row;
        let attempt = &operation.attempt;
        let model = attempt.model_requested.as_ref().or(attempt.model_sent.as_ref());
        Self {
            event_id: attempt.event_id,
            request_id: attempt.request_id,
            state: row.state.as_str(),
            kind: operation.kind.as_str(),
            provider_state: row.provider_state,
            problem: row.problem,
            upstream_id: attempt.upstream.id,
            upstream_name: attempt.upstream.name.to_string(),
            key_id: attempt.key.id,
            key_name: attempt.key.name.to_string(),
            protocol: operation.item_protocol,
            model_requested: model.map(|model| model.as_str().to_owned()),
            tier_requested: attempt.tier_requested.clone(),
            price_version: attempt.price_version.get(),
            duplicate: row.duplicate,
            looks: row.polls,
            next_look_at: row.settled_at.is_none().then_some(row.next_poll_at),
            created_at: operation.created_at,
            expires_at: operation.expires_at,
            settled_at: row.settled_at,
            object_id: operation.object_id.clone(),
        }
    }
}
