//! The console's sessions.

use diesel::prelude::*;
use serde_json::json;
use tollgate_domain::ports::{AdminSession, AdminToken};
use tollgate_domain::{Actor, AdminSessionId, AdminTokenId, Timestamp, TokenHash};

use super::{Conn, audit, dialect, idempotency, token_edits};
use crate::error::QueryError;
use crate::rows::{AdminTokenRow, Edit, SessionRow};
use crate::schema::{admin_sessions, admin_tokens};
use crate::value::{At, Digest32, Id};

/// Opens a session.
pub(crate) fn open(conn: &mut Conn, session: AdminSession, actor: &Actor) -> Result<(), QueryError> {
    dialect::write(conn, |conn| {
        let at = session.created_at;
        let edit = Edit {
            action: "session.create",
            id: Some(session.id.to_string()),
            name: Some(actor.name.to_string()),
            after: Some(json!({"token_id": session.token_id, "expires_at": session.expires_at})),
            ..Edit::default()
        };
        diesel::insert_into(admin_sessions::table)
            .values(SessionRow::from(session))
            .execute(conn)?;
        audit::note(conn, actor, at, edit)
    })
}

/// The session of a secret, with its token.
pub(crate) fn find(
    conn: &mut Conn,
    secret: TokenHash,
) -> Result<Option<(AdminSession, AdminToken)>, QueryError> {
    let found: Option<(SessionRow, AdminTokenRow)> = admin_sessions::table
        .inner_join(admin_tokens::table.on(admin_tokens::id.eq(admin_sessions::token_id)))
        .filter(admin_sessions::secret_hash.eq(Digest32(*secret.as_bytes())))
        .select((SessionRow::as_select(), AdminTokenRow::as_select()))
        .first(conn)
        .optional()?;
    let Some((session, token)) = found else {
        return Ok(None);
    };
    Ok(Some((session.try_into()?, token.try_into()?)))
}

/// Notes a use.
pub(crate) fn touch(conn: &mut Conn, id: AdminSessionId, at: Timestamp) -> Result<(), QueryError> {
    let row = admin_sessions::table
        .find(Id(id.uuid()))
        .filter(admin_sessions::last_seen_at.lt(At(at)));
    diesel::update(row)
        .set(admin_sessions::last_seen_at.eq(At(at)))
        .execute(conn)?;
    Ok(())
}

/// Ends a session.
pub(crate) fn end(
    conn: &mut Conn,
    id: AdminSessionId,
    actor: &Actor,
    at: Timestamp,
) -> Result<bool, QueryError> {
    dialect::write(conn, |conn| {
        let ended = diesel::delete(admin_sessions::table.find(Id(id.uuid()))).execute(conn)?;
        if ended == 0 {
            return Ok(false);
        }
        let edit = Edit {
            action: "session.delete",
            id: Some(id.to_string()),
            name: Some(actor.name.to_string()),
            ..Edit::default()
        };
        audit::note(conn, actor, at, edit)?;
        Ok(true)
    })
}

/// Ends the sessions of a token, at once or at a time to come.
pub(super) fn end_of_token(
    conn: &mut Conn,
    token: AdminTokenId,
    until: Option<Timestamp>,
) -> Result<(), QueryError> {
    let of_token = admin_sessions::table.filter(admin_sessions::token_id.eq(Id(token.uuid())));
    match until {
        None => diesel::delete(of_token).execute(conn)?,
        Some(until) => diesel::update(of_token.filter(admin_sessions::expires_at.gt(At(until))))
            .set(admin_sessions::expires_at.eq(At(until)))
            .execute(conn)?,
    };
    Ok(())
}

/// Removes what has run out; how many rows.
pub(crate) fn purge(conn: &mut Conn, at: Timestamp, idle_since: Timestamp) -> Result<u64, QueryError> {
    dialect::write(conn, |conn| {
        let over = admin_sessions::expires_at
            .le(At(at))
            .or(admin_sessions::last_seen_at.le(At(idle_since)));
        let sessions = diesel::delete(admin_sessions::table.filter(over)).execute(conn)?;
        let tokens = token_edits::forget_replaced(conn, at)?;
        let answers = idempotency::purge(conn, at)?;
        Ok(u64::try_from(sessions + tokens + answers).unwrap_or(u64::MAX))
    })
}
