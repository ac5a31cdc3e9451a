//! `GET /api/admin/keys/{id}`

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use tollgate_domain::KeyId;

use super::json::KeyResponse;
use crate::AdminState;
use crate::activity::{self, ActivityResponse};
use crate::etag::etag;
use crate::extract::PathId;
use crate::problem::{FindProblems, Problem};

/// Shows a key, when it was last used and what it did today and this month.
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
    let span = activity::span(&state);
    let found = state.store.key_activity(&[id], span).await?;
    let headers = [etag(key.revision)];
    let activity = ActivityResponse::new(found.get(&id), span);
    Ok((headers, Json(KeyResponse::from(key).with_activity(activity))))
}
