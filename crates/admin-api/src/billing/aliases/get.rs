//! `GET /api/admin/billing/aliases/{id}`

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use tollgate_domain::AliasId;

use super::draft::living;
use super::json::AliasResponse;
use crate::AdminState;
use crate::billing::effect::upstreams;
use crate::etag::etag;
use crate::extract::PathId;
use crate::problem::{FindProblems, Problem};

/// Shows an alias that is in force.
#[utoipa::path(
    get, path = "/api/admin/billing/aliases/{id}", tag = "price rules",
    params(("id" = Uuid, Path, description = "The alias")),
    responses(
        (status = 200, description = "The alias", body = AliasResponse, headers(
            ("ETag" = String, description = "Its price version"),
        )),
        FindProblems,
    ),
    security(("admin_token" = [])),
)]
pub(super) async fn get_alias(
    State(state): State<AdminState>,
    PathId(id): PathId<AliasId>,
) -> Result<impl IntoResponse, Problem> {
    let version = living(&state, id).await?;
    let upstreams = upstreams(&state).await?;
    let upstream = version.alias.upstream_id.and_then(|id| upstreams.get(&id));
    let tag = etag(version.span.version.get());
    Ok(([tag], Json(AliasResponse::of(version, upstream))))
}
