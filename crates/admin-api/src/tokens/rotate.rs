//! `POST /api/admin/tokens/{id}/rotate`

use std::sync::Arc;

use axum::extract::State;
use axum::response::IntoResponse;
use axum::{Extension, Json};
use chrono::TimeDelta;
use secrecy::ExposeSecret;
use serde::Deserialize;
use tollgate_domain::ports::{AdminToken, TokenRotation};
use tollgate_domain::{AdminTokenId, TokenHash};
use utoipa::ToSchema;

use super::draft::{check_expiry, edited, find};
use super::json::IssuedAdminTokenResponse;
use crate::AdminState;
use crate::auth::{Author, Gate};
use crate::etag::{IfMatch, etag};
use crate::extract::{Change, OptionalJsonBody, PathId, given};
use crate::field::FieldErrors;
use crate::problem::{Problem, RotateTokenProblems};
use crate::schema::TimestampSchema;
use crate::time_text::TimeText;

/// The longest grace: a week.
const GRACE_MAX: i64 = 604_800;

/// How to rotate.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"grace_seconds": 3600}), json!({"expires_at": "2027-11-05T08:00:00Z"})))]
pub(super) struct RotateAdminTokenRequest {
    /// For how long the old token and its sessions are accepted too.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false, minimum = 0, maximum = 604_800, default = 0)]
    grace_seconds: Option<i64>,
    /// From when on the new one is refused; must lie in the future. Null: never. Absent: as it is.
    #[serde(default)]
    #[schema(value_type = Option<TimestampSchema>)]
    expires_at: Change<TimeText>,
}

/// Replaces an admin token by a new one of the same name and role. The answer holds it, and it is never shown again. The
/// old one and its sessions end now, or after a grace.
#[utoipa::path(
    post, path = "/api/admin/tokens/{id}/rotate", tag = "access",
    params(
        ("id" = Uuid, Path, description = "The admin token"),
        ("If-Match" = Option<String>, Header, description = "The ETag of the revision to rotate; without it, the current one"),
    ),
    request_body = Option<RotateAdminTokenRequest>,
    responses(
        (status = 200, description = "The new token", body = IssuedAdminTokenResponse, headers(
            ("ETag" = String, description = "Its revision"),
        )),
        RotateTokenProblems,
    ),
    security(("admin_token" = [])),
)]
pub(super) async fn rotate_admin_token(
    State(state): State<AdminState>,
    Extension(gate): Extension<Arc<Gate>>,
    author: Author,
    PathId(id): PathId<AdminTokenId>,
    if_match: IfMatch,
    OptionalJsonBody(request): OptionalJsonBody<RotateAdminTokenRequest>,
) -> Result<impl IntoResponse, Problem> {
    let now = state.clock.now();
    let current = find(&state, id).await?;
    if !if_match.allows(current.revision) {
        return Err(Problem::stale(current.revision));
    }
    let mut errors = FieldErrors::default();
    let grace = request.grace_seconds.unwrap_or(0);
    let grace: Option<i64> = errors.number("grace_seconds", grace, 0..=GRACE_MAX);
    let expires_at = match request.expires_at {
        Change::Keep => current.expires_at.filter(|end| now < *end).map(TimeText),
        Change::Clear => None,
        Change::Set(expiry) => Some(expiry),
    };
    if matches!(request.expires_at, Change::Set(_)) {
        check_expiry(&mut errors, expires_at, now);
    }
    if current.expires_at.is_some_and(|end| end <= now) && request.expires_at == Change::Keep {
        errors.push(
            "expires_at",
            "the token has expired: say when the new one does, or null",
        );
    }
    errors.into_result().map_err(Problem::invalid)?;
    let secret = state.tokens.new_admin_token()?;
    let secret = secret.expose_secret();
    let grace = grace.filter(|seconds| *seconds > 0).map(TimeDelta::seconds);
    let rotation = TokenRotation {
        token_hash: TokenHash::of(secret),
        token_hint: AdminToken::hint(secret),
        grace_until: grace.map(|grace| now + grace),
        expires_at: expires_at.map(|expiry| expiry.0),
        at: now,
    };
    let done = state
        .store
        .rotate_admin_token(id, rotation, Some(current.revision), &author.0)
        .await?;
    let token = edited(id, done)?;
    gate.forget_token(id);
    let tag = etag(token.revision);
    Ok((
        [tag],
        Json(IssuedAdminTokenResponse::new(secret.to_owned(), token)),
    ))
}
