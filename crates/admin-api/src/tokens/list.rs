//! `GET /api/admin/tokens`

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use tollgate_domain::ports::AdminToken;
use utoipa::{IntoParams, ToSchema};

use super::json::{AdminTokenResponse, example};
use crate::AdminState;
use crate::cursor::{self, DEFAULT_LIMIT};
use crate::extract::QueryReader;
use crate::problem::{Problem, QueryProblems};

/// Which page of the admin tokens.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents what QueryReader takes")]
struct ListAdminTokensParams {
    /// Where to go on: the `next_cursor` of the page before.
    cursor: Option<String>,
    /// Rows of the page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u16>,
}

/// A page of admin tokens.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AdminTokenList, examples(json!({"items": [example()], "next_cursor": null})))]
pub(super) struct AdminTokenListResponse {
    /// The tokens, by name.
    items: Vec<AdminTokenResponse>,
    /// Pass it as `cursor` for the next page; null on the last.
    next_cursor: Option<String>,
}

/// Lists the admin tokens, by name; those that have expired too.
#[utoipa::path(
    get, path = "/api/admin/tokens", tag = "access",
    params(ListAdminTokensParams),
    responses((status = 200, description = "A page of admin tokens", body = AdminTokenListResponse), QueryProblems),
    security(("admin_token" = [])),
)]
pub(super) async fn list_admin_tokens(
    State(state): State<AdminState>,
    mut query: QueryReader,
) -> Result<Json<AdminTokenListResponse>, Problem> {
    let listed = query.listed();
    let after: Option<String> = query.take_cursor();
    let limit = query.take("limit", cursor::parse_limit).unwrap_or(DEFAULT_LIMIT);
    query.finish()?;
    let mut tokens = state.store.admin_tokens().await?;
    // Databases collate differently; the cursor compares bytes.
    tokens.sort_by(|a, b| a.name.cmp(&b.name));
    let place = |token: &AdminToken| token.name.clone();
    let (page, end) = cursor::page(tokens, place, after.as_ref(), limit);
    Ok(Json(AdminTokenListResponse {
        items: page.into_iter().map(Into::into).collect(),
        next_cursor: end.as_ref().map(|end| listed.encode(end)),
    }))
}
