//! `GET /api/admin/billing/upstream-multipliers`

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::json::{UpstreamMultipliersResponse, upstream_example};
use crate::AdminState;
use crate::cursor::{self, DEFAULT_LIMIT};
use crate::extract::QueryReader;
use crate::problem::{Problem, QueryProblems};

/// Which page of the multipliers.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents what QueryReader takes")]
struct ListUpstreamMultipliersParams {
    /// Where to go on: the `next_cursor` of the page before.
    cursor: Option<String>,
    /// Rows of the page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u16>,
}

/// A page of multipliers.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UpstreamMultipliersList, examples(json!({"items": [upstream_example()], "next_cursor": null})))]
pub(super) struct UpstreamMultipliersListResponse {
    /// What each upstream charges relative to the card, by upstream name.
    items: Vec<UpstreamMultipliersResponse>,
    /// Pass it as `cursor` for the next page; null on the last.
    next_cursor: Option<String>,
}

/// Lists what each upstream charges relative to the card, by upstream name.
#[utoipa::path(
    get, path = "/api/admin/billing/upstream-multipliers", tag = "price rules",
    params(ListUpstreamMultipliersParams),
    responses(
        (status = 200, description = "A page of multipliers", body = UpstreamMultipliersListResponse),
        QueryProblems,
    ),
    security(("admin_token" = [])),
)]
pub(super) async fn list_upstream_multipliers(
    State(state): State<AdminState>,
    mut query: QueryReader,
) -> Result<Json<UpstreamMultipliersListResponse>, Problem> {
    let listed = query.listed();
    let after: Option<String> = query.take_cursor();
    let limit = query.take("limit", cursor::parse_limit).unwrap_or(DEFAULT_LIMIT);
    query.finish()?;
    let upstreams = state.store.upstreams().await?;
    let (page, end) = cursor::page(upstreams, |upstream| upstream.name.clone(), after.as_ref(), limit);
    Ok(Json(UpstreamMultipliersListResponse {
        items: page.iter().map(Into::into).collect(),
        next_cursor: end.as_ref().map(|end| listed.encode(end)),
    }))
}
