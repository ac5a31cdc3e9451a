//! The audit log.

use diesel::prelude::*;
use tollgate_domain::{Actor, Timestamp};

use super::Conn;
use crate::error::QueryError;
use crate::rows::{Edit, NewAuditRow};
use crate::schema::audit_log;

/// Rows a statement: 12 columns of each.
const ROWS: usize = 500;

/// Notes an edit, inside the transaction that makes it.
pub(super) fn note(conn: &mut Conn, actor: &Actor, at: Timestamp, edit: Edit) -> Result<(), QueryError> {
    note_all(conn, actor, at, vec![edit])
}

/// Notes several edits of one transaction, in order.
pub(super) fn note_all(
    conn: &mut Conn,
    actor: &Actor,
    at: Timestamp,
    edits: Vec<Edit>,
) -> Result<(), QueryError> {
    let rows: Vec<NewAuditRow> = edits
        .into_iter()
        .map(|edit| NewAuditRow::new(actor, at, edit))
        .collect();
    for chunk in rows.chunks(ROWS) {
        diesel::insert_into(audit_log::table)
            .values(chunk)
            .execute(conn)?;
    }
    Ok(())
}
