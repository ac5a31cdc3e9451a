//! Admin tokens.

use diesel::prelude::*;
use tollgate_domain::ports::{AdminRole, AdminToken};
use tollgate_domain::{AdminTokenId, TokenHash};

use super::stored::named;
use crate::error::Corrupt;
use crate::schema::admin_tokens;
use crate::value::{At, Digest32, Id};

/// A row of `admin_tokens`.
#[derive(Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = admin_tokens, treat_none_as_default_value = false)]
pub(crate) struct AdminTokenRow {
    pub(crate) id: Id,
    pub(crate) name: String,
    pub(crate) token_hash: Digest32,
    pub(crate) role: String,
    pub(crate) created_at: At,
}

impl From<AdminToken> for AdminTokenRow {
    fn from(token: AdminToken) -> Self {
        Self {
            id: Id(token.id.uuid()),
            name: token.name,
            token_hash: Digest32(*token.token_hash.as_bytes()),
            role: role_name(token.role).to_owned(),
            created_at: At(token.created_at),
        }
    }
}

impl TryFrom<AdminTokenRow> for AdminToken {
    type Error = Corrupt;

    fn try_from(row: AdminTokenRow) -> Result<Self, Corrupt> {
        Ok(Self {
            id: AdminTokenId::new(row.id.0),
            name: row.name,
            token_hash: TokenHash::from_bytes(row.token_hash.0),
            role: named("admin token role", &row.role, &[AdminRole::Admin], role_name)?,
            created_at: row.created_at.0,
        })
    }
}

/// A role of a newer version is stored as what it may do here: nothing.
fn role_name(role: AdminRole) -> &'static str {
    match role {
        AdminRole::Admin => "admin",
        _ => "unknown",
    }
}
