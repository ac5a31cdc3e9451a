//! `GET /api/admin/audit-log`

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use tollgate_domain::Timestamp;
use tollgate_domain::ports::AuditFilter;
use utoipa::{IntoParams, ToSchema};

use super::json::{AuditEntryResponse, example};
use crate::AdminState;
use crate::cursor::{self, DEFAULT_LIMIT};
use crate::extract::QueryReader;
use crate::problem::{Problem, QueryProblems};
use crate::schema::TimestampSchema;
use crate::time_text::parse_time;

/// Which edits.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents what QueryReader takes")]
struct ListAuditLogParams {
    /// Made at or after.
    #[param(value_type = Option<TimestampSchema>)]
    from: Option<Timestamp>,
    /// Made before.
    #[param(value_type = Option<TimestampSchema>)]
    until: Option<Timestamp>,
    /// By the admin token of exactly this name then.
    #[param(min_length = 1)]
    actor: Option<String>,
    /// Exactly this action, such as `upstream.update`.
    #[param(min_length = 1)]
    action: Option<String>,
    /// Of this kind of thing, such as `upstream`.
    #[param(min_length = 1)]
    resource_kind: Option<String>,
    /// Of this thing.
    #[param(min_length = 1)]
    resource_id: Option<String>,
    /// Where to go on: the `next_cursor` of the page before, with the same filters.
    cursor: Option<String>,
    /// Rows of the page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u16>,
}

/// A page of edits.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuditLog, examples(json!({"items": [example()], "next_cursor": null})))]
pub(super) struct AuditLogResponse {
    /// The edits, newest first.
    items: Vec<AuditEntryResponse>,
    /// Pass it as `cursor` for the next page; null on the last.
    next_cursor: Option<String>,
}

/// Lists who changed what, newest first. A row is written in the transaction of the edit, and never changed or removed.
#[utoipa::path(
    get, path = "/api/admin/audit-log", tag = "access",
    params(ListAuditLogParams),
    responses((status = 200, description = "A page of edits", body = AuditLogResponse), QueryProblems),
    security(("admin_token" = [])),
)]
pub(super) async fn list_audit_log(
    State(state): State<AdminState>,
    mut query: QueryReader,
) -> Result<Json<AuditLogResponse>, Problem> {
    let filter = AuditFilter {
        from: query.take("from", parse_time),
        until: query.take("until", parse_time),
        actor: query.take_text("actor"),
        action: query.take_text("action"),
        resource_kind: query.take_text("resource_kind"),
        resource_id: query.take_text("resource_id"),
    };
    if let (Some(from), Some(until)) = (filter.from, filter.until)
        && from >= until
    {
        query.refuse("until", "must be later than from".to_owned());
    }
    let listed = query.listed();
    let below: Option<i64> = query.take_cursor();
    let limit = query.take("limit", cursor::parse_limit).unwrap_or(DEFAULT_LIMIT);
    query.finish()?;
    // One more than asked for tells whether another page follows.
    let mut entries = state.store.audit_log(filter, below, limit + 1).await?;
    let more = entries.len() > usize::from(limit);
    entries.truncate(usize::from(limit));
    let last = entries.last().filter(|_| more).map(|entry| entry.id);
    Ok(Json(AuditLogResponse {
        next_cursor: last.as_ref().map(|end| listed.encode(end)),
        items: entries.into_iter().map(Into::into).collect(),
    }))
}
