//! `GET /api/admin/billing/conflicts`

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tollgate_domain::ports::{ConflictCursor, LedgerConflict};
use tollgate_domain::{EventId, JournalId, ModelName, RequestId, Timestamp, UpstreamId, Usd};
use utoipa::{IntoParams, ToSchema};

use super::receipt::ReceiptEntry;
use super::receipt::examples as receipt_examples;
use crate::AdminState;
use crate::cursor::{self, DEFAULT_LIMIT};
use crate::extract::{QueryReader, parse_id};
use crate::problem::{Problem, QueryProblems};
use crate::schema::{TimestampSchema, UsdSchema};

/// Which conflicts.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents what QueryReader takes")]
struct ListLedgerConflictsParams {
    /// Only those this journal brought.
    journal_id: Option<uuid::Uuid>,
    /// Where to go on: the `next_cursor` of the page before.
    cursor: Option<String>,
    /// Rows of the page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u16>,
}

/// A page of conflicts.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LedgerConflictList, examples(json!({"items": [example()], "next_cursor": null})))]
pub(super) struct ConflictListResponse {
    /// The conflicts as they were met, newest first.
    items: Vec<ConflictResponse>,
    /// Pass it as `cursor` for the next page; null on the last.
    next_cursor: Option<String>,
}

/// Two ledger entries of one attempt and revision that say different things: a journal was restored from a copy, or two
/// gateways ran on one. The first stays on the bill.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LedgerConflict, examples(example))]
struct ConflictResponse {
    /// The attempt.
    #[schema(value_type = Uuid)]
    event_id: EventId,
    /// The request.
    #[schema(value_type = Uuid)]
    request_id: RequestId,
    /// The journal that brought the later one.
    #[schema(value_type = Uuid)]
    journal_id: JournalId,
    /// Its place there.
    journal_seq: u64,
    /// When the two met.
    #[schema(value_type = TimestampSchema)]
    recorded_at: Timestamp,
    /// The upstream.
    #[schema(value_type = Uuid)]
    upstream_id: UpstreamId,
    /// Its name then.
    upstream_name: String,
    /// The model sent to it.
    #[schema(value_type = Option<String>)]
    model_sent: Option<ModelName>,
    /// By how much the later one costs more, or less if below zero; null where one of the two has no amount.
    #[schema(value_type = Option<UsdSchema>)]
    difference: Option<Usd>,
    /// What is on the bill; `candidates` is null here.
    kept: ReceiptEntry,
    /// What came later and is on no bill; `candidates` is null here.
    refused: ReceiptEntry,
    /// Where the receipt of the request is.
    receipt: String,
}

/// Where a page ends.
#[derive(Serialize, Deserialize)]
struct Place {
    at: Timestamp,
    event: EventId,
    revision: u32,
    hash: [u8; 32],
}

/// Lists entries that met another one of the same attempt and revision, both sides of each.
#[utoipa::path(
    get, path = "/api/admin/billing/conflicts", tag = "billing",
    params(ListLedgerConflictsParams),
    responses((status = 200, description = "A page of conflicts", body = ConflictListResponse), QueryProblems),
    security(("admin_token" = [])),
)]
pub(super) async fn list_ledger_conflicts(
    State(state): State<AdminState>,
    mut query: QueryReader,
) -> Result<Json<ConflictListResponse>, Problem> {
    let journal = query.take("journal_id", parse_id).map(JournalId::new);
    let listed = query.listed();
    let after: Option<Place> = query.take_cursor();
    let limit = query.take("limit", cursor::parse_limit).unwrap_or(DEFAULT_LIMIT);
    query.finish()?;
    let after = after.map(|place| ConflictCursor {
        recorded_at: place.at,
        event_id: place.event,
        revision: place.revision,
        content_hash: place.hash,
    });
    // One more than asked for tells whether another page follows.
    let mut conflicts = state.store.ledger_conflicts(journal, after, limit + 1).await?;
    let more = conflicts.len() > usize::from(limit);
    conflicts.truncate(usize::from(limit));
    let last = conflicts.last().filter(|_| more).map(place);
    Ok(Json(ConflictListResponse {
        next_cursor: last.as_ref().map(|end| listed.encode(end)),
        items: conflicts.into_iter().map(Into::into).collect(),
    }))
}

fn place(conflict: &LedgerConflict) -> Place {
    let cursor = ConflictCursor::of(conflict);
    Place {
        at: cursor.recorded_at,
        event: cursor.event_id,
        revision: cursor.revision,
        hash: cursor.content_hash,
    }
}

impl From<LedgerConflict> for ConflictResponse {
    fn from(conflict: LedgerConflict) -> Self {
        let LedgerConflict { kept, refused } = conflict;
        let attempt = std::sync::Arc::clone(&refused.journaled.entry.attempt);
        let cost = |amounts: Option<tollgate_domain::Amounts>| amounts.map(|amounts| amounts.cost);
        let (before, after) = (
            cost(kept.journaled.entry.amounts),
            cost(refused.journaled.entry.amounts),
        );
        let difference = before
            .zip(after)
            .and_then(|(before, after)| after.checked_sub(before).ok());
        Self {
            event_id: attempt.event_id,
            request_id: attempt.request_id,
            journal_id: refused.journaled.journal_id,
            journal_seq: refused.journaled.journal_seq,
            recorded_at: refused.recorded_at,
            upstream_id: attempt.upstream.id,
            upstream_name: attempt.upstream.name.to_string(),
            model_sent: attempt.model_sent.clone(),
            difference,
            kept: ReceiptEntry::of(kept, None),
            refused: ReceiptEntry::of(refused, None),
            receipt: format!("/api/admin/billing/requests/{}/receipt", attempt.request_id),
        }
    }
}

fn example() -> Value {
    json!({
        "event_id": "0198f0a0-0000-7000-8000-000000000005",
        "request_id": "0198f0a0-0000-7000-8000-000000000003",
        "journal_id": "0198f0a0-0000-7000-8000-00000000000f",
        "journal_seq": 4711,
        "recorded_at": "2026-11-05T08:00:02Z",
        "upstream_id": "0198f0a0-0000-7000-8000-000000000001",
        "upstream_name": "openai-main",
        "model_sent": "gpt-5-mini",
        "difference": "0",
        "kept": receipt_examples::entry(),
        "refused": receipt_examples::entry(),
        "receipt": "/api/admin/billing/requests/0198f0a0-0000-7000-8000-000000000003/receipt",
    })
}
