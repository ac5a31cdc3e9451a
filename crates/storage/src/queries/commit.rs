//! One durable transaction of the writer.

use std::collections::BTreeSet;

use tollgate_domain::ports::{Committed, LedgerWrite};
use tollgate_domain::{JournalId, Timestamp};

use super::{Conn, batches, deferred, derived, dialect, entries, gaps, logs, rollup_extras, tallies};
use crate::error::QueryError;

/// Writes entries, conflicts, sums, what wants attention, request logs, gap notes, deferred operations and the link in
/// each journal's chain.
pub(crate) fn commit(conn: &mut Conn, write: &LedgerWrite, at: Timestamp) -> Result<Committed, QueryError> {
    let mut journals: BTreeSet<JournalId> = write.entries.iter().map(|entry| entry.journal_id).collect();
    let first = write.entries.first().map(|entry| entry.journal_id);
    let writer = write.journal_id.or(first);
    let writer = writer.unwrap_or_else(|| JournalId::new(uuid::Uuid::nil()));
    if !write.logs.is_empty() {
        // What its requests are counted in is read before it is written.
        journals.insert(writer);
    }
    dialect::write(conn, |conn| {
        for journal in journals {
            dialect::lock_journal(conn, journal)?;
        }
        let (fresh, committed, conflicts) = entries::insert(conn, &write.entries, at)?;
        deferred::open(conn, &write.deferred, at)?;
        deferred::settle(conn, &write.entries, at)?;
        derived::add(conn, &fresh, &conflicts, at)?;
        rollup_extras::add(conn, &fresh)?;
        let ended = logs::write(conn, writer, &write.logs, &fresh, at)?;
        let zone = derived::zone(conn)?;
        tallies::add(conn, zone, &fresh, &ended)?;
        batches::chain(conn, &fresh, at)?;
        gaps::insert(conn, &write.gaps, at)?;
        Ok(committed)
    })
}
