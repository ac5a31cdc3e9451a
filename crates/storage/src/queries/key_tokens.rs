//! Replacing a key's token.

use diesel::prelude::*;
use tollgate_domain::ports::{Edited, NewToken};
use tollgate_domain::{Actor, ApiKey, KeyId};

use super::{Conn, edit, keys};
use crate::error::QueryError;
use crate::rows::{ApiKeyRow, state};
use crate::schema::api_keys;
use crate::value::{At, Digest32};

/// Puts a new token in the place of the current one.
pub(crate) fn rotate(
    conn: &mut Conn,
    id: KeyId,
    token: &NewToken,
    expected: Option<i64>,
    actor: &Actor,
) -> Result<Edited<ApiKey>, QueryError> {
    let find = |conn: &mut Conn| keys::find_row(conn, id);
    edit::change(conn, (actor, token.at), expected, find, |conn, row| {
        let before = state(&ApiKey::try_from(row.clone())?)?;
        let retiring = token.old_until.zip(row.token_hash);
        let row = ApiKeyRow {
            token_hash: Some(Digest32(*token.token_hash.as_bytes())),
            retiring_hash: retiring.map(|(_, hash)| hash),
            retiring_hint: retiring.map(|_| row.token_hint),
            retiring_until: retiring.map(|(until, _)| At(until)),
            token_hint: token.token_hint.clone(),
            rotated_at: Some(At(token.at)),
            updated_at: At(token.at),
            updated_by: actor.name.to_string(),
            revision: row.revision + 1,
            ..row
        };
        diesel::update(api_keys::table.find(row.id))
            .set(&row)
            .execute(conn)?;
        let rotated = ApiKey::try_from(row)?;
        let after = state(&rotated)?;
        let edit = keys::noted("key.rotate", &rotated, Some(before), Some(after));
        Ok((rotated, edit))
    })
}
