//! `GET /api/admin/billing/prices/releases/{id}/diff`

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use tollgate_domain::{ModelName, ReleaseId};
use utoipa::{IntoParams, ToSchema};

use super::change_json::{ModelChangeResponse, change_example};
use crate::AdminState;
use crate::cursor::{self, DEFAULT_LIMIT};
use crate::extract::{PathId, QueryReader};
use crate::problem::{PageProblems, Problem};

/// Which page of the changes.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents what QueryReader takes")]
struct GetPriceReleaseDiffParams {
    /// Where to go on: the `next_cursor` of the page before.
    cursor: Option<String>,
    /// Models of the page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u16>,
}

/// A page of changes.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PriceReleaseDiff, examples(json!({"items": [change_example()], "next_cursor": null})))]
pub(super) struct PriceReleaseDiffResponse {
    /// The changes, by model.
    items: Vec<ModelChangeResponse>,
    /// Pass it as `cursor` for the next page; null on the last.
    next_cursor: Option<String>,
}

/// Shows what a release changed against the catalog before it, and what it holds: per model, each rate from old to new.
#[utoipa::path(
    get, path = "/api/admin/billing/prices/releases/{id}/diff", tag = "prices",
    params(("id" = Uuid, Path, description = "The release"), GetPriceReleaseDiffParams),
    responses((status = 200, description = "A page of changes", body = PriceReleaseDiffResponse), PageProblems),
    security(("admin_token" = [])),
)]
pub(super) async fn get_price_release_diff(
    State(state): State<AdminState>,
    PathId(id): PathId<ReleaseId>,
    mut query: QueryReader,
) -> Result<Json<PriceReleaseDiffResponse>, Problem> {
    let listed = query.listed();
    let after: Option<ModelName> = query.take_cursor();
    let limit = query.take("limit", cursor::parse_limit).unwrap_or(DEFAULT_LIMIT);
    query.finish()?;
    let changes = state.store.release_changes(id, after, limit + 1).await?;
    let mut changes = changes.ok_or_else(|| Problem::not_found("price release", id))?;
    let more = changes.len() > usize::from(limit);
    changes.truncate(usize::from(limit));
    let last = changes.last().filter(|_| more).map(|change| change.model.clone());
    Ok(Json(PriceReleaseDiffResponse {
        next_cursor: last.as_ref().map(|end| listed.encode(end)),
        items: changes.into_iter().map(Into::into).collect(),
    }))
}
