//! The queue as JSON.

use serde::Serialize;
use serde_json::{Value, json};
use tollgate_domain::ports::AttentionState;
use tollgate_domain::{AttentionKind, JournalId, ReleaseId, Timestamp, UpstreamId, Usd};
use utoipa::ToSchema;

use super::action::{self, Action};
use super::queue::Item;
use crate::billing::estimate::Estimate;
use crate::schema::{AttentionKindSchema, TimestampSchema, UsdSchema};

/// A page of the queue.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AttentionList, examples(list_example))]
pub(super) struct AttentionListResponse {
    /// How many there are of each kind, with the filters but for `kind`; kinds without any are left out.
    pub(super) kinds: Vec<AttentionKindCount>,
    /// The things, the most money at stake first; then those nobody knows the amount of, the most frequent first.
    pub(super) items: Vec<AttentionItem>,
    /// Pass it as `cursor` for the next page; null on the last.
    pub(super) next_cursor: Option<String>,
}

/// How many things of a kind there are.
#[derive(Debug, Serialize, ToSchema)]
#[schema(examples(json!({"kind": "unpriced", "items": 1})))]
pub(super) struct AttentionKindCount {
    /// The kind.
    #[schema(value_type = AttentionKindSchema)]
    pub(super) kind: &'static str,
    /// Things of it.
    pub(super) items: usize,
}

/// Something that wants attention, over the last 90 days.
#[derive(Debug, Serialize, ToSchema)]
#[schema(examples(item_example))]
pub(super) struct AttentionItem {
    /// Its id: the same for the same kind of trouble with the same upstream, models, journal or release.
    id: String,
    /// Why.
    #[schema(value_type = AttentionKindSchema)]
    kind: &'static str,
    /// The upstream it is about.
    #[schema(value_type = Option<Uuid>)]
    upstream_id: Option<UpstreamId>,
    /// Its name.
    upstream: Option<String>,
    /// Its provider.
    provider: Option<String>,
    /// The model sent, or else requested; of `held_price`, the model of the price.
    model_sent: Option<String>,
    /// The model served.
    model_served: Option<String>,
    /// The journal it is about.
    #[schema(value_type = Option<Uuid>)]
    journal_id: Option<JournalId>,
    /// The price release it is about.
    #[schema(value_type = Option<Uuid>)]
    release_id: Option<ReleaseId>,
    /// How often: attempts; of `held_price`, models. 0 of a zero multiplier that nothing was free by yet.
    count: i64,
    /// Input tokens, where known; of `held_price`, those of the last 30 days.
    input_tokens: i64,
    /// Output tokens, where known; of `held_price`, those of the last 30 days.
    output_tokens: i64,
    /// What the attempts cost at card rates; null for attempts without an amount.
    #[schema(value_type = Option<UsdSchema>)]
    list_cost: Option<Usd>,
    /// What they cost; null for attempts without an amount.
    #[schema(value_type = Option<UsdSchema>)]
    cost: Option<Usd>,
    /// What the provider says they cost; null but for `reported_cost_differs`.
    #[schema(value_type = Option<UsdSchema>)]
    reported_cost: Option<Usd>,
    /// The money at stake: what unbilled attempts may have cost, by how much the bill changes with the model's name,
    /// by how much two figures differ, what would have been paid without a zero multiplier, or by how much the bill of the
    /// last 30 days would change with a held price.
    at_stake: Estimate,
    /// The first.
    #[schema(value_type = TimestampSchema)]
    first_seen: Timestamp,
    /// The latest.
    #[schema(value_type = TimestampSchema)]
    last_seen: Timestamp,
    /// What repairs it, or shows what there is.
    action: Option<Action>,
    /// What people say of it.
    state: AttentionStateResponse,
}

/// What people say of a thing. Its ETag is the revision.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AttentionState, examples(state_example))]
pub(super) struct AttentionStateResponse {
    /// Which thing.
    id: String,
    /// Who looks after it.
    owner: Option<String>,
    /// Until when it is left out of the queue.
    #[schema(value_type = Option<TimestampSchema>)]
    snoozed_until: Option<Timestamp>,
    /// Why.
    note: Option<String>,
    /// When this was said last; null if never.
    #[schema(value_type = Option<TimestampSchema>)]
    updated_at: Option<Timestamp>,
    /// By whom.
    updated_by: Option<String>,
    /// Moves with every change; 0 if nothing was ever said.
    revision: i64,
}

impl AttentionItem {
    /// What is shown of a thing, with what repairs it.
    pub(super) fn new(item: Item, action: Option<Action>) -> Self {
        let (row, subject) = (item.row.values, item.row.subject);
        let billed = matches!(
            subject.kind,
            AttentionKind::ServedNotSent | AttentionKind::ReportedCostDiffers | AttentionKind::ZeroMultiplier
        );
        let reported = subject.kind == AttentionKind::ReportedCostDiffers;
        let id = item.row.id.to_string();
        Self {
            state: item
                .state
                .map_or_else(|| AttentionStateResponse::nothing(id.clone()), Into::into),
            id,
            kind: subject.kind.as_str(),
            upstream_id: subject.upstream_id,
            upstream: item.row.upstream_name,
            provider: item.row.provider,
            model_sent: subject.model_sent,
            model_served: subject.model_served,
            journal_id: subject.journal_id,
            release_id: subject.release_id,
            count: row.count,
            input_tokens: row.input_tokens,
            output_tokens: row.output_tokens,
            list_cost: billed.then_some(row.list_cost),
            cost: billed.then_some(row.cost),
            reported_cost: reported.then_some(row.reported_cost),
            at_stake: item.at_stake,
            first_seen: item.row.first_seen,
            last_seen: item.row.last_seen,
            action,
        }
    }
}

impl AttentionStateResponse {
    fn nothing(id: String) -> Self {
        Self {
            id,
            owner: None,
            snoozed_until: None,
            note: None,
            updated_at: None,
            updated_by: None,
            revision: 0,
        }
    }
}

impl From<AttentionState> for AttentionStateResponse {
    fn from(state: AttentionState) -> Self {
        Self {
            id: state.id.to_string(),
            owner: state.owner,
            snoozed_until: state.snoozed_until,
            note: state.note,
            updated_at: Some(state.updated_at),
            updated_by: Some(state.updated_by),
            revision: state.revision,
        }
    }
}

fn list_example() -> Value {
    json!({
        "kinds": [{"kind": "unpriced", "items": 1}],
        "items": [item_example()],
        "next_cursor": null,
    })
}

fn item_example() -> Value {
    json!({
        "id": "unpriced-3f2a9c0d1e4b5a67",
        "kind": "unpriced",
        "upstream_id": "0198f0a0-0000-7000-8000-000000000001",
        "upstream": "acme",
        "provider": "acme",
        "model_sent": "acme-large-2026",
        "model_served": "acme-large-2026",
        "journal_id": null,
        "release_id": null,
        "count": 3,
        "input_tokens": 1800,
        "output_tokens": 420,
        "list_cost": null,
        "cost": null,
        "reported_cost": null,
        "at_stake": {"cost_low": "0.0012", "cost_high": "0.0034", "basis": "suggestions", "reason": null},
        "first_seen": "2026-11-04T18:20:00Z",
        "last_seen": "2026-11-05T07:59:00Z",
        "action": action::example(),
        "state": state_example(),
    })
}

fn state_example() -> Value {
    json!({
        "id": "unpriced-3f2a9c0d1e4b5a67",
        "owner": "ada",
        "snoozed_until": "2026-11-12T08:00:00Z",
        "note": "price asked for",
        "updated_at": "2026-11-05T08:00:00Z",
        "updated_by": "ada",
        "revision": 1,
    })
}
