//! `GET /api/admin/billing/overrides`

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use tollgate_domain::ports::OverrideVersion;
use tollgate_domain::{OverrideId, UpstreamId};
use utoipa::{IntoParams, ToSchema};

use super::json::{OverrideResponse, example};
use crate::AdminState;
use crate::billing::effect::upstreams;
use crate::cursor::{self, DEFAULT_LIMIT};
use crate::extract::{QueryReader, parse_id};
use crate::problem::{Problem, QueryProblems};

/// Which overrides.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents what QueryReader takes")]
struct ListOverridesParams {
    /// Whose model name contains this, upper or lower case.
    #[param(min_length = 1)]
    q: Option<String>,
    /// Of exactly this model.
    #[param(min_length = 1)]
    model: Option<String>,
    /// Of this upstream only.
    upstream_id: Option<uuid::Uuid>,
    /// `global` for those of no upstream, `upstream` for those of one.
    #[param(pattern = "^(global|upstream)$")]
    scope: Option<String>,
    /// Set by this author.
    #[param(min_length = 1)]
    author: Option<String>,
    /// Where to go on: the `next_cursor` of the page before.
    cursor: Option<String>,
    /// Rows of the page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u16>,
}

/// A page of overrides.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OverrideList, examples(json!({"items": [example()], "next_cursor": null})))]
pub(super) struct OverrideListResponse {
    /// The overrides in force, by model.
    items: Vec<OverrideResponse>,
    /// Pass it as `cursor` for the next page; null on the last.
    next_cursor: Option<String>,
}

/// Lists the overrides in force, by model.
#[utoipa::path(
    get, path = "/api/admin/billing/overrides", tag = "price rules",
    params(ListOverridesParams),
    responses((status = 200, description = "A page of overrides", body = OverrideListResponse), QueryProblems),
    security(("admin_token" = [])),
)]
pub(super) async fn list_overrides(
    State(state): State<AdminState>,
    mut query: QueryReader,
) -> Result<Json<OverrideListResponse>, Problem> {
    let part = query.take_text("q").map(|text| text.to_lowercase());
    let model = query.take_text("model");
    let upstream_id = query.take("upstream_id", parse_id).map(UpstreamId::new);
    let global = query.take("scope", parse_scope);
    let author = query.take_text("author");
    let listed = query.listed();
    let after: Option<(String, OverrideId)> = query.take_cursor();
    let limit = query.take("limit", cursor::parse_limit).unwrap_or(DEFAULT_LIMIT);
    query.finish()?;
    let upstreams = upstreams(&state).await?;
    let mut overrides = state.store.overrides().await?;
    overrides.retain(|version| {
        let price = &version.price;
        let name = price.model.as_str();
        part.as_ref()
            .is_none_or(|part| name.to_lowercase().contains(part))
            && model.as_ref().is_none_or(|model| name == model)
            && upstream_id.is_none_or(|id| price.upstream_id == Some(id))
            && global.is_none_or(|global| price.upstream_id.is_none() == global)
            && author.as_ref().is_none_or(|author| price.author == *author)
    });
    let place = |version: &OverrideVersion| (version.price.model.to_string(), version.price.id);
    let (page, end) = cursor::page(overrides, place, after.as_ref(), limit);
    let items = page.into_iter().map(|version| {
        let upstream = version.price.upstream_id.and_then(|id| upstreams.get(&id));
        OverrideResponse::of(version, upstream)
    });
    Ok(Json(OverrideListResponse {
        items: items.collect(),
        next_cursor: end.as_ref().map(|end| listed.encode(end)),
    }))
}

/// Whether a scope is the global one.
pub(super) fn parse_scope(text: &str) -> Result<bool, String> {
    match text {
        "global" => Ok(true),
        "upstream" => Ok(false),
        other => Err(format!("{other:?} is neither \"global\" nor \"upstream\"")),
    }
}
