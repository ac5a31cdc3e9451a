//! `DELETE /api/admin/tokens/{id}`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use http::StatusCode;
use tollgate_domain::AdminTokenId;

use super::draft::{edited, find};
use crate::AdminState;
use crate::auth::{Author, Gate};
use crate::etag::IfMatch;
use crate::extract::PathId;
use crate::problem::{DeleteTokenProblems, Problem};

/// Revokes an admin token: it and its sessions are refused from now on. The last living one of role `admin` stays.
#[utoipa::path(
    delete, path = "/api/admin/tokens/{id}", tag = "access",
    params(
        ("id" = Uuid, Path, description = "The admin token"),
        ("If-Match" = Option<String>, Header, description = "The ETag of the revision to revoke; without it, the current one"),
    ),
    responses((status = 204, description = "It is revoked"), DeleteTokenProblems),
    security(("admin_token" = [])),
)]
pub(super) async fn revoke_admin_token(
    State(state): State<AdminState>,
    Extension(gate): Extension<Arc<Gate>>,
    author: Author,
    PathId(id): PathId<AdminTokenId>,
    if_match: IfMatch,
) -> Result<StatusCode, Problem> {
    let current = async { Ok(find(&state, id).await?.revision) };
    let expected = if_match.expected(current).await?;
    let now = state.clock.now();
    let done = state
        .store
        .revoke_admin_token(id, expected, &author.0, now)
        .await?;
    edited(id, done)?;
    gate.forget_token(id);
    Ok(StatusCode::NO_CONTENT)
}
