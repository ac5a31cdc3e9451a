//! `GET /api/admin/billing/overrides/{id}`

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use tollgate_domain::OverrideId;

use super::draft::living;
use super::json::OverrideResponse;
use crate::AdminState;
use crate::billing::effect::upstreams;
use crate::etag::etag;
use crate::extract::PathId;
use crate::problem::{FindProblems, Problem};

/// Shows an override that is in force.
#[utoipa::path(
    get, path = "/api/admin/billing/overrides/{id}", tag = "price rules",
    params(("id" = Uuid, Path, description = "The override")),
    responses(
        (status = 200, description = "The override", body = OverrideResponse, headers(
            ("ETag" = String, description = "Its price version"),
        )),
        FindProblems,
    ),
    security(("admin_token" = [])),
)]
pub(super) async fn get_override(
    State(state): State<AdminState>,
    PathId(id): PathId<OverrideId>,
) -> Result<impl IntoResponse, Problem> {
    let version = living(&state, id).await?;
    let upstreams = upstreams(&state).await?;
    let upstream = version.price.upstream_id.and_then(|id| upstreams.get(&id));
    let tag = etag(version.span.version.get());
    Ok(([tag], Json(OverrideResponse::of(version, upstream))))
}
