//! `PUT /api/admin/billing/attention/{id}`

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use chrono::TimeDelta;
use serde::Deserialize;
use tollgate_domain::ports::{AttentionState, Edited};
use tollgate_domain::{AttentionId, AttentionKind, Timestamp};
use utoipa::ToSchema;

use super::json::AttentionStateResponse;
use super::queue;
use crate::AdminState;
use crate::auth::Author;
use crate::etag::{EDIT_TRIES, IfMatch, etag};
use crate::extract::{JsonBody, PathId};
use crate::field::FieldErrors;
use crate::problem::{EditProblems, Problem};
use crate::schema::TimestampSchema;
use crate::time_text::TimeText;

/// Characters of an owner.
const OWNER_MAX: usize = 100;
/// Characters of a note.
const NOTE_MAX: usize = 500;
/// Days something can be snoozed.
const SNOOZE_DAYS: i64 = 400;

/// What is said of a thing, as a whole: what is left out is emptied.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"owner": "ada", "snoozed_until": "2026-11-12T08:00:00Z", "note": "price asked for"})))]
pub(super) struct PutAttentionRequest {
    /// Who looks after it; up to 100 characters.
    #[schema(min_length = 1, max_length = 100)]
    owner: Option<String>,
    /// Until when it is left out of the queue; in the future, at most 400 days.
    #[schema(value_type = Option<TimestampSchema>)]
    snoozed_until: Option<TimeText>,
    /// Why; up to 500 characters.
    #[schema(min_length = 1, max_length = 500)]
    note: Option<String>,
}

/// Says who looks after a thing in the queue, and until when nobody wants to see it.
#[utoipa::path(
    put, path = "/api/admin/billing/attention/{id}", tag = "billing",
    params(
        ("id" = String, Path, description = "The thing"),
        ("If-Match" = Option<String>, Header, description = "The ETag (`\"0\"` if nothing was ever said) of what is to be replaced; without it, whatever there is"),
    ),
    request_body = PutAttentionRequest,
    responses(
        (status = 200, description = "What is said now", body = AttentionStateResponse, headers(
            ("ETag" = String, description = "Its revision"),
        )),
        EditProblems,
    ),
    security(("admin_token" = [])),
)]
pub(super) async fn put_attention(
    State(state): State<AdminState>,
    author: Author,
    PathId(id): PathId<AttentionId>,
    if_match: IfMatch,
    JsonBody(request): JsonBody<PutAttentionRequest>,
) -> Result<impl IntoResponse, Problem> {
    let now = state.clock.now();
    let said = request.checked(id.clone(), &author, now)?;
    let mut revision = 0;
    for _ in 0..EDIT_TRIES {
        let before = state.store.attention_state(id.clone()).await?;
        revision = before.as_ref().map_or(0, |before| before.revision);
        if before.is_none() && !exists(&state, &id).await? {
            return Err(Problem::not_found("thing that wants attention", &id));
        }
        if !if_match.allows(revision) {
            break;
        }
        match state
            .store
            .set_attention_state(said.clone(), Some(revision), &author.0)
            .await?
        {
            Edited::Done(said) => {
                let revision = said.revision;
                return Ok(([etag(revision)], Json(AttentionStateResponse::from(said))));
            }
            Edited::Missing => return Err(Problem::not_found("thing that wants attention", &id)),
            Edited::Stale { revision: now } => revision = now,
        }
    }
    Err(Problem::stale(revision))
}

/// What the ledger tells of is there for good, everything else while it is in the queue.
async fn exists(state: &AdminState, id: &AttentionId) -> Result<bool, Problem> {
    if state.store.attention_seen(id.clone()).await? {
        return Ok(true);
    }
    let gathered_elsewhere = [
        AttentionKind::HeldPrice,
        AttentionKind::Gap,
        AttentionKind::ZeroMultiplier,
    ];
    if !id.kind().is_some_and(|kind| gathered_elsewhere.contains(&kind)) {
        return Ok(false);
    }
    let queue = queue::read(state).await?;
    Ok(queue.items.iter().any(|item| item.row.id == *id))
}

impl PutAttentionRequest {
    fn checked(self, id: AttentionId, author: &Author, now: Timestamp) -> Result<AttentionState, Problem> {
        let mut errors = FieldErrors::default();
        if let Some(owner) = &self.owner {
            errors.text("owner", owner, OWNER_MAX);
        }
        if let Some(note) = &self.note {
            errors.text("note", note, NOTE_MAX);
        }
        let snoozed_until = self.snoozed_until.map(|time| time.0);
        if let Some(until) = snoozed_until {
            let latest = now + TimeDelta::days(SNOOZE_DAYS);
            if until <= now || until > latest {
                let (now, latest) = (now.to_rfc3339(), latest.to_rfc3339());
                let until = until.to_rfc3339();
                errors.push(
                    "snoozed_until",
                    format!("{until} is not between {now} and {latest}"),
                );
            }
        }
        errors.into_result().map_err(Problem::invalid)?;
        Ok(AttentionState {
            id,
            owner: self.owner,
            snoozed_until,
            note: self.note,
            updated_at: now,
            updated_by: author.0.name.to_string(),
            revision: 0,
        })
    }
}
