//! Keys on the wire.

use serde::Serialize;
use tollgate_domain::{ApiKey, KeyId, OnUnpriced, Timestamp};
use utoipa::ToSchema;

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

pub(super) fn example() -> serde_json::Value {
    serde_json::json!({
        "id": "0198f0a0-0000-7000-8000-000000000002",
        "name": "search-backend",
        "token_hint": "x9Qw",
        "owner": "ada@example.com",
        "team": "search",
        "tags": ["production"],
        "on_unpriced": null,
        "enabled": true,
        "expires_at": null,
        "created_at": "2026-11-05T08:00:00Z",
        "updated_at": "2026-11-05T08:00:00Z",
        "revision": 1,
    })
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
            enabled: key.enabled,
            expires_at: key.expires_at,
            created_at: key.created_at,
            updated_at: key.updated_at,
            revision: key.revision,
        }
    }
}
