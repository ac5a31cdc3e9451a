//! `GET /api/admin/deferred-operations`

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use tollgate_domain::ports::{DeferredCursor, DeferredFilter, DeferredRow, DeferredState};
use tollgate_domain::{DeferredKind, EventId, Timestamp};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::json::{DeferredKindSchema, DeferredOperationResponse, DeferredStateSchema, example};
use crate::AdminState;
use crate::cursor::{self, DEFAULT_LIMIT};
use crate::extract::QueryReader;
use crate::problem::{Problem, QueryProblems};

/// Which deferred operations.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents what QueryReader takes")]
struct ListDeferredOperationsParams {
    /// Not settled yet, or settled.
    #[param(value_type = Option<DeferredStateSchema>)]
    state: Option<String>,
    /// Of this kind.
    #[param(value_type = Option<DeferredKindSchema>)]
    kind: Option<String>,
    /// At this upstream.
    upstream_id: Option<Uuid>,
    /// Asked for by this key.
    key_id: Option<Uuid>,
    /// With this id at the provider.
    #[param(min_length = 1)]
    object_id: Option<String>,
    /// Where to go on: the `next_cursor` of the page before, with the same filters.
    cursor: Option<String>,
    /// Rows of the page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u16>,
}

/// A page of deferred operations.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DeferredOperationList, examples(json!({"items": [example()], "next_cursor": null})))]
pub(super) struct DeferredOperationListResponse {
    /// The operations, newest first.
    items: Vec<DeferredOperationResponse>,
    /// Pass it as `cursor` for the next page; null on the last.
    next_cursor: Option<String>,
}

/// Where a page ends.
#[derive(Serialize, Deserialize)]
struct Place {
    at: Timestamp,
    id: EventId,
}

/// Lists background responses and batches, newest first: what is not billed yet, why, and when it is looked at again.
#[utoipa::path(
    get, path = "/api/admin/deferred-operations", tag = "deferred usage",
    params(ListDeferredOperationsParams),
    responses(
        (status = 200, description = "A page of deferred operations", body = DeferredOperationListResponse),
        QueryProblems,
    ),
    security(("admin_token" = [])),
)]
pub(super) async fn list_deferred_operations(
    State(state): State<AdminState>,
    mut query: QueryReader,
) -> Result<Json<DeferredOperationListResponse>, Problem> {
    let filter = read_filter(&mut query);
    let listed = query.listed();
    let after: Option<Place> = query.take_cursor();
    let limit = query.take("limit", cursor::parse_limit).unwrap_or(DEFAULT_LIMIT);
    query.finish()?;
    let after = after.map(|place| DeferredCursor {
        created_at: place.at,
        event_id: place.id,
    });
    // One more than asked for tells whether another page follows.
    let mut rows = state.store.deferred_operations(filter, after, limit + 1).await?;
    let more = rows.len() > usize::from(limit);
    rows.truncate(usize::from(limit));
    let last = rows.last().filter(|_| more).map(place);
    Ok(Json(DeferredOperationListResponse {
        next_cursor: last.as_ref().map(|end| listed.encode(end)),
        items: rows.into_iter().map(Into::into).collect(),
    }))
}

fn place(row: &DeferredRow) -> Place {
    Place {
        at: row.operation.created_at,
        id: row.operation.attempt.event_id,
    }
}

fn read_filter(query: &mut QueryReader) -> DeferredFilter {
    DeferredFilter {
        event_id: None,
        state: query.take("state", |text| {
            let mut all = DeferredState::ALL.into_iter();
            let found = all.find(|state| state.as_str() == text);
            found.ok_or_else(|| one_of(text, &DeferredState::ALL.map(DeferredState::as_str)))
        }),
        kind: query.take("kind", |text| {
            DeferredKind::from_name(text)
                .ok_or_else(|| one_of(text, &DeferredKind::ALL.map(DeferredKind::as_str)))
        }),
        upstream_id: query.take("upstream_id", parse_id),
        key_id: query.take("key_id", parse_id),
        object_id: query.take_text("object_id"),
    }
}

fn parse_id<T: std::str::FromStr>(text: &str) -> Result<T, String> {
    text.parse().map_err(|_| format!("{text:?} is no UUID"))
}

fn one_of(text: &str, names: &[&str]) -> String {
    format!("{text:?} is none of {}", names.join(", "))
}
