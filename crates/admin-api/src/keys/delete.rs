//! `DELETE /api/admin/keys/{id}`

use axum::extract::State;
use http::StatusCode;
use tollgate_domain::KeyId;

use crate::AdminState;
use crate::auth::Author;
use crate::etag::{IfMatch, done};
use crate::extract::PathId;
use crate::problem::{DeleteProblems, Problem};

/// Removes a key: it is refused from now on, the hash of its token is wiped and its name is free again. The ledger keeps
/// what it was billed.
#[utoipa::path(
    delete, path = "/api/admin/keys/{id}", tag = "keys",
    params(
        ("id" = Uuid, Path, description = "The key"),
        ("If-Match" = Option<String>, Header, description = "The ETag of the revision to remove; without it, the current one"),
    ),
    responses((status = 204, description = "It is gone"), DeleteProblems),
    security(("admin_token" = [])),
)]
pub(super) async fn delete_key(
    State(state): State<AdminState>,
    author: Author,
    PathId(id): PathId<KeyId>,
    if_match: IfMatch,
) -> Result<StatusCode, Problem> {
    let current = async {
        let current = state.store.key(id).await?;
        let current = current.ok_or_else(|| Problem::not_found("key", id))?;
        Ok(current.revision)
    };
    let expected = if_match.expected(current).await?;
    let now = state.clock.now();
    let edited = state.store.delete_key(id, expected, &author.0, now).await?;
    done(edited, "key", id)?;
    state.runtime.refresh().await;
    Ok(StatusCode::NO_CONTENT)
}
