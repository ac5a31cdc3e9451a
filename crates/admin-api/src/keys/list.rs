//! `GET /api/admin/keys`

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::json::{KeyResponse, example};
use crate::AdminState;
use crate::cursor::{self, DEFAULT_LIMIT};
use crate::extract::QueryReader;
use crate::problem::{Problem, QueryProblems};

/// Which page of the keys.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents what QueryReader takes")]
struct ListKeysParams {
    /// Where to go on: the `next_cursor` of the page before.
    cursor: Option<String>,
    /// Rows of the page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u16>,
}

/// A page of keys.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = KeyList, examples(json!({"items": [example()], "next_cursor": null})))]
pub(super) struct KeyListResponse {
    /// The keys, by name.
    items: Vec<KeyResponse>,
    /// Pass it as `cursor` for the next page; null on the last.
    next_cursor: Option<String>,
}

/// Lists the keys, by name.
#[utoipa::path(
    get, path = "/api/admin/keys", tag = "keys",
    params(ListKeysParams),
    responses((status = 200, description = "A page of keys", body = KeyListResponse), QueryProblems),
    security(("admin_token" = [])),
)]
pub(super) async fn list_keys(
    State(state): State<AdminState>,
    mut query: QueryReader,
) -> Result<Json<KeyListResponse>, Problem> {
    let after: Option<String> = query.take("cursor", cursor::decode);
    let limit = query.take("limit", cursor::parse_limit).unwrap_or(DEFAULT_LIMIT);
    query.finish()?;
    let keys = state.store.keys().await?;
    let place = |key: &tollgate_domain::ApiKey| key.name.clone();
    let (page, end) = cursor::page(keys, place, after.as_ref(), limit);
    Ok(Json(KeyListResponse {
        items: page.into_iter().map(Into::into).collect(),
        next_cursor: end.as_ref().map(cursor::encode),
    }))
}
