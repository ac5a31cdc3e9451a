//! `GET /api/admin/billing/aliases`

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use tollgate_domain::ports::AliasVersion;
use tollgate_domain::{AliasId, UpstreamId};
use utoipa::{IntoParams, ToSchema};

use super::json::{AliasResponse, example};
use crate::AdminState;
use crate::billing::effect::upstreams;
use crate::cursor::{self, DEFAULT_LIMIT};
use crate::extract::{QueryReader, parse_id};
use crate::problem::{Problem, QueryProblems};

/// Which aliases.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents what QueryReader takes")]
struct ListAliasesParams {
    /// Whose name or target contains this, upper or lower case.
    #[param(min_length = 1)]
    q: Option<String>,
    /// Leading to exactly this model.
    #[param(min_length = 1)]
    target: Option<String>,
    /// Of this upstream only.
    upstream_id: Option<uuid::Uuid>,
    /// Where to go on: the `next_cursor` of the page before.
    cursor: Option<String>,
    /// Rows of the page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u16>,
}

/// A page of aliases.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AliasList, examples(json!({"items": [example()], "next_cursor": null})))]
pub(super) struct AliasListResponse {
    /// The aliases in force, by name.
    items: Vec<AliasResponse>,
    /// Pass it as `cursor` for the next page; null on the last.
    next_cursor: Option<String>,
}

/// Lists the aliases in force, by name.
#[utoipa::path(
    get, path = "/api/admin/billing/aliases", tag = "price rules",
    params(ListAliasesParams),
    responses((status = 200, description = "A page of aliases", body = AliasListResponse), QueryProblems),
    security(("admin_token" = [])),
)]
pub(super) async fn list_aliases(
    State(state): State<AdminState>,
    mut query: QueryReader,
) -> Result<Json<AliasListResponse>, Problem> {
    let part = query.take_text("q").map(|text| text.to_lowercase());
    let target = query.take_text("target");
    let upstream_id = query.take("upstream_id", parse_id).map(UpstreamId::new);
    let listed = query.listed();
    let after: Option<(String, AliasId)> = query.take_cursor();
    let limit = query.take("limit", cursor::parse_limit).unwrap_or(DEFAULT_LIMIT);
    query.finish()?;
    let upstreams = upstreams(&state).await?;
    let mut aliases = state.store.aliases().await?;
    aliases.retain(|version| {
        let alias = &version.alias;
        let named = |part: &String| {
            let names = [alias.alias.as_str(), alias.target.as_str()];
            names.iter().any(|name| name.to_lowercase().contains(part))
        };
        part.as_ref().is_none_or(named)
            && target
                .as_ref()
                .is_none_or(|target| alias.target.as_str() == target)
            && upstream_id.is_none_or(|id| alias.upstream_id == Some(id))
    });
    let place = |version: &AliasVersion| (version.alias.alias.to_string(), version.alias.id);
    let (page, end) = cursor::page(aliases, place, after.as_ref(), limit);
    let items = page.into_iter().map(|version| {
        let upstream = version.alias.upstream_id.and_then(|id| upstreams.get(&id));
        AliasResponse::of(version, upstream)
    });
    Ok(Json(AliasListResponse {
        items: items.collect(),
        next_cursor: end.as_ref().map(|end| listed.encode(end)),
    }))
}
