//! One durable transaction of the writer.

use std::collections::BTreeSet;

use tollgate_domain::ports::{Committed, LedgerWrite};
use tollgate_domain::{JournalId, Timestamp};

use super::{Conn, batches, deferred, dialect, entries, gaps, logs, pending};
use crate::error::QueryError;

/// Writes entries, conflicts, what they add to the sums, request logs, gap notes, deferred operations and the link in
/// each journal's chain. Also whether it is time to add up what waits.
pub(crate) fn commit(
    conn: &mut Conn,
    write: &LedgerWrite,
    at: Timestamp,
) -> Result<(Committed, bool), QueryError> {
    let journals: BTreeSet<JournalId> = write.entries.iter().map(|entry| entry.journal_id).collect();
    let first = write.entries.first().map(|entry| entry.journal_id);
    let writer = write.journal_id.or(first);
    let writer = writer.unwrap_or_else(|| JournalId::new(uuid::Uuid::nil()));
    dialect::write(conn, |conn| {
        for journal in journals {
            dialect::lock_journal(conn, journal)?;
        }
        let (fresh, committed, conflicts) = entries::insert(conn, &write.entries, at)?;
        deferred::open(conn, &write.deferred, at)?;
        deferred::settle(conn, &write.entries, at)?;
        let ended = logs::write(conn, writer, &write.logs, &fresh, at)?;
        pending::keep(conn, &fresh, &conflicts, &ended, at)?;
        batches::chain(conn, &fresh, at)?;
        gaps::insert(conn, &write.gaps, at)?;
        Ok((committed, pending::is_due(conn, at)?))
    })
}
