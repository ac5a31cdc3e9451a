//! `POST /api/admin/billing/prices/releases/{id}/reject`

use axum::Json;
use axum::extract::State;
use tollgate_domain::ReleaseId;

use super::decision::{DecidePriceReleaseRequest, PriceReleaseDecisionResponse, decide};
use crate::AdminState;
use crate::auth::Author;
use crate::extract::{JsonBody, PathId};
use crate::problem::{DecideProblems, Problem};

/// Refuses held prices: all of a release, or those of some models. The old prices stay, and the same new price for the
/// same model is not proposed again.
#[utoipa::path(
    post, path = "/api/admin/billing/prices/releases/{id}/reject", tag = "prices",
    params(("id" = Uuid, Path, description = "The release")),
    request_body = DecidePriceReleaseRequest,
    responses((status = 200, description = "What was decided", body = PriceReleaseDecisionResponse), DecideProblems),
    security(("admin_token" = [])),
)]
pub(super) async fn reject_price_release(
    State(state): State<AdminState>,
    Author(author): Author,
    PathId(id): PathId<ReleaseId>,
    JsonBody(request): JsonBody<DecidePriceReleaseRequest>,
) -> Result<Json<PriceReleaseDecisionResponse>, Problem> {
    decide(&state, id, request, false, &author).await.map(Json)
}
