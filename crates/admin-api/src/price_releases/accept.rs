//! `POST /api/admin/billing/prices/releases/{id}/accept`

use axum::Json;
use axum::extract::State;
use tollgate_domain::ReleaseId;

use super::decision::{DecidePriceReleaseRequest, PriceReleaseDecisionResponse, decide};
use crate::AdminState;
use crate::auth::Author;
use crate::extract::{JsonBody, PathId};
use crate::problem::{DecideProblems, Problem};

/// Puts held prices in force: all of a release, or those of some models.
#[utoipa::path(
    post, path = "/api/admin/billing/prices/releases/{id}/accept", tag = "prices",
    params(("id" = Uuid, Path, description = "The release")),
    request_body = DecidePriceReleaseRequest,
    responses((status = 200, description = "What was decided", body = PriceReleaseDecisionResponse), DecideProblems),
    security(("admin_token" = [])),
)]
pub(super) async fn accept_price_release(
    State(state): State<AdminState>,
    Author(author): Author,
    PathId(id): PathId<ReleaseId>,
    JsonBody(request): JsonBody<DecidePriceReleaseRequest>,
) -> Result<Json<PriceReleaseDecisionResponse>, Problem> {
    decide(&state, id, request, true, &author).await.map(Json)
}
