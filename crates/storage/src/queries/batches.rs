//! The chain over what was written.

use std::collections::BTreeMap;

use diesel::dsl::max;
use diesel::prelude::*;
use tollgate_domain::{JournalId, JournaledEntry, LedgerBatch, Timestamp};

use super::Conn;
use crate::error::{Corrupt, QueryError};
use crate::rows::BatchRow;
use crate::schema::ledger_batches;
use crate::value::{Digest32, Id};

/// Links the new entries to what their journal wrote before.
pub(super) fn chain(conn: &mut Conn, fresh: &[&JournaledEntry], at: Timestamp) -> Result<(), QueryError> {
    let mut journals: BTreeMap<JournalId, Vec<&JournaledEntry>> = BTreeMap::new();
    for entry in fresh {
        journals.entry(entry.journal_id).or_default().push(entry);
    }
    for (journal, entries) in journals {
        let last: Option<(i64, Digest32)> = ledger_batches::table
            .filter(ledger_batches::journal_id.eq(Id(journal.uuid())))
            .order(ledger_batches::ordinal.desc())
            .select((ledger_batches::ordinal, ledger_batches::digest))
            .first(conn)
            .optional()?;
        let (ordinal, previous) = last.map_or((0, [0; 32]), |(ordinal, digest)| (ordinal, digest.0));
        let batch = LedgerBatch::seal(previous, &entries, at)
            .ok_or_else(|| Corrupt::new("ledger batch", "its cost is past the exact range"))?;
        diesel::insert_into(ledger_batches::table)
            .values(BatchRow::new(&batch, ordinal + 1)?)
            .execute(conn)?;
    }
    Ok(())
}

/// The highest sequence number the ledger holds of a journal; 0 if none.
pub(crate) fn last_seq(conn: &mut Conn, journal: JournalId) -> Result<u64, QueryError> {
    let last: Option<i64> = ledger_batches::table
        .filter(ledger_batches::journal_id.eq(Id(journal.uuid())))
        .select(max(ledger_batches::last_seq))
        .first(conn)?;
    Ok(u64::try_from(last.unwrap_or(0)).unwrap_or(0))
}
