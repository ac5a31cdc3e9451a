//! `GET /api/admin/upstreams/{id}`

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use tollgate_domain::UpstreamId;

use super::json::UpstreamResponse;
use crate::AdminState;
use crate::activity::{self, ActivityResponse};
use crate::etag::etag;
use crate::extract::PathId;
use crate::problem::{FindProblems, Problem};

/// Shows an upstream, when it was last used and what it did today and this month.
#[utoipa::path(
    get, path = "/api/admin/upstreams/{id}", tag = "upstreams",
    params(("id" = Uuid, Path, description = "The upstream")),
    responses(
        (status = 200, description = "The upstream", body = UpstreamResponse, headers(
            ("ETag" = String, description = "Its revision, for `If-Match` on edits"),
        )),
        FindProblems,
    ),
    security(("admin_token" = [])),
)]
pub(super) async fn get_upstream(
    State(state): State<AdminState>,
    PathId(id): PathId<UpstreamId>,
) -> Result<impl IntoResponse, Problem> {
    let upstream = state.store.upstream(id).await?;
    let upstream = upstream.ok_or_else(|| Problem::not_found("upstream", id))?;
    let span = activity::span(&state);
    let found = state.store.upstream_activity(&[id], span).await?;
    let headers = [etag(upstream.revision)];
    let activity = ActivityResponse::new(found.get(&id), span);
    Ok((
        headers,
        Json(UpstreamResponse::from(upstream).with_activity(activity)),
    ))
}
