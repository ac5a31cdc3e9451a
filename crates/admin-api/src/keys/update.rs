//! `PATCH /api/admin/keys/{id}`

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use serde::Deserialize;
use tollgate_domain::{ApiKey, KeyId, OnUnpriced, Timestamp, Upstream};
use utoipa::ToSchema;
use uuid::Uuid;

use super::draft::KeyDraft;
use super::json::KeyResponse;
use crate::AdminState;
use crate::auth::Author;
use crate::etag::{IfMatch, Repeated, etag};
use crate::extract::{Change, JsonBody, PathId, given};
use crate::problem::{Problem, UpdateProblems};
use crate::schema::{OnUnpricedSchema, TimestampSchema};
use crate::time_text::TimeText;

/// Changes to a key. What is absent stays as it is; null empties `owner`, `team` and `expires_at` and lifts
/// `allowed_upstreams` and `allowed_models`.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"enabled": false}), json!({"team": "ranking", "expires_at": null})))]
pub(super) struct UpdateKeyRequest {
    /// A unique name among the living.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false, min_length = 1, max_length = 100)]
    name: Option<String>,
    /// Who it belongs to; null empties it.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 200)]
    owner: Change<String>,
    /// The team that pays; null empties it.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 200)]
    team: Change<String>,
    /// Free labels, each once, as a whole.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false, max_items = 50)]
    tags: Option<Vec<String>>,
    /// What happens to its requests that nothing prices; null leaves it to upstream and installation.
    #[serde(default)]
    #[schema(value_type = Option<OnUnpricedSchema>)]
    on_unpriced: Change<OnUnpriced>,
    /// Only these upstreams; null lifts the restriction.
    #[serde(default)]
    #[schema(value_type = Option<Vec<Uuid>>, min_items = 1, max_items = 100)]
    allowed_upstreams: Change<Vec<Uuid>>,
    /// Only models that one of these names matches; null lifts the restriction.
    #[serde(default)]
    #[schema(value_type = Option<Vec<String>>, min_items = 1, max_items = 200)]
    allowed_models: Change<Vec<String>>,
    /// Whether it is accepted.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    enabled: Option<bool>,
    /// From when on it is refused; must lie in the future. Null: never.
    #[serde(default)]
    #[schema(value_type = Option<TimestampSchema>)]
    expires_at: Change<TimeText>,
}

/// Changes a key. Requests that arrive from now on see it; entries already written keep its name, owner and team of
/// then.
#[utoipa::path(
    patch, path = "/api/admin/keys/{id}", tag = "keys",
    params(
        ("id" = Uuid, Path, description = "The key"),
        ("If-Match" = Option<String>, Header, description = "The ETag of the revision to change; without it, the current one"),
    ),
    request_body = UpdateKeyRequest,
    responses(
        (status = 200, description = "The changed key", body = KeyResponse, headers(
            ("ETag" = String, description = "Its revision"),
        )),
        UpdateProblems,
    ),
    security(("admin_token" = [])),
)]
pub(super) async fn update_key(
    State(state): State<AdminState>,
    author: Author,
    PathId(id): PathId<KeyId>,
    if_match: IfMatch,
    JsonBody(request): JsonBody<UpdateKeyRequest>,
) -> Result<impl IntoResponse, Problem> {
    let upstreams = match &request.allowed_upstreams {
        Change::Set(_) => Some(state.store.upstreams().await?),
        Change::Keep | Change::Clear => None,
    };
    let mut edit = Repeated::new(&if_match, "key", id);
    loop {
        let current = edit.current(state.store.key(id).await?, |key| key.revision)?;
        let revision = current.revision;
        let key = request
            .clone()
            .onto(current, upstreams.as_deref(), state.clock.now())?;
        let edited = state.store.update_key(key, Some(revision), &author.0).await?;
        if let Some(key) = edit.done(edited)? {
            state.runtime.refresh().await;
            return Ok(([etag(key.revision)], Json(KeyResponse::from(key))));
        }
    }
}

impl UpdateKeyRequest {
    fn onto(
        self,
        current: ApiKey,
        upstreams: Option<&[Upstream]>,
        now: Timestamp,
    ) -> Result<ApiKey, Problem> {
        let draft = KeyDraft::of(&current);
        let expiry = match self.expires_at {
            Change::Set(expiry) => Some(expiry),
            Change::Keep | Change::Clear => None,
        };
        let draft = KeyDraft {
            name: self.name.unwrap_or(draft.name),
            owner: self.owner.onto(draft.owner),
            team: self.team.onto(draft.team),
            tags: self.tags.unwrap_or(draft.tags),
            on_unpriced: self.on_unpriced.onto(draft.on_unpriced),
            allowed_upstreams: self.allowed_upstreams.onto(draft.allowed_upstreams),
            allowed_models: self.allowed_models.onto(draft.allowed_models),
            enabled: self.enabled.unwrap_or(draft.enabled),
            expires_at: self
                .expires_at
                .onto(draft.expires_at.map(TimeText))
                .map(|expiry| expiry.0),
        };
        draft.onto(current, expiry, upstreams, now)
    }
}
