//! Keys on the wire.

use serde::Serialize;
use tollgate_domain::{ApiKey, KeyId, ModelName, OnUnpriced, RetiringToken, Timestamp, UpstreamId};
use utoipa::ToSchema;

use crate::activity::{self, ActivityResponse};
use crate::schema::{OnUnpricedSchema, TimestampSchema};

/// A client's API key, without its token.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Key, examples(super::json::example))]
pub(super) struct KeyResponse {
    /// Its id, never reused.
    #[schema(value_type = Uuid)]
    id: KeyId,
    /// A unique name among the living.
    name: String,
    /// The token's last characters.
    token_hint: String,
    /// Who it belongs to.
    owner: Option<String>,
    /// The team that pays.
    team: Option<String>,
    /// Free labels.
    tags: Vec<String>,
    /// What happens to its requests that nothing prices; null leaves it to upstream and installation.
    #[schema(value_type = Option<OnUnpricedSchema>)]
    on_unpriced: Option<OnUnpriced>,
    /// Only these upstreams; null: any. One that is gone stays in the list and serves nothing.
    #[schema(value_type = Option<Vec<Uuid>>)]
    allowed_upstreams: Option<Vec<UpstreamId>>,
    /// Only models that one of these names matches; null: any.
    #[schema(value_type = Option<Vec<String>>)]
    allowed_models: Option<Vec<ModelName>>,
    /// The token before the current one, which is accepted too for a while; null if there is none.
    retiring_token: Option<RetiringTokenJson>,
    /// When its token was last replaced; null if it never was.
    #[schema(value_type = Option<TimestampSchema>)]
    rotated_at: Option<Timestamp>,
    /// When it was last used, and what it did. Always there when one key is read, in a list with `activity=true`, and null
    /// otherwise.
    activity: Option<ActivityResponse>,
    /// Whether it is accepted.
    enabled: bool,
    /// From when on it is refused.
    #[schema(value_type = Option<TimestampSchema>)]
    expires_at: Option<Timestamp>,
    /// When it was made.
    #[schema(value_type = TimestampSchema)]
    created_at: Timestamp,
    /// When it was last changed.
    #[schema(value_type = TimestampSchema)]
    updated_at: Timestamp,
    /// Counts edits; the ETag.
    revision: i64,
}

/// A token that another one has replaced.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RetiringToken, examples(json!({"token_hint": "q7Lm", "accepted_until": "2026-11-06T08:00:00Z"})))]
pub(super) struct RetiringTokenJson {
    /// Its last characters.
    token_hint: String,
    /// From when on it is refused.
    #[schema(value_type = TimestampSchema)]
    accepted_until: Timestamp,
}

pub(super) fn example() -> serde_json::Value {
    serde_json::json!({
        "id": "0198f0a0-0000-7000-8000-000000000002",
        "name": "search-backend",
        "token_hint": "x9Qw",
        "owner": "ada@example.com",
        "team": "search",
        "tags": ["production"],
        "on_unpriced": null,
        "allowed_upstreams": ["0198f0a0-0000-7000-8000-000000000001"],
        "allowed_models": ["gpt-5*"],
        "retiring_token": null,
        "rotated_at": null,
        "activity": activity::example(),
        "enabled": true,
        "expires_at": null,
        "created_at": "2026-11-05T08:00:00Z",
        "updated_at": "2026-11-05T08:00:00Z",
        "revision": 1,
    })
}

impl KeyResponse {
    pub(super) fn with_activity(mut self, activity: ActivityResponse) -> Self {
        self.activity = Some(activity);
        self
    }
}

impl From<RetiringToken> for RetiringTokenJson {
    fn from(token: RetiringToken) -> Self {
        Self {
            token_hint: token.token_hint,
            accepted_until: token.until,
        }
    }
}

impl From<ApiKey> for KeyResponse {
    fn from(key: ApiKey) -> Self {
        Self {
            id: key.id,
            name: key.name,
            token_hint: key.token_hint,
            owner: key.owner,
            team: key.team,
            tags: key.tags,
            on_unpriced: key.on_unpriced,
            allowed_upstreams: key.grants.upstreams,
            allowed_models: key.grants.models,
            retiring_token: key.retiring.map(Into::into),
            rotated_at: key.rotated_at,
            activity: None,
            enabled: key.enabled,
            expires_at: key.expires_at,
            created_at: key.created_at,
            updated_at: key.updated_at,
            revision: key.revision,
        }
    }
}
