//! `POST /api/admin/session`

use std::sync::Arc;

use axum::extract::State;
use axum::response::IntoResponse;
use axum::{Extension, Json};
use http::header::SET_COOKIE;
use http::{HeaderMap, StatusCode};
use secrecy::ExposeSecret;
use serde::Deserialize;
use tollgate_domain::ports::AdminSession;
use tollgate_domain::{ActorOrigin, AdminSessionId, TokenHash};
use utoipa::ToSchema;

use super::json::SessionResponse;
use crate::AdminState;
use crate::auth::{Address, Gate, actor, check_origin, csrf_token, opened};
use crate::extract::JsonBody;
use crate::problem::{Problem, SignInProblems};

const TOKEN_MAX: usize = 4_096;

/// The admin token to sign in with.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"token": "tga-9f3V…x9Qw"})))]
pub(super) struct CreateSessionRequest {
    /// A living admin token.
    #[schema(format = Password, write_only, min_length = 1, max_length = 4096)]
    token: String,
}

/// Signs in: exchanges an admin token for a session. Its secret is in a cookie that no page can read; requests with that
/// cookie that are not a `GET` have to carry `csrf_token` in the header `x-csrf-token`. The session ends when it is not
/// used for `idle_seconds`, at `expires_at`, or when its token is revoked or rotated. Who fails too often has to wait.
#[utoipa::path(
    post, path = "/api/admin/session", tag = "access",
    request_body = CreateSessionRequest,
    responses(
        (status = 201, description = "Who signed in", body = SessionResponse, headers(
            ("Set-Cookie" = String, description = "The session's secret: HttpOnly, SameSite=Strict, and Secure over https"),
        )),
        SignInProblems,
    ),
)]
pub(super) async fn create_session(
    State(state): State<AdminState>,
    Extension(gate): Extension<Arc<Gate>>,
    Address(address): Address,
    headers: HeaderMap,
    JsonBody(request): JsonBody<CreateSessionRequest>,
) -> Result<impl IntoResponse, Problem> {
    check_origin(&headers)?;
    let length = request.token.len();
    if length == 0 || length > TOKEN_MAX {
        let message = format!("has {length} bytes; allowed are 1..={TOKEN_MAX}");
        return Err(Problem::invalid_field("token", message));
    }
    let token = gate.token(&state, &request.token, address).await?;
    let now = state.clock.now();
    let secret = state.tokens.new_token()?;
    let secret = secret.expose_secret();
    let end = now + state.access.session_length;
    let session = AdminSession {
        id: AdminSessionId::new(state.ids.new_id(now)),
        token_id: token.id,
        secret_hash: TokenHash::of(secret),
        address,
        created_at: now,
        last_seen_at: now,
        expires_at: token.expires_at.map_or(end, |expiry| expiry.min(end)),
    };
    let author = actor(&token, ActorOrigin::Session, address);
    state.store.open_session(session.clone(), &author).await?;
    let seconds = (session.expires_at - now).num_seconds();
    let cookie = opened(&headers, secret, seconds).map(|cookie| [(SET_COOKIE, cookie)]);
    let body = SessionResponse::of_session(&session, token, csrf_token(secret), &state.access);
    Ok((StatusCode::CREATED, cookie, Json(body)))
}
