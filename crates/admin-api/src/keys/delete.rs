//! `DELETE /api/admin/keys/{id}`

use axum::extract::State;
use http::StatusCode;
use tollgate_domain::KeyId;
use tollgate_domain::ports::Edited;

use crate::AdminState;
use crate::auth::Author;
use crate::etag::IfMatch;
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
    let mut expected = None;
    if if_match.is_conditional() {
        let current = state.store.key(id).await?;
        let revision = current.ok_or_else(|| Problem::not_found("key", id))?.revision;
        if !if_match.allows(revision) {
            return Err(Problem::stale(revision));
        }
        expected = Some(revision);
    }
    let now = state.clock.now();
    match state.store.delete_key(id, expected, &author.0, now).await? {
        Edited::Done(()) => {
            state.runtime.refresh().await;
            Ok(StatusCode::NO_CONTENT)
        }
        Edited::Missing => Err(Problem::not_found("key", id)),
        Edited::Stale { revision } => Err(Problem::stale(revision)),
    }
}
