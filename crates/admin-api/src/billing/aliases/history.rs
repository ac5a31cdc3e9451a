//! `GET /api/admin/billing/aliases/{id}/history`

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use tollgate_domain::AliasId;
use utoipa::ToSchema;

use super::json::{AliasResponse, example};
use crate::AdminState;
use crate::billing::effect::upstreams;
use crate::extract::PathId;
use crate::problem::{FindProblems, Problem};

/// Every version of an alias.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AliasHistory, examples(json!({"items": [example()]})))]
pub(super) struct AliasHistoryResponse {
    /// The versions, the latest first.
    items: Vec<AliasResponse>,
}

/// Shows every version of an alias, who set it and how it ended; also of one that is no longer in force.
#[utoipa::path(
    get, path = "/api/admin/billing/aliases/{id}/history", tag = "price rules",
    params(("id" = Uuid, Path, description = "The alias")),
    responses((status = 200, description = "Its versions", body = AliasHistoryResponse), FindProblems),
    security(("admin_token" = [])),
)]
pub(super) async fn list_alias_versions(
    State(state): State<AdminState>,
    PathId(id): PathId<AliasId>,
) -> Result<Json<AliasHistoryResponse>, Problem> {
    let versions = state.store.alias_versions(id).await?;
    if versions.is_empty() {
        return Err(Problem::not_found("alias", id));
    }
    let upstreams = upstreams(&state).await?;
    let items = versions.into_iter().map(|version| {
        let upstream = version.alias.upstream_id.and_then(|id| upstreams.get(&id));
        AliasResponse::of(version, upstream)
    });
    Ok(Json(AliasHistoryResponse {
        items: items.collect(),
    }))
}
