//! Keys.

use diesel::prelude::*;
use serde_json::Value;
use tollgate_domain::ports::Edited;
use tollgate_domain::{Actor, ApiKey, KeyId, Timestamp};

use super::Conn;
use super::edit::{self, Revised};
use crate::error::QueryError;
use crate::rows::{ApiKeyRow, Edit, state};
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

pub(crate) fn create(conn: &mut Conn, mut key: ApiKey, actor: &Actor) -> Result<ApiKey, QueryError> {
    let (name, at) = (key.name.clone(), key.created_at);
    key.revision = 1;
    let done = edit::create(conn, actor, at, |conn| {
        let row = ApiKeyRow::new(key, &actor.name)?;
        diesel::insert_into(api_keys::table).values(&row).execute(conn)?;
        let created = ApiKey::try_from(row)?;
        let after = state(&created)?;
        let edit = noted("key.create", &created, None, Some(after));
        Ok((created, edit))
    });
    done.map_err(|error: QueryError| error.about_name(&name))
}

/// Never changes the token.
pub(crate) fn update(
    conn: &mut Conn,
    mut key: ApiKey,
    expected: Option<i64>,
    actor: &Actor,
) -> Result<Edited<ApiKey>, QueryError> {
    let (id, name, at) = (key.id, key.name.clone(), key.updated_at);
    let find = |conn: &mut Conn| find_row(conn, id);
    let done = edit::change(conn, (actor, at), expected, find, |conn, before| {
        key.revision = before.revision + 1;
        key.created_at = before.created_at.0;
        let row = ApiKeyRow {
            token_hash: before.token_hash,
            token_hint: before.token_hint.clone(),
            retiring_hash: before.retiring_hash,
            retiring_hint: before.retiring_hint.clone(),
            retiring_until: before.retiring_until,
            rotated_at: before.rotated_at,
            ..ApiKeyRow::new(key, &actor.name)?
        };
        diesel::update(api_keys::table.find(row.id))
            .set(&row)
            .execute(conn)?;
        let (before, changed) = (ApiKey::try_from(before)?, ApiKey::try_from(row)?);
        let states = (state(&before)?, state(&changed)?);
        let edit = noted("key.update", &changed, Some(states.0), Some(states.1));
        Ok((changed, edit))
    });
    done.map_err(|error: QueryError| error.about_name(&name))
}

pub(crate) fn delete(
    conn: &mut Conn,
    id: KeyId,
    expected: Option<i64>,
    actor: &Actor,
    at: Timestamp,
) -> Result<Edited<()>, QueryError> {
    let find = |conn: &mut Conn| find_row(conn, id);
    edit::change(conn, (actor, at), expected, find, |conn, before| {
        diesel::update(api_keys::table.find(before.id))
            .set((
                api_keys::token_hash.eq(None::<Digest32>),
                api_keys::retiring_hash.eq(None::<Digest32>),
                api_keys::retiring_hint.eq(None::<String>),
                api_keys::retiring_until.eq(None::<At>),
                api_keys::enabled.eq(false),
                api_keys::updated_at.eq(At(at)),
                api_keys::updated_by.eq(&*actor.name),
                api_keys::deleted_at.eq(Some(At(at))),
                api_keys::revision.eq(before.revision + 1),
            ))
            .execute(conn)?;
        let before = ApiKey::try_from(before)?;
        let edit = noted("key.delete", &before, Some(state(&before)?), None);
        Ok(((), edit))
    })
}

pub(super) fn noted(action: &'static str, key: &ApiKey, before: Option<Value>, after: Option<Value>) -> Edit {
    Edit {
        action,
        id: Some(key.id.to_string()),
        name: Some(key.name.clone()),
        before,
        after,
    }
}

impl Revised for ApiKeyRow {
    fn revision(&self) -> i64 {
        self.revision
    }
}

pub(super) fn find_row(conn: &mut Conn, id: KeyId) -> Result<Option<ApiKeyRow>, QueryError> {
    let row = api_keys::table
        .find(Id(id.uuid()))
        .filter(api_keys::deleted_at.is_null())
        .select(ApiKeyRow::as_select());
    Ok(row.first(conn).optional()?)
}
