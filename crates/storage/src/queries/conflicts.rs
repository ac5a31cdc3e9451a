//! Entries that met another one of the same identity.

use std::collections::HashMap;

use diesel::prelude::*;
use tollgate_domain::JournalId;
use tollgate_domain::ports::{ConflictCursor, LedgerConflict, RecordedEntry};

use super::{Conn, dialect};
use crate::error::{Corrupt, QueryError};
use crate::rows::{LedgerEntryRow, StoredConflictRow};
use crate::schema::{ledger_conflicts, ledger_entries};
use crate::value::{At, Digest32, Id};

/// As they were met, newest first, after the given one.
pub(crate) fn list(
    conn: &mut Conn,
    journal: Option<JournalId>,
    after: Option<ConflictCursor>,
    limit: u16,
) -> Result<Vec<LedgerConflict>, QueryError> {
    dialect::snapshot(conn, |conn| {
        let mut query = ledger_conflicts::table
            .order((
                ledger_conflicts::recorded_at.desc(),
                ledger_conflicts::event_id.desc(),
                ledger_conflicts::revision.desc(),
                ledger_conflicts::content_hash.desc(),
            ))
            .limit(i64::from(limit))
            .select(StoredConflictRow::as_select())
            .into_boxed::<dialect::Backend>();
        if let Some(journal) = journal {
            query = query.filter(ledger_conflicts::journal_id.eq(Id(journal.uuid())));
        }
        if let Some(after) = after {
            let (at, event) = (At(after.recorded_at), Id(after.event_id.uuid()));
            let revision = i32::try_from(after.revision).unwrap_or(i32::MAX);
            let same_revision = ledger_conflicts::revision
                .eq(revision)
                .and(ledger_conflicts::content_hash.lt(Digest32(after.content_hash)));
            let same_event = ledger_conflicts::event_id
                .eq(event)
                .and(ledger_conflicts::revision.lt(revision).or(same_revision));
            let same_instant = ledger_conflicts::recorded_at
                .eq(at)
                .and(ledger_conflicts::event_id.lt(event).or(same_event));
            query = query
                .filter(ledger_conflicts::recorded_at.le(at))
                .filter(ledger_conflicts::recorded_at.lt(at).or(same_instant));
        }
        let rows: Vec<StoredConflictRow> = query.load(conn)?;
        let kept = kept(conn, &rows)?;
        let conflicts = rows.into_iter().map(|row| {
            let refused = row.into_recorded()?;
            let entry = &refused.journaled.entry;
            let there = kept.get(&(entry.attempt.event_id, entry.revision));
            let kept = there
                .cloned()
                .ok_or_else(|| Corrupt::new("ledger conflict", "the entry it met is not in the ledger"))?;
            Ok(LedgerConflict { kept, refused })
        });
        let conflicts: Result<_, Corrupt> = conflicts.collect();
        Ok(conflicts?)
    })
}

type Kept = HashMap<(tollgate_domain::EventId, u32), RecordedEntry>;

/// The entries they met.
fn kept(conn: &mut Conn, conflicts: &[StoredConflictRow]) -> Result<Kept, QueryError> {
    let events = conflicts.iter().map(|row| row.event_id);
    let rows: Vec<LedgerEntryRow> = ledger_entries::table
        .filter(ledger_entries::event_id.eq_any(events))
        .select(LedgerEntryRow::as_select())
        .load(conn)?;
    let entries = rows.into_iter().map(|row| {
        let recorded = row.into_recorded()?;
        let entry = &recorded.journaled.entry;
        Ok(((entry.attempt.event_id, entry.revision), recorded))
    });
    let entries: Result<Kept, Corrupt> = entries.collect();
    Ok(entries?)
}
