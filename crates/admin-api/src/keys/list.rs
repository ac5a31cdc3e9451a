//! `GET /api/admin/keys`

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::json::{KeyResponse, example};
use crate::AdminState;
use crate::activity::{self, ActivityResponse};
use crate::cursor::{self, DEFAULT_LIMIT};
use crate::extract::{QueryReader, parse_bool};
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
    /// Part of the name, owner or team, whatever the case.
    #[param(min_length = 1)]
    q: Option<String>,
    /// Of exactly this team.
    #[param(min_length = 1)]
    team: Option<String>,
    /// Of exactly this owner.
    #[param(min_length = 1)]
    owner: Option<String>,
    /// Only those that are accepted, or that are not.
    enabled: Option<bool>,
    /// Only those that have expired, or that have not.
    expired: Option<bool>,
    /// Also when each was last used and what it did.
    #[param(default = false)]
    activity: Option<bool>,
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
    let listed = query.listed();
    let after: Option<String> = query.take_cursor();
    let limit = query.take("limit", cursor::parse_limit).unwrap_or(DEFAULT_LIMIT);
    let text = query.take_text("q").map(|text| text.to_lowercase());
    let (team, owner) = (query.take_text("team"), query.take_text("owner"));
    let enabled = query.take("enabled", parse_bool);
    let expired = query.take("expired", parse_bool);
    let with_activity = query.take("activity", parse_bool).unwrap_or(false);
    query.finish()?;
    let now = state.clock.now();
    let mut keys = state.store.keys().await?;
    keys.retain(|key| {
        let fields = [Some(&key.name), key.owner.as_ref(), key.team.as_ref()];
        let mentions = |text: &String| {
            let mut fields = fields.iter().flatten();
            fields.any(|field| field.to_lowercase().contains(text))
        };
        text.as_ref().is_none_or(mentions)
            && (team.is_none() || team == key.team)
            && (owner.is_none() || owner == key.owner)
            && enabled.is_none_or(|enabled| enabled == key.enabled)
            && expired.is_none_or(|expired| expired == key.expires_at.is_some_and(|end| end <= now))
    });
    let place = |key: &tollgate_domain::ApiKey| key.name.clone();
    let (page, end) = cursor::page(keys, place, after.as_ref(), limit);
    let items = if with_activity {
        let span = activity::span(&state);
        let ids: Vec<_> = page.iter().map(|key| key.id).collect();
        let found = state.store.key_activity(&ids, span).await?;
        let items = page.into_iter().map(|key| {
            let activity = ActivityResponse::new(found.get(&key.id), span);
            KeyResponse::from(key).with_activity(activity)
        });
        items.collect()
    } else {
        page.into_iter().map(Into::into).collect()
    };
    Ok(Json(KeyListResponse {
        items,
        next_cursor: end.as_ref().map(|end| listed.encode(end)),
    }))
}
