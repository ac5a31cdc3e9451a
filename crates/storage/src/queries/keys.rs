//! Keys.

use diesel::prelude::*;
use tollgate_domain::ports::Edited;
use tollgate_domain::{ApiKey, KeyId, Timestamp};

use super::{Conn, counters, dialect};
use crate::error::QueryError;
use crate::rows::ApiKeyRow;
use crate::schema::api_keys;
use crate::value::{At, Digest32, Id};

/// The living ones, by name.
pub(crate) fn list(conn: &mut Conn) -> Result<Vec<ApiKey>, QueryError> {
    let rows = api_keys::table
        .filter(api_keys::deleted_at.is_null())
        .order(api_keys::name)
        .select(ApiKeyRow::as_select())
        .load(conn)?;
    let keys: Result<_, _> = rows.into_iter().map(ApiKey::try_from).collect();
    Ok(keys?)
}

pub(crate) fn find(conn: &mut Conn, id: KeyId) -> Result<Option<ApiKey>, QueryError> {
    let row = find_row(conn, id)?;
    Ok(row.map(ApiKey::try_from).transpose()?)
}

pub(crate) fn create(conn: &mut Conn, mut key: ApiKey, author: &str) -> Result<ApiKey, QueryError> {
    let name = key.name.clone();
    key.revision = 1;
    let done = dialect::write(conn, |conn| {
        dialect::lock_config(conn)?;
        let row = ApiKeyRow::new(key, author)?;
        diesel::insert_into(api_keys::table).values(&row).execute(conn)?;
        counters::bump_config(conn)?;
        Ok(row.try_into()?)
    });
    done.map_err(|error: QueryError| error.about_name(&name))
}

/// Never changes the token.
pub(crate) fn update(
    conn: &mut Conn,
    mut key: ApiKey,
    expected: Option<i64>,
    author: &str,
) -> Result<Edited<ApiKey>, QueryError> {
    let name = key.name.clone();
    let done = dialect::write(conn, |conn| {
        dialect::lock_config(conn)?;
        let Some(before) = find_row(conn, key.id)? else {
            return Ok(Edited::Missing);
        };
        if expected.is_some_and(|expected| expected != before.revision) {
            return Ok(Edited::Stale {
                revision: before.revision,
            });
        }
        key.revision = before.revision + 1;
        key.created_at = before.created_at.0;
        let row = ApiKeyRow {
            token_hash: before.token_hash,
            token_hint: before.token_hint,
            ..ApiKeyRow::new(key, author)?
        };
        diesel::update(api_keys::table.find(row.id))
            .set(&row)
            .execute(conn)?;
        counters::bump_config(conn)?;
        Ok(Edited::Done(row.try_into()?))
    });
    done.map_err(|error: QueryError| error.about_name(&name))
}

pub(crate) fn delete(
    conn: &mut Conn,
    id: KeyId,
    expected: Option<i64>,
    author: &str,
    at: Timestamp,
) -> Result<Edited<()>, QueryError> {
    dialect::write(conn, |conn| {
        dialect::lock_config(conn)?;
        let Some(before) = find_row(conn, id)? else {
            return Ok(Edited::Missing);
        };
        if expected.is_some_and(|expected| expected != before.revision) {
            return Ok(Edited::Stale {
                revision: before.revision,
            });
        }
        diesel::update(api_keys::table.find(before.id))
            .set((
                api_keys::token_hash.eq(None::<Digest32>),
                api_keys::enabled.eq(false),
                api_keys::updated_at.eq(At(at)),
                api_keys::updated_by.eq(author),
                api_keys::deleted_at.eq(Some(At(at))),
                api_keys::revision.eq(before.revision + 1),
            ))
            .execute(conn)?;
        counters::bump_config(conn)?;
        Ok(Edited::Done(()))
    })
}

fn find_row(conn: &mut Conn, id: KeyId) -> Result<Option<ApiKeyRow>, QueryError> {
    let row = api_keys::table
        .find(Id(id.uuid()))
        .filter(api_keys::deleted_at.is_null())
        .select(ApiKeyRow::as_select());
    Ok(row.first(conn).optional()?)
}
