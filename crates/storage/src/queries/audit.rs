//! The audit log.

use diesel::prelude::*;
use tollgate_domain::ports::{AuditEntry, AuditFilter};
use tollgate_domain::{Actor, Timestamp};

use super::{Conn, dialect};
use crate::error::QueryError;
use crate::rows::{AuditRow, Edit, NewAuditRow};
use crate::schema::audit_log;
use crate::value::At;

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

/// Edits, newest first.
pub(crate) fn list(
    conn: &mut Conn,
    filter: &AuditFilter,
    below: Option<i64>,
    limit: u16,
) -> Result<Vec<AuditEntry>, QueryError> {
    let mut query = audit_log::table
        .order(audit_log::id.desc())
        .limit(i64::from(limit))
        .select(AuditRow::as_select())
        .into_boxed::<dialect::Backend>();
    if let Some(below) = below {
        query = query.filter(audit_log::id.lt(below));
    }
    if let Some(from) = filter.from {
        query = query.filter(audit_log::at.ge(At(from)));
    }
    if let Some(until) = filter.until {
        query = query.filter(audit_log::at.lt(At(until)));
    }
    if let Some(actor) = &filter.actor {
        query = query.filter(audit_log::actor_name.eq(actor));
    }
    if let Some(action) = &filter.action {
        query = query.filter(audit_log::action.eq(action));
    }
    if let Some(kind) = &filter.resource_kind {
        query = query.filter(audit_log::resource_kind.eq(kind));
    }
    if let Some(id) = &filter.resource_id {
        query = query.filter(audit_log::resource_id.eq(id));
    }
    let rows: Vec<AuditRow> = query.load(conn)?;
    let entries: Result<_, _> = rows.into_iter().map(AuditEntry::try_from).collect();
    Ok(entries?)
}

/// One edit.
pub(crate) fn find(conn: &mut Conn, id: i64) -> Result<Option<AuditEntry>, QueryError> {
    let row: Option<AuditRow> = audit_log::table
        .find(id)
        .select(AuditRow::as_select())
        .first(conn)
        .optional()?;
    Ok(row.map(AuditEntry::try_from).transpose()?)
}
