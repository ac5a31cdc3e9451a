//! `POST /api/admin/tokens`

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use http::StatusCode;
use http::header::LOCATION;
use secrecy::ExposeSecret;
use serde::Deserialize;
use tollgate_domain::AdminTokenId;
use tollgate_domain::ports::AdminToken;
use utoipa::ToSchema;

use super::draft::{RoleName, check_expiry, check_name};
use super::json::IssuedAdminTokenResponse;
use crate::AdminState;
use crate::auth::Author;
use crate::etag::etag;
use crate::extract::JsonBody;
use crate::field::FieldErrors;
use crate::problem::{CreateProblems, Problem};
use crate::schema::{AdminRoleSchema, TimestampSchema};
use crate::time_text::TimeText;

/// A new admin token.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"name": "ada@example.com", "role": "finance", "expires_at": "2027-11-05T08:00:00Z"})))]
pub(super) struct CreateAdminTokenRequest {
    /// Whose it is; unique.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// What it may do.
    #[schema(value_type = AdminRoleSchema)]
    role: RoleName,
    /// From when on it is refused; must lie in the future. Null: never.
    #[serde(default)]
    #[schema(value_type = Option<TimestampSchema>)]
    expires_at: Option<TimeText>,
}

/// Makes an admin token for one person or program. The answer holds the token, which is never shown again.
#[utoipa::path(
    post, path = "/api/admin/tokens", tag = "access",
    request_body = CreateAdminTokenRequest,
    responses(
        (status = 201, description = "The new admin token", body = IssuedAdminTokenResponse, headers(
            ("ETag" = String, description = "Its revision"),
            ("Location" = String, description = "Its path"),
        )),
        CreateProblems,
    ),
    security(("admin_token" = [])),
)]
pub(super) async fn create_admin_token(
    State(state): State<AdminState>,
    author: Author,
    JsonBody(request): JsonBody<CreateAdminTokenRequest>,
) -> Result<impl IntoResponse, Problem> {
    let now = state.clock.now();
    let mut errors = FieldErrors::default();
    check_name(&mut errors, &request.name);
    check_expiry(&mut errors, request.expires_at, now);
    errors.into_result().map_err(Problem::invalid)?;
    let secret = state.tokens.new_admin_token()?;
    let secret = secret.expose_secret();
    let id = AdminTokenId::new(state.ids.new_id(now));
    let token = AdminToken {
        expires_at: request.expires_at.map(|expiry| expiry.0),
        ..AdminToken::new(id, request.name, secret, request.role.0, now)
    };
    let token = state.store.create_admin_token(token, &author.0).await?;
    let location = format!("/api/admin/tokens/{}", token.id);
    let headers = [etag(token.revision)];
    let body = IssuedAdminTokenResponse::new(secret.to_owned(), token);
    Ok((StatusCode::CREATED, headers, [(LOCATION, location)], Json(body)))
}
