//! `GET /api/admin/billing/prices/releases`

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use tollgate_domain::ReleaseId;
use utoipa::{IntoParams, ToSchema};

use super::json::{PriceReleaseResponse, example};
use crate::AdminState;
use crate::cursor::{self, DEFAULT_LIMIT};
use crate::extract::QueryReader;
use crate::problem::{Problem, QueryProblems};

/// Which page of the releases.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents what QueryReader takes")]
struct ListPriceReleasesParams {
    /// Where to go on: the `next_cursor` of the page before.
    cursor: Option<String>,
    /// Rows of the page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u16>,
}

/// A page of releases.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PriceReleaseList, examples(json!({"items": [example()], "next_cursor": null})))]
pub(super) struct PriceReleaseListResponse {
    /// The releases, newest first.
    items: Vec<PriceReleaseResponse>,
    /// Pass it as `cursor` for the next page; null on the last.
    next_cursor: Option<String>,
}

/// Lists releases of the price catalog, newest first: every run of the sync, whatever came of it.
#[utoipa::path(
    get, path = "/api/admin/billing/prices/releases", tag = "prices",
    params(ListPriceReleasesParams),
    responses((status = 200, description = "A page of releases", body = PriceReleaseListResponse), QueryProblems),
    security(("admin_token" = [])),
)]
pub(super) async fn list_price_releases(
    State(state): State<AdminState>,
    mut query: QueryReader,
) -> Result<Json<PriceReleaseListResponse>, Problem> {
    let listed = query.listed();
    let after: Option<ReleaseId> = query.take_cursor();
    let limit = query.take("limit", cursor::parse_limit).unwrap_or(DEFAULT_LIMIT);
    query.finish()?;
    // One more than asked for tells whether another page follows.
    let mut releases = state.store.releases(after, limit + 1).await?;
    let more = releases.len() > usize::from(limit);
    releases.truncate(usize::from(limit));
    let last = releases.last().filter(|_| more).map(|release| release.id);
    Ok(Json(PriceReleaseListResponse {
        next_cursor: last.as_ref().map(|end| listed.encode(end)),
        items: releases.into_iter().map(Into::into).collect(),
    }))
}
