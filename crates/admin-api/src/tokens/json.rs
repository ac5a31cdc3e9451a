//! Admin tokens on the wire.

use serde::Serialize;
use tollgate_domain::ports::AdminToken;
use tollgate_domain::{AdminTokenId, Timestamp};
use utoipa::ToSchema;

use crate::schema::{AdminRoleSchema, TimestampSchema};

/// An admin token, without the token itself.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AdminToken, examples(super::json::example))]
pub(super) struct AdminTokenResponse {
    /// Its id, never reused.
    #[schema(value_type = Uuid)]
    id: AdminTokenId,
    /// Whose it is, unique. It stands as author beside everything it changes.
    name: String,
    /// The token's last characters; empty where it was made before they were kept.
    token_hint: String,
    /// What it may do.
    #[schema(value_type = AdminRoleSchema)]
    role: &'static str,
    /// From when on it is refused; null: never.
    #[schema(value_type = Option<TimestampSchema>)]
    expires_at: Option<Timestamp>,
    /// Until when the token it had before the last rotation is accepted too; null where it is not.
    #[schema(value_type = Option<TimestampSchema>)]
    previous_until: Option<Timestamp>,
    /// When it was last used, to the minute; null: never.
    #[schema(value_type = Option<TimestampSchema>)]
    last_used_at: Option<Timestamp>,
    /// When it was made.
    #[schema(value_type = TimestampSchema)]
    created_at: Timestamp,
    /// When it was last changed.
    #[schema(value_type = TimestampSchema)]
    updated_at: Timestamp,
    /// Counts edits; the ETag.
    revision: i64,
}

/// An admin token with the token itself.
#[derive(Serialize, ToSchema)]
#[schema(as = IssuedAdminToken, examples(json!({
    "token": "tga-9f3V…x9Qw",
    "admin_token": example(),
})))]
pub(super) struct IssuedAdminTokenResponse {
    /// What its bearer presents. It is shown this once and kept only as a hash.
    token: String,
    /// What is known of it.
    admin_token: AdminTokenResponse,
}

pub(super) fn example() -> serde_json::Value {
    serde_json::json!({
        "id": "0198f0a0-0000-7000-8000-00000000000a",
        "name": "ada@example.com",
        "token_hint": "x9Qw",
        "role": "finance",
        "expires_at": "2027-11-05T08:00:00Z",
        "previous_until": null,
        "last_used_at": "2026-11-05T09:31:00Z",
        "created_at": "2026-11-05T08:00:00Z",
        "updated_at": "2026-11-05T08:00:00Z",
        "revision": 1,
    })
}

impl IssuedAdminTokenResponse {
    pub(super) fn new(token: String, issued: AdminToken) -> Self {
        Self {
            token,
            admin_token: issued.into(),
        }
    }
}

impl From<AdminToken> for AdminTokenResponse {
    fn from(token: AdminToken) -> Self {
        Self {
            id: token.id,
            name: token.name,
            token_hint: token.token_hint,
            role: token.role.as_str(),
            expires_at: token.expires_at,
            previous_until: token.previous.map(|previous| previous.until),
            last_used_at: token.last_used_at,
            created_at: token.created_at,
            updated_at: token.updated_at,
            revision: token.revision,
        }
    }
}
