//! `GET /api/admin/billing/prices/releases/{id}`

use axum::Json;
use axum::extract::State;
use tollgate_domain::ReleaseId;

use super::json::PriceReleaseResponse;
use crate::AdminState;
use crate::extract::PathId;
use crate::problem::{FindProblems, Problem};

/// Shows a release; for a sync under way, how it goes.
#[utoipa::path(
    get, path = "/api/admin/billing/prices/releases/{id}", tag = "prices",
    params(("id" = Uuid, Path, description = "The release")),
    responses((status = 200, description = "The release", body = PriceReleaseResponse), FindProblems),
    security(("admin_token" = [])),
)]
pub(super) async fn get_price_release(
    State(state): State<AdminState>,
    PathId(id): PathId<ReleaseId>,
) -> Result<Json<PriceReleaseResponse>, Problem> {
    let release = state.store.release(id).await?;
    let release = release.ok_or_else(|| Problem::not_found("price release", id))?;
    Ok(Json(release.into()))
}
