//! Admin tokens.

use diesel::prelude::*;
use serde_json::json;
use tollgate_domain::ports::{AdminToken, PreviousToken};
use tollgate_domain::{AdminRole, AdminTokenId, TokenHash};

use super::audit::Edit;
use super::stored::named;
use crate::error::Corrupt;
use crate::schema::admin_tokens;
use crate::value::{At, Digest32, Id};

/// A row of `admin_tokens`.
#[derive(Debug, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = admin_tokens, treat_none_as_default_value = false, treat_none_as_null = true)]
pub(crate) struct AdminTokenRow {
    pub(crate) id: Id,
    pub(crate) name: String,
    pub(crate) token_hash: Digest32,
    pub(crate) role: String,
    pub(crate) created_at: At,
    pub(crate) token_hint: String,
    pub(crate) expires_at: Option<At>,
    pub(crate) previous_hash: Option<Digest32>,
    pub(crate) previous_until: Option<At>,
    pub(crate) last_used_at: Option<At>,
    pub(crate) updated_at: Option<At>,
    pub(crate) revision: i64,
}

impl From<AdminToken> for AdminTokenRow {
    fn from(token: AdminToken) -> Self {
        let digest = |hash: TokenHash| Digest32(*hash.as_bytes());
        Self {
            id: Id(token.id.uuid()),
            name: token.name,
            token_hash: digest(token.token_hash),
            role: token.role.as_str().to_owned(),
            created_at: At(token.created_at),
            token_hint: token.token_hint,
            expires_at: token.expires_at.map(At),
            previous_hash: token.previous.map(|previous| digest(previous.token_hash)),
            previous_until: token.previous.map(|previous| At(previous.until)),
            last_used_at: token.last_used_at.map(At),
            updated_at: Some(At(token.updated_at)),
            revision: token.revision,
        }
    }
}

impl TryFrom<AdminTokenRow> for AdminToken {
    type Error = Corrupt;

    fn try_from(row: AdminTokenRow) -> Result<Self, Corrupt> {
        let previous = row.previous_hash.zip(row.previous_until);
        Ok(Self {
            id: AdminTokenId::new(row.id.0),
            name: row.name,
            token_hash: TokenHash::from_bytes(row.token_hash.0),
            token_hint: row.token_hint,
            role: named("admin token role", &row.role, &AdminRole::ALL, AdminRole::as_str)?,
            expires_at: row.expires_at.map(|at| at.0),
            previous: previous.map(|(hash, until)| PreviousToken {
                token_hash: TokenHash::from_bytes(hash.0),
                until: until.0,
            }),
            last_used_at: row.last_used_at.map(|at| at.0),
            created_at: row.created_at.0,
            updated_at: row.updated_at.unwrap_or(row.created_at).0,
            revision: row.revision,
        })
    }
}

/// What is noted of an edit of a token; its hashes are no part of it.
pub(crate) fn noted_token(
    action: &'static str,
    before: Option<&AdminToken>,
    after: Option<&AdminToken>,
) -> Edit {
    let state = |token: &AdminToken| {
        json!({
            "id": token.id,
            "name": token.name,
            "token_hint": token.token_hint,
            "role": token.role.as_str(),
            "expires_at": token.expires_at,
            "previous_until": token.previous.map(|previous| previous.until),
            "revision": token.revision,
        })
    };
    let either = after.or(before);
    Edit {
        action,
        id: either.map(|token| token.id.to_string()),
        name: either.map(|token| token.name.clone()),
        before: before.map(state),
        after: after.map(state),
    }
}
