//! `GET /api/admin/tokens/{id}`

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use tollgate_domain::AdminTokenId;

use super::draft::find;
use super::json::AdminTokenResponse;
use crate::AdminState;
use crate::etag::etag;
use crate::extract::PathId;
use crate::problem::{FindProblems, Problem};

/// Shows an admin token.
#[utoipa::path(
    get, path = "/api/admin/tokens/{id}", tag = "access",
    params(("id" = Uuid, Path, description = "The admin token")),
    responses(
        (status = 200, description = "The admin token", body = AdminTokenResponse, headers(
            ("ETag" = String, description = "Its revision"),
        )),
        FindProblems,
    ),
    security(("admin_token" = [])),
)]
pub(super) async fn get_admin_token(
    State(state): State<AdminState>,
    PathId(id): PathId<AdminTokenId>,
) -> Result<impl IntoResponse, Problem> {
    let token = find(&state, id).await?;
    Ok(([etag(token.revision)], Json(AdminTokenResponse::from(token))))
}
