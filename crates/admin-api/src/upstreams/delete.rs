//! `DELETE /api/admin/upstreams/{id}`

use axum::extract::State;
use http::StatusCode;
use tollgate_domain::UpstreamId;

use crate::AdminState;
use crate::auth::Author;
use crate::etag::{IfMatch, done};
use crate::extract::PathId;
use crate::problem::{DeleteProblems, Problem};

/// Removes an upstream: it takes no more traffic, its credential is wiped and its name is free again. The ledger keeps
/// what it billed.
#[utoipa::path(
    delete, path = "/api/admin/upstreams/{id}", tag = "upstreams",
    params(
        ("id" = Uuid, Path, description = "The upstream"),
        ("If-Match" = Option<String>, Header, description = "The ETag of the revision to remove; without it, the current one"),
    ),
    responses((status = 204, description = "It is gone"), DeleteProblems),
    security(("admin_token" = [])),
)]
pub(super) async fn delete_upstream(
    State(state): State<AdminState>,
    author: Author,
    PathId(id): PathId<UpstreamId>,
    if_match: IfMatch,
) -> Result<StatusCode, Problem> {
    let current = async {
        let current = state.store.upstream(id).await?;
        let current = current.ok_or_else(|| Problem::not_found("upstream", id))?;
        Ok(current.revision)
    };
    let expected = if_match.expected(current).await?;
    let now = state.clock.now();
    let edited = state.store.delete_upstream(id, expected, &author.0, now).await?;
    done(edited, "upstream", id)?;
    state.runtime.refresh().await;
    Ok(StatusCode::NO_CONTENT)
}
