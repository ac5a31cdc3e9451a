//! `POST /api/admin/keys`

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use http::StatusCode;
use http::header::LOCATION;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use tollgate_domain::{ApiKey, KeyGrants, KeyId, OnUnpriced, TokenHash};
use utoipa::ToSchema;
use uuid::Uuid;

use super::draft::KeyDraft;
use super::json::{KeyResponse, example};
use crate::AdminState;
use crate::auth::Author;
use crate::etag::etag;
use crate::extract::{JsonBody, given};
use crate::problem::{CreateProblems, Problem};
use crate::schema::{OnUnpricedSchema, TimestampSchema};
use crate::time_text::TimeText;

/// How many of the token's last characters stay readable.
const HINT_LENGTH: usize = 4;

/// A new key.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({
    "name": "search-backend",
    "owner": "ada@example.com",
    "team": "search",
    "tags": ["production"],
})))]
pub(super) struct CreateKeyRequest {
    /// A unique name among the living.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// Who it belongs to.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 200)]
    owner: Option<String>,
    /// The team that pays.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 200)]
    team: Option<String>,
    /// Free labels, each once.
    #[serde(default)]
    #[schema(max_items = 50)]
    tags: Vec<String>,
    /// What happens to its requests that nothing prices; null leaves it to upstream and installation.
    #[serde(default)]
    #[schema(value_type = Option<OnUnpricedSchema>)]
    on_unpriced: Option<OnUnpriced>,
    /// Only these upstreams; null: any.
    #[serde(default)]
    #[schema(min_items = 1, max_items = 100)]
    allowed_upstreams: Option<Vec<Uuid>>,
    /// Only models that one of these names matches; a trailing `*` matches any ending. Null: any.
    #[serde(default)]
    #[schema(min_items = 1, max_items = 200)]
    allowed_models: Option<Vec<String>>,
    /// Whether it is accepted; true by default.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false, default = true)]
    enabled: Option<bool>,
    /// From when on it is refused; must lie in the future.
    #[serde(default)]
    #[schema(value_type = Option<TimestampSchema>)]
    expires_at: Option<TimeText>,
}

/// A new key with its token.
#[derive(Serialize, ToSchema)]
#[schema(as = CreatedKey, examples(json!({
    "token": "tg-9f3V…x9Qw",
    "key": example(),
})))]
pub(super) struct CreateKeyResponse {
    /// What callers present. It is shown this once and kept only as a hash.
    token: String,
    /// The key.
    key: KeyResponse,
}

/// Makes a key. The answer holds its token, which is never shown again.
#[utoipa::path(
    post, path = "/api/admin/keys", tag = "keys",
    request_body = CreateKeyRequest,
    responses(
        (status = 201, description = "The new key and its token", body = CreateKeyResponse, headers(
            ("ETag" = String, description = "Its revision"),
            ("Location" = String, description = "Its path"),
        )),
        CreateProblems,
    ),
    security(("admin_token" = [])),
)]
pub(super) async fn create_key(
    State(state): State<AdminState>,
    author: Author,
    JsonBody(request): JsonBody<CreateKeyRequest>,
) -> Result<impl IntoResponse, Problem> {
    let now = state.clock.now();
    let token = state.tokens.new_token()?;
    let base = ApiKey {
        id: KeyId::new(state.ids.new_id(now)),
        name: String::new(),
        token_hash: TokenHash::of(token.expose_secret()),
        token_hint: hint(token.expose_secret()),
        owner: None,
        team: None,
        tags: Vec::new(),
        on_unpriced: None,
        retiring: None,
        rotated_at: None,
        grants: KeyGrants::default(),
        enabled: true,
        expires_at: None,
        created_at: now,
        updated_at: now,
        revision: 0,
    };
    let draft = KeyDraft {
        name: request.name,
        owner: request.owner,
        team: request.team,
        tags: request.tags,
        on_unpriced: request.on_unpriced,
        allowed_upstreams: request.allowed_upstreams,
        allowed_models: request.allowed_models,
        enabled: request.enabled.unwrap_or(true),
        expires_at: request.expires_at.map(|expiry| expiry.0),
    };
    let upstreams = match &draft.allowed_upstreams {
        Some(_) => Some(state.store.upstreams().await?),
        None => None,
    };
    let key = draft.onto(base, request.expires_at, upstreams.as_deref(), now)?;
    let key = state.store.create_key(key, &author.0).await?;
    state.runtime.refresh().await;
    let location = format!("/api/admin/keys/{}", key.id);
    let headers = [etag(key.revision)];
    let body = CreateKeyResponse::new(&token, key);
    Ok((StatusCode::CREATED, headers, [(LOCATION, location)], Json(body)))
}

impl CreateKeyResponse {
    pub(super) fn new(token: &SecretString, key: ApiKey) -> Self {
        Self {
            token: token.expose_secret().to_owned(),
            key: key.into(),
        }
    }
}

/// The part of a token that stays readable.
pub(super) fn hint(token: &str) -> String {
    let skipped = token.chars().count().saturating_sub(HINT_LENGTH);
    token.chars().skip(skipped).collect()
}
