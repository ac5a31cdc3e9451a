//! The one way in which configuration is edited: locked, from a known revision, counted, and noted in the audit log.

use tollgate_domain::ports::Edited;
use tollgate_domain::{Actor, Timestamp};

use super::{Conn, audit, counters, dialect};
use crate::error::QueryError;
use crate::rows::Edit;

/// A row that counts its edits.
pub(super) trait Revised {
    /// How often it was edited.
    fn revision(&self) -> i64;
}

/// Makes something new: `insert` stores it and says what to note.
pub(super) fn create<T>(
    conn: &mut Conn,
    actor: &Actor,
    at: Timestamp,
    insert: impl FnOnce(&mut Conn) -> Result<(T, Edit), QueryError>,
) -> Result<T, QueryError> {
    dialect::write(conn, |conn| {
        dialect::lock_config(conn)?;
        let (made, edit) = insert(conn)?;
        audit::note(conn, actor, at, edit)?;
        counters::bump_config(conn)?;
        Ok(made)
    })
}

/// Edits what `find` finds, if its revision still is `expected` (`None`: whatever it is): `change` stores it and says
/// what to note.
pub(super) fn change<R: Revised, T>(
    conn: &mut Conn,
    (actor, at): (&Actor, Timestamp),
    expected: Option<i64>,
    find: impl FnOnce(&mut Conn) -> Result<Option<R>, QueryError>,
    change: impl FnOnce(&mut Conn, R) -> Result<(T, Edit), QueryError>,
) -> Result<Edited<T>, QueryError> {
    dialect::write(conn, |conn| {
        dialect::lock_config(conn)?;
        let Some(before) = find(conn)? else {
            return Ok(Edited::Missing);
        };
        let revision = before.revision();
        if expected.is_some_and(|expected| expected != revision) {
            return Ok(Edited::Stale { revision });
        }
        let (changed, edit) = change(conn, before)?;
        audit::note(conn, actor, at, edit)?;
        counters::bump_config(conn)?;
        Ok(Edited::Done(changed))
    })
}
