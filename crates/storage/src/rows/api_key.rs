//! Keys.

use diesel::prelude::*;
use tollgate_domain::{ApiKey, KeyId, TokenHash};

use super::stored::{from_json, on_unpriced, to_json};
use crate::error::Corrupt;
use crate::schema::api_keys;
use crate::value::{At, Digest32, Id};

/// A row of `api_keys`. A deleted key has no token hash.
#[derive(Debug, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = api_keys, treat_none_as_default_value = false, treat_none_as_null = true)]
pub(crate) struct ApiKeyRow {
    pub(crate) id: Id,
    pub(crate) name: String,
    pub(crate) token_hash: Option<Digest32>,
    pub(crate) token_hint: String,
    pub(crate) owner: Option<String>,
    pub(crate) team: Option<String>,
    pub(crate) tags: String,
    pub(crate) enabled: bool,
    pub(crate) expires_at: Option<At>,
    pub(crate) created_at: At,
    pub(crate) updated_at: At,
    pub(crate) updated_by: String,
    pub(crate) deleted_at: Option<At>,
    pub(crate) revision: i64,
    pub(crate) on_unpriced: Option<String>,
}

impl ApiKeyRow {
    /// The living row of a key as `author` leaves it.
    pub(crate) fn new(key: ApiKey, author: &str) -> Result<Self, Corrupt> {
        Ok(Self {
            id: Id(key.id.uuid()),
            name: key.name,
            token_hash: Some(Digest32(*key.token_hash.as_bytes())),
            token_hint: key.token_hint,
            owner: key.owner,
            team: key.team,
            tags: to_json("key tags", &key.tags)?,
            enabled: key.enabled,
            expires_at: key.expires_at.map(At),
            created_at: At(key.created_at),
            updated_at: At(key.updated_at),
            updated_by: author.to_owned(),
            deleted_at: None,
            revision: key.revision,
            on_unpriced: key.on_unpriced.map(|policy| policy.as_str().to_owned()),
        })
    }
}

impl TryFrom<ApiKeyRow> for ApiKey {
    type Error = Corrupt;

    fn try_from(row: ApiKeyRow) -> Result<Self, Corrupt> {
        let hash = row
            .token_hash
            .ok_or_else(|| Corrupt::new("key token hash", "a living key has none"))?;
        Ok(Self {
            id: KeyId::new(row.id.0),
            name: row.name,
            token_hash: TokenHash::from_bytes(hash.0),
            token_hint: row.token_hint,
            owner: row.owner,
            team: row.team,
            tags: from_json("key tags", &row.tags)?,
            on_unpriced: on_unpriced("key on_unpriced", row.on_unpriced.as_deref())?,
            enabled: row.enabled,
            expires_at: row.expires_at.map(|at| at.0),
            created_at: row.created_at.0,
            updated_at: row.updated_at.0,
            revision: row.revision,
        })
    }
}
