//! The console's sessions.

use diesel::prelude::*;
use tollgate_domain::ports::AdminSession;
use tollgate_domain::{AdminSessionId, AdminTokenId, TokenHash};

use crate::error::Corrupt;
use crate::schema::admin_sessions;
use crate::value::{At, Digest32, Id};

/// A row of `admin_sessions`.
#[derive(Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = admin_sessions, treat_none_as_default_value = false)]
pub(crate) struct SessionRow {
    pub(crate) id: Id,
    pub(crate) token_id: Id,
    pub(crate) secret_hash: Digest32,
    pub(crate) address: Option<String>,
    pub(crate) created_at: At,
    pub(crate) last_seen_at: At,
    pub(crate) expires_at: At,
}

impl From<AdminSession> for SessionRow {
    fn from(session: AdminSession) -> Self {
        Self {
            id: Id(session.id.uuid()),
            token_id: Id(session.token_id.uuid()),
            secret_hash: Digest32(*session.secret_hash.as_bytes()),
            address: session.address.map(|address| address.to_string()),
            created_at: At(session.created_at),
            last_seen_at: At(session.last_seen_at),
            expires_at: At(session.expires_at),
        }
    }
}

impl TryFrom<SessionRow> for AdminSession {
    type Error = Corrupt;

    fn try_from(row: SessionRow) -> Result<Self, Corrupt> {
        let address = row.address.as_deref().map(str::parse).transpose();
        Ok(Self {
            id: AdminSessionId::new(row.id.0),
            token_id: AdminTokenId::new(row.token_id.0),
            secret_hash: TokenHash::from_bytes(row.secret_hash.0),
            address: address.map_err(Corrupt::of("session address"))?,
            created_at: row.created_at.0,
            last_seen_at: row.last_seen_at.0,
            expires_at: row.expires_at.0,
        })
    }
}
