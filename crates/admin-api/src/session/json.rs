//! Who somebody is, on the wire.

use serde::Serialize;
use tollgate_domain::ports::{AdminSession, AdminToken};
use tollgate_domain::{AdminTokenId, Timestamp};
use utoipa::ToSchema;

use crate::AccessPolicy;
use crate::auth::Admission;
use crate::schema::{ActorOriginSchema, AdminRoleSchema, TimestampSchema};

/// Who the caller is, and for how long.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Session, examples(super::json::example))]
pub(super) struct SessionResponse {
    /// The admin token, or the one the session was opened with.
    #[schema(value_type = Uuid)]
    token_id: AdminTokenId,
    /// Whose it is.
    name: String,
    /// What it may do.
    #[schema(value_type = AdminRoleSchema)]
    role: &'static str,
    /// How the caller came in: `session` or `bearer`.
    #[schema(value_type = ActorOriginSchema)]
    origin: &'static str,
    /// When it ends whatever is done; null for a token that does not expire.
    #[schema(value_type = Option<TimestampSchema>)]
    expires_at: Option<Timestamp>,
    /// After how many seconds without a request a session ends; null for a bearer.
    idle_seconds: Option<i64>,
    /// What every request with the session's cookie that is not a `GET` has to carry in the header `x-csrf-token`; null
    /// for a bearer.
    csrf_token: Option<String>,
}

pub(super) fn example() -> serde_json::Value {
    serde_json::json!({
        "token_id": "0198f0a0-0000-7000-8000-00000000000a",
        "name": "ada@example.com",
        "role": "finance",
        "origin": "session",
        "expires_at": "2026-11-05T20:00:00Z",
        "idle_seconds": 7200,
        "csrf_token": "kXJ2…Yt0",
    })
}

impl SessionResponse {
    pub(super) fn of_session(
        session: &AdminSession,
        token: AdminToken,
        csrf_token: String,
        policy: &AccessPolicy,
    ) -> Self {
        let end = token
            .expires_at
            .map_or(session.expires_at, |end| end.min(session.expires_at));
        Self {
            token_id: token.id,
            name: token.name,
            role: token.role.as_str(),
            origin: "session",
            expires_at: Some(end),
            idle_seconds: Some(policy.session_idle.num_seconds()),
            csrf_token: Some(csrf_token),
        }
    }

    pub(super) fn of(Admission { token, session }: Admission, policy: &AccessPolicy) -> Self {
        match session {
            Some((session, csrf_token)) => Self::of_session(&session, token, csrf_token, policy),
            None => Self {
                token_id: token.id,
                name: token.name,
                role: token.role.as_str(),
                origin: "bearer",
                expires_at: token.expires_at,
                idle_seconds: None,
                csrf_token: None,
            },
        }
    }
}
