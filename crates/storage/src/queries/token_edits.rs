//! Managing admin tokens.

use diesel::prelude::*;
use tollgate_domain::ports::{AdminToken, Edited, PreviousToken, TokenEdited, TokenRotation};
use tollgate_domain::{Actor, AdminRole, AdminTokenId, Timestamp};

use super::edit::{self, Revised};
use super::{Conn, sessions};
use crate::error::QueryError;
use crate::rows::{AdminTokenRow, noted_token};
use crate::schema::admin_tokens;
use crate::value::{At, Digest32, Id};

/// A use is noted when the last one noted is at least this old, in seconds.
const TOUCH_SECONDS: i64 = 60;

/// All, by name.
pub(crate) fn list(conn: &mut Conn) -> Result<Vec<AdminToken>, QueryError> {
    let rows: Vec<AdminTokenRow> = admin_tokens::table
        .order(admin_tokens::name)
        .select(AdminTokenRow::as_select())
        .load(conn)?;
    let tokens: Result<_, _> = rows.into_iter().map(AdminToken::try_from).collect();
    Ok(tokens?)
}

pub(crate) fn find(conn: &mut Conn, id: AdminTokenId) -> Result<Option<AdminToken>, QueryError> {
    let row = find_row(conn, id)?;
    Ok(row.map(AdminToken::try_from).transpose()?)
}

pub(crate) fn create(
    conn: &mut Conn,
    mut token: AdminToken,
    actor: &Actor,
) -> Result<AdminToken, QueryError> {
    let (name, at) = (token.name.clone(), token.created_at);
    token.revision = 1;
    let done = edit::create(conn, actor, at, |conn| {
        let edit = noted_token("token.create", None, Some(&token));
        let row = AdminTokenRow::from(token);
        diesel::insert_into(admin_tokens::table)
            .values(&row)
            .execute(conn)?;
        Ok((AdminToken::try_from(row)?, edit))
    });
    done.map_err(|error: QueryError| error.about_name(&name))
}

/// Changes name, role and expiry.
pub(crate) fn update(
    conn: &mut Conn,
    token: AdminToken,
    expected: Option<i64>,
    actor: &Actor,
) -> Result<TokenEdited<AdminToken>, QueryError> {
    let (id, name, at) = (token.id, token.name.clone(), token.updated_at);
    let done = change(conn, id, expected, (actor, at), |conn, before| {
        let after = AdminToken {
            name: token.name,
            role: token.role,
            expires_at: token.expires_at,
            updated_at: at,
            revision: before.revision + 1,
            ..before.clone()
        };
        keep_an_admin(conn, before, Some(&after), at)?;
        store(conn, &after)?;
        Ok((
            after.clone(),
            noted_token("token.update", Some(before), Some(&after)),
        ))
    });
    done.map_err(|error: QueryError| error.about_name(&name))
}

/// Gives it a new secret.
pub(crate) fn rotate(
    conn: &mut Conn,
    id: AdminTokenId,
    rotation: TokenRotation,
    expected: Option<i64>,
    actor: &Actor,
) -> Result<TokenEdited<AdminToken>, QueryError> {
    let at = rotation.at;
    change(conn, id, expected, (actor, at), |conn, before| {
        let after = AdminToken {
            token_hash: rotation.token_hash,
            token_hint: rotation.token_hint,
            previous: rotation.grace_until.map(|until| PreviousToken {
                token_hash: before.token_hash,
                until,
            }),
            expires_at: rotation.expires_at,
            updated_at: at,
            revision: before.revision + 1,
            ..before.clone()
        };
        keep_an_admin(conn, before, Some(&after), at)?;
        store(conn, &after)?;
        sessions::end_of_token(conn, id, rotation.grace_until)?;
        Ok((
            after.clone(),
            noted_token("token.rotate", Some(before), Some(&after)),
        ))
    })
}

/// Removes it and its sessions.
pub(crate) fn revoke(
    conn: &mut Conn,
    id: AdminTokenId,
    expected: Option<i64>,
    actor: &Actor,
    at: Timestamp,
) -> Result<TokenEdited<()>, QueryError> {
    change(conn, id, expected, (actor, at), |conn, before| {
        keep_an_admin(conn, before, None, at)?;
        sessions::end_of_token(conn, id, None)?;
        diesel::delete(admin_tokens::table.find(Id(id.uuid()))).execute(conn)?;
        Ok(((), noted_token("token.revoke", Some(before), None)))
    })
}

/// Notes a use, at most once a minute.
pub(crate) fn touch(conn: &mut Conn, id: AdminTokenId, at: Timestamp) -> Result<(), QueryError> {
    let before = at - chrono::TimeDelta::seconds(TOUCH_SECONDS);
    let due = admin_tokens::last_used_at
        .is_null()
        .or(admin_tokens::last_used_at.le(Some(At(before))));
    let row = admin_tokens::table
        .filter(admin_tokens::id.eq(Id(id.uuid())))
        .filter(due.assume_not_null());
    diesel::update(row)
        .set(admin_tokens::last_used_at.eq(Some(At(at))))
        .execute(conn)?;
    Ok(())
}

/// Forgets replaced tokens whose grace is over; how many.
pub(super) fn forget_replaced(conn: &mut Conn, at: Timestamp) -> Result<usize, QueryError> {
    let over = admin_tokens::table.filter(admin_tokens::previous_until.le(Some(At(at))).assume_not_null());
    let forgotten = diesel::update(over)
        .set((
            admin_tokens::previous_hash.eq(None::<Digest32>),
            admin_tokens::previous_until.eq(None::<At>),
        ))
        .execute(conn)?;
    Ok(forgotten)
}

fn change<T>(
    conn: &mut Conn,
    id: AdminTokenId,
    expected: Option<i64>,
    by: (&Actor, Timestamp),
    work: impl FnOnce(&mut Conn, &AdminToken) -> Result<(T, crate::rows::Edit), QueryError>,
) -> Result<TokenEdited<T>, QueryError> {
    let find = |conn: &mut Conn| find_row(conn, id);
    let edited = edit::change(conn, by, expected, find, |conn, before| {
        work(conn, &AdminToken::try_from(before)?)
    });
    match edited {
        Ok(Edited::Done(done)) => Ok(TokenEdited::Done(done)),
        Ok(Edited::Missing) => Ok(TokenEdited::Missing),
        Ok(Edited::Stale { revision }) => Ok(TokenEdited::Stale { revision }),
        Err(QueryError::LastAdmin) => Ok(TokenEdited::LastAdmin),
        Err(error) => Err(error),
    }
}

/// Refuses a change after which nobody, or nobody for good, may do everything.
fn keep_an_admin(
    conn: &mut Conn,
    before: &AdminToken,
    after: Option<&AdminToken>,
    at: Timestamp,
) -> Result<(), QueryError> {
    let stays = after.is_some_and(|after| {
        after.role == AdminRole::Admin
            && (after.expires_at.is_none()
                || after.expires_at >= before.expires_at && before.expires_at.is_some())
    });
    if before.role != AdminRole::Admin || stays {
        return Ok(());
    }
    let living = admin_tokens::expires_at
        .is_null()
        .or(admin_tokens::expires_at.gt(Some(At(at))));
    let others: i64 = admin_tokens::table
        .filter(admin_tokens::role.eq(AdminRole::Admin.as_str()))
        .filter(admin_tokens::id.ne(Id(before.id.uuid())))
        .filter(living.assume_not_null())
        .count()
        .get_result(conn)?;
    if others == 0 {
        return Err(QueryError::LastAdmin);
    }
    Ok(())
}

fn store(conn: &mut Conn, token: &AdminToken) -> Result<(), QueryError> {
    let row = AdminTokenRow::from(token.clone());
    diesel::update(admin_tokens::table.find(row.id))
        .set(&row)
        .execute(conn)?;
    Ok(())
}

fn find_row(conn: &mut Conn, id: AdminTokenId) -> Result<Option<AdminTokenRow>, QueryError> {
    let row = admin_tokens::table
        .find(Id(id.uuid()))
        .select(AdminTokenRow::as_select());
    Ok(row.first(conn).optional()?)
}

impl Revised for AdminTokenRow {
    fn revision(&self) -> i64 {
        self.revision
    }
}
