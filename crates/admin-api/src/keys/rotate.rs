//! `POST /api/admin/keys/{id}/rotate`

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use chrono::TimeDelta;
use secrecy::ExposeSecret;
use serde::Deserialize;
use tollgate_domain::ports::{Edited, NewToken};
use tollgate_domain::{KeyId, TokenHash};
use utoipa::ToSchema;

use super::create::{CreateKeyResponse, hint};
use crate::AdminState;
use crate::auth::Author;
use crate::etag::{EDIT_TRIES, IfMatch, etag};
use crate::extract::{OptionalJsonBody, PathId, given};
use crate::field::FieldErrors;
use crate::problem::{Problem, RotateProblems};

/// A week.
const GRACE_MAX: i64 = 604_800;

/// How to rotate a key.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"grace_seconds": 86400})))]
pub(super) struct RotateKeyRequest {
    /// How long the token before is accepted too, so that clients can be moved; 0 refuses it at once.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false, minimum = 0, maximum = 604_800, default = 0)]
    grace_seconds: Option<i64>,
}

/// Gives a key a new token, shown this once. The one before works on for the grace period; what was still working from
/// an earlier rotation is refused at once, for a key has two tokens at most.
#[utoipa::path(
    post, path = "/api/admin/keys/{id}/rotate", tag = "keys",
    params(
        ("id" = Uuid, Path, description = "The key"),
        ("If-Match" = Option<String>, Header, description = "The ETag of the revision to rotate; without it, the current one"),
    ),
    request_body = Option<RotateKeyRequest>,
    responses(
        (status = 200, description = "The key and its new token", body = CreateKeyResponse, headers(
            ("ETag" = String, description = "Its revision"),
        )),
        RotateProblems,
    ),
    security(("admin_token" = [])),
)]
pub(super) async fn rotate_key(
    State(state): State<AdminState>,
    author: Author,
    PathId(id): PathId<KeyId>,
    if_match: IfMatch,
    OptionalJsonBody(request): OptionalJsonBody<RotateKeyRequest>,
) -> Result<impl IntoResponse, Problem> {
    let mut errors = FieldErrors::default();
    let seconds = request.grace_seconds.unwrap_or(0);
    let grace: Option<i64> = errors.number("grace_seconds", seconds, 0..=GRACE_MAX);
    errors.into_result().map_err(Problem::invalid)?;
    let now = state.clock.now();
    let token = state.tokens.new_token()?;
    let new = NewToken {
        token_hash: TokenHash::of(token.expose_secret()),
        token_hint: hint(token.expose_secret()),
        at: now,
        old_until: grace
            .filter(|seconds| *seconds > 0)
            .map(|seconds| now + TimeDelta::seconds(seconds)),
    };
    let mut revision = 0;
    for _ in 0..EDIT_TRIES {
        let current = state.store.key(id).await?;
        revision = current.ok_or_else(|| Problem::not_found("key", id))?.revision;
        if !if_match.allows(revision) {
            break;
        }
        let rotated = state.store.rotate_key(id, new.clone(), Some(revision), &author.0);
        match rotated.await? {
            Edited::Done(key) => {
                state.runtime.refresh().await;
                let headers = [etag(key.revision)];
                return Ok((headers, Json(CreateKeyResponse::new(&token, key))));
            }
            Edited::Missing => return Err(Problem::not_found("key", id)),
            Edited::Stale { revision: now } => revision = now,
        }
    }
    Err(Problem::stale(revision))
}
