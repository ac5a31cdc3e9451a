//! `DELETE /api/admin/upstreams/{id}`

use axum::extract::State;
use http::StatusCode;
use tollgate_domain::UpstreamId;
use tollgate_domain::ports::Edited;

use crate::AdminState;
use crate::auth::Author;
use crate::etag::IfMatch;
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
    let mut expected = None;
    if if_match.is_conditional() {
        let current = state.store.upstream(id).await?;
        let revision = current
            .ok_or_else(|| Problem::not_found("upstream", id))?
            .revision;
        if !if_match.allows(revision) {
            return Err(Problem::stale(revision));
        }
        expected = Some(revision);
    }
    let now = state.clock.now();
    match state.store.delete_upstream(id, expected, &author.0, now).await? {
        Edited::Done(()) => {
            state.runtime.refresh().await;
            Ok(StatusCode::NO_CONTENT)
        }
        Edited::Missing => Err(Problem::not_found("upstream", id)),
        Edited::Stale { revision } => Err(Problem::stale(revision)),
    }
}
