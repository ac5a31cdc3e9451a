//! `GET /api/admin/billing/overrides/{id}/history`

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use tollgate_domain::OverrideId;
use utoipa::ToSchema;

use super::json::{OverrideResponse, example};
use crate::AdminState;
use crate::billing::effect::upstreams;
use crate::extract::PathId;
use crate::problem::{FindProblems, Problem};

/// Every version of an override.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OverrideHistory, examples(json!({"items": [example()]})))]
pub(super) struct OverrideHistoryResponse {
    /// The versions, the latest first.
    items: Vec<OverrideResponse>,
}

/// Shows every version of an override, who set it and how it ended; also of one that is no longer in force.
#[utoipa::path(
    get, path = "/api/admin/billing/overrides/{id}/history", tag = "price rules",
    params(("id" = Uuid, Path, description = "The override")),
    responses((status = 200, description = "Its versions", body = OverrideHistoryResponse), FindProblems),
    security(("admin_token" = [])),
)]
pub(super) async fn list_override_versions(
    State(state): State<AdminState>,
    PathId(id): PathId<OverrideId>,
) -> Result<Json<OverrideHistoryResponse>, Problem> {
    let versions = state.store.override_versions(id).await?;
    if versions.is_empty() {
        return Err(Problem::not_found("override", id));
    }
    let upstreams = upstreams(&state).await?;
    let items = versions.into_iter().map(|version| {
        let upstream = version.price.upstream_id.and_then(|id| upstreams.get(&id));
        OverrideResponse::of(version, upstream)
    });
    Ok(Json(OverrideHistoryResponse {
        items: items.collect(),
    }))
}
