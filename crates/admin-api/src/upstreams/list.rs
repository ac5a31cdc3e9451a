//! `GET /api/admin/upstreams`

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::json::{UpstreamResponse, example};
use crate::AdminState;
use crate::activity::{self, ActivityResponse};
use crate::cursor::{self, DEFAULT_LIMIT};
use crate::extract::{QueryReader, parse_bool};
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
    /// Part of the name, account label or base URL, whatever the case.
    #[param(min_length = 1)]
    q: Option<String>,
    /// Of exactly this provider.
    #[param(min_length = 1)]
    provider: Option<String>,
    /// Only those that take traffic, or that do not.
    enabled: Option<bool>,
    /// Also when each was last used and what it did.
    #[param(default = false)]
    activity: Option<bool>,
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
    let listed = query.listed();
    let after: Option<(i32, String)> = query.take_cursor();
    let limit = query.take("limit", cursor::parse_limit).unwrap_or(DEFAULT_LIMIT);
    let text = query.take_text("q").map(|text| text.to_lowercase());
    let provider = query.take_text("provider");
    let enabled = query.take("enabled", parse_bool);
    let with_activity = query.take("activity", parse_bool).unwrap_or(false);
    query.finish()?;
    let mut upstreams = state.store.upstreams().await?;
    upstreams.retain(|upstream| {
        let fields = [
            Some(&upstream.name),
            upstream.account_label.as_ref(),
            Some(&upstream.base_url),
        ];
        let mentions = |text: &String| {
            let mut fields = fields.iter().flatten();
            fields.any(|field| field.to_lowercase().contains(text))
        };
        text.as_ref().is_none_or(mentions)
            && provider
                .as_ref()
                .is_none_or(|name| name == upstream.provider.as_str())
            && enabled.is_none_or(|enabled| enabled == upstream.enabled)
    });
    let place = |upstream: &tollgate_domain::Upstream| (upstream.priority, upstream.name.clone());
    let (page, end) = cursor::page(upstreams, place, after.as_ref(), limit);
    let items = if with_activity {
        let span = activity::span(&state);
        let ids: Vec<_> = page.iter().map(|upstream| upstream.id).collect();
        let found = state.store.upstream_activity(&ids, span).await?;
        let items = page.into_iter().map(|upstream| {
            let activity = ActivityResponse::new(found.get(&upstream.id), span);
            UpstreamResponse::from(upstream).with_activity(activity)
        });
        items.collect()
    } else {
        page.into_iter().map(Into::into).collect()
    };
    Ok(Json(UpstreamListResponse {
        items,
        next_cursor: end.as_ref().map(|end| listed.encode(end)),
    }))
}
