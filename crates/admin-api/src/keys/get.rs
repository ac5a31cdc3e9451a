//! `GET /api/admin/keys/{id}`

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use tollgate_domain::KeyId;

use super::json::KeyResponse;
use crate::AdminState;
use crate::etag::etag;
use crate::extract::PathId;
use crate::problem::{FindProblems, Problem};

/// Shows a key.
#[utoipa::path(
    get, path = "/api/admin/keys/{id}", tag = "keys",
    params(("id" = Uuid, Path, description = "The key")),
    responses(
        (status = 200, description = "The key", body = KeyResponse, headers(
            ("ETag" = String, description = "Its revision, for `If-Match` on edits"),
        )),
        FindProblems,
    ),
    security(("admin_token" = [])),
)]
pub(super) async fn get_key(
    State(state): State<AdminState>,
    PathId(id): PathId<KeyId>,
) -> Result<impl IntoResponse, Problem> {
    let key = state.store.key(id).await?;
    let key = key.ok_or_else(|| Problem::not_found("key", id))?;
    Ok(([etag(key.revision)], Json(KeyResponse::from(key))))
}
