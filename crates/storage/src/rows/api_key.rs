//! Keys.

use diesel::prelude::*;
use tollgate_domain::{ApiKey, KeyGrants, KeyId, RetiringToken, TokenHash};

use super::stored::{from_json, on_unpriced, to_json};
use crate::error::Corrupt;
use crate::schema::api_keys;
use crate::value::{At, Digest32, Id};

/// A row of `api_keys`. A deleted key has no token hash.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
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
    pub(crate) retiring_hash: Option<Digest32>,
    pub(crate) retiring_hint: Option<String>,
    pub(crate) retiring_until: Option<At>,
    pub(crate) rotated_at: Option<At>,
    pub(crate) granted_upstreams: Option<String>,
    pub(crate) granted_models: Option<String>,
}

impl ApiKeyRow {
    /// The living row of a key as `author` leaves it.
    pub(crate) fn new(key: ApiKey, author: &str) -> Result<Self, Corrupt> {
        let retiring = key.retiring.as_ref();
        let models = key.grants.models.as_ref();
        let upstreams = key.grants.upstreams.as_ref();
        Ok(Self {
            retiring_hash: retiring.map(|token| Digest32(*token.token_hash.as_bytes())),
            retiring_hint: retiring.map(|token| token.token_hint.clone()),
            retiring_until: retiring.map(|token| At(token.until)),
            rotated_at: key.rotated_at.map(At),
            granted_upstreams: upstreams
                .map(|ids| to_json("granted upstreams", ids))
                .transpose()?,
            granted_models: models.map(|names| to_json("granted models", names)).transpose()?,
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
        let retiring = row.retiring_hash.zip(row.retiring_until);
        let upstreams = row.granted_upstreams.as_deref();
        let models = row.granted_models.as_deref();
        Ok(Self {
            retiring: retiring.map(|(hash, until)| RetiringToken {
                token_hash: TokenHash::from_bytes(hash.0),
                token_hint: row.retiring_hint.unwrap_or_default(),
                until: until.0,
            }),
            rotated_at: row.rotated_at.map(|at| at.0),
            grants: KeyGrants {
                upstreams: upstreams
                    .map(|text| from_json("granted upstreams", text))
                    .transpose()?,
                models: models.map(|text| from_json("granted models", text)).transpose()?,
            },
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
