//! `PATCH /api/admin/tokens/{id}`

use std::sync::Arc;

use axum::extract::State;
use axum::response::IntoResponse;
use axum::{Extension, Json};
use serde::Deserialize;
use tollgate_domain::AdminTokenId;
use tollgate_domain::ports::{AdminToken, TokenEdited};
use utoipa::ToSchema;

use super::draft::{RoleName, check_expiry, check_name, edited, find};
use super::json::AdminTokenResponse;
use crate::AdminState;
use crate::auth::{Author, Gate};
use crate::etag::{EDIT_TRIES, IfMatch, etag};
use crate::extract::{Change, JsonBody, PathId, given};
use crate::field::FieldErrors;
use crate::problem::{Problem, UpdateTokenProblems};
use crate::schema::{AdminRoleSchema, TimestampSchema};
use crate::time_text::TimeText;

/// Changes to an admin token. What is absent stays as it is.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"role": "viewer"}), json!({"expires_at": null})))]
pub(super) struct UpdateAdminTokenRequest {
    /// Whose it is; unique.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false, min_length = 1, max_length = 100)]
    name: Option<String>,
    /// What it may do. It holds for open sessions at once.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = AdminRoleSchema, required = false)]
    role: Option<RoleName>,
    /// From when on it is refused; must lie in the future. Null: never.
    #[serde(default)]
    #[schema(value_type = Option<TimestampSchema>)]
    expires_at: Change<TimeText>,
}

/// Changes name, role or expiry of an admin token. The last living one of role `admin` stays that.
#[utoipa::path(
    patch, path = "/api/admin/tokens/{id}", tag = "access",
    params(
        ("id" = Uuid, Path, description = "The admin token"),
        ("If-Match" = Option<String>, Header, description = "The ETag of the revision to change; without it, the current one"),
    ),
    request_body = UpdateAdminTokenRequest,
    responses(
        (status = 200, description = "The changed admin token", body = AdminTokenResponse, headers(
            ("ETag" = String, description = "Its revision"),
        )),
        UpdateTokenProblems,
    ),
    security(("admin_token" = [])),
)]
pub(super) async fn update_admin_token(
    State(state): State<AdminState>,
    Extension(gate): Extension<Arc<Gate>>,
    author: Author,
    PathId(id): PathId<AdminTokenId>,
    if_match: IfMatch,
    JsonBody(request): JsonBody<UpdateAdminTokenRequest>,
) -> Result<impl IntoResponse, Problem> {
    let now = state.clock.now();
    let mut errors = FieldErrors::default();
    if let Some(name) = &request.name {
        check_name(&mut errors, name);
    }
    if let Change::Set(expiry) = request.expires_at {
        check_expiry(&mut errors, Some(expiry), now);
    }
    errors.into_result().map_err(Problem::invalid)?;
    let mut revision = 0;
    for _ in 0..EDIT_TRIES {
        let current = find(&state, id).await?;
        revision = current.revision;
        if !if_match.allows(revision) {
            break;
        }
        let token = request.clone().onto(current, now);
        let done = state
            .store
            .update_admin_token(token, Some(revision), &author.0)
            .await?;
        if let TokenEdited::Stale { revision: now } = done {
            revision = now;
            continue;
        }
        let token = edited(id, done)?;
        gate.forget_token(id);
        return Ok(([etag(token.revision)], Json(AdminTokenResponse::from(token))));
    }
    Err(Problem::stale(revision))
}

impl UpdateAdminTokenRequest {
    fn onto(self, current: AdminToken, now: tollgate_domain::Timestamp) -> AdminToken {
        let expiry = self.expires_at.onto(current.expires_at.map(TimeText));
        AdminToken {
            name: self.name.unwrap_or(current.name),
            role: self.role.map_or(current.role, |role| role.0),
            expires_at: expiry.map(|expiry| expiry.0),
            updated_at: now,
            ..current
        }
    }
}
