//! `GET /api/admin/upstreams`

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::json::{UpstreamResponse, example};
use crate::AdminState;
use crate::cursor::{self, DEFAULT_LIMIT};
use crate::extract::QueryReader;
use crate::problem::{Problem, QueryProblems};

/// Which page of the upstreams.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents what QueryReader takes")]
struct ListUpstreamsParams {
    /// Where to go on: the `next_cursor` of the page before.
    cursor: Option<String>,
    /// Rows of the page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u16>,
}

/// A page of upstreams.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UpstreamList, examples(json!({"items": [example()], "next_cursor": null})))]
pub(super) struct UpstreamListResponse {
    /// The upstreams, by priority and name.
    items: Vec<UpstreamResponse>,
    /// Pass it as `cursor` for the next page; null on the last.
    next_cursor: Option<String>,
}

/// Lists the upstreams, by priority and name.
#[utoipa::path(
    get, path = "/api/admin/upstreams", tag = "upstreams",
    params(ListUpstreamsParams),
    responses((status = 200, description = "A page of upstreams", body = UpstreamListResponse), QueryProblems),
    security(("admin_token" = [])),
)]
pub(super) async fn list_upstreams(
    State(state): State<AdminState>,
    mut query: QueryReader,
) -> Result<Json<UpstreamListResponse>, Problem> {
    let after: Option<(i32, String)> = query.take("cursor", cursor::decode);
    let limit = query.take("limit", cursor::parse_limit).unwrap_or(DEFAULT_LIMIT);
    query.finish()?;
    let upstreams = state.store.upstreams().await?;
    let place = |upstream: &tollgate_domain::Upstream| (upstream.priority, upstream.name.clone());
    let (page, end) = cursor::page(upstreams, place, after.as_ref(), limit);
    Ok(Json(UpstreamListResponse {
        items: page.into_iter().map(Into::into).collect(),
        next_cursor: end.as_ref().map(cursor::encode),
    }))
}
