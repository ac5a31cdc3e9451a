//! Ledger entries.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;
use tollgate_domain::ports::{Committed, RecordedEntry};
use tollgate_domain::{EventId, JournaledEntry, RequestId, Timestamp};

use super::{Conn, dialect};
use crate::error::{Corrupt, QueryError};
use crate::rows::{ConflictRow, LedgerEntryRow};
use crate::schema::{ledger_conflicts, ledger_entries};
use crate::value::{Digest32, Id};

/// Rows a statement: 63 columns of each, below both databases' limits on parameters (32,766 and 65,535).
const ROWS: usize = 400;
/// Ids a statement.
const IDS: usize = 1_000;

type Key = (Id, i32);

/// Inserts what is new; tells replays from conflicts by content and keeps the latter. Returns the new entries.
pub(super) fn insert<'a>(
    conn: &mut Conn,
    entries: &'a [JournaledEntry],
    at: Timestamp,
) -> Result<(Vec<&'a JournaledEntry>, Committed), QueryError> {
    let mut inserted: HashSet<Key> = HashSet::new();
    for chunk in entries.chunks(ROWS) {
        let rows: Result<Vec<_>, _> = chunk.iter().map(|entry| LedgerEntryRow::new(entry, at)).collect();
        let keys: Vec<Key> = diesel::insert_into(ledger_entries::table)
            .values(rows?)
            .on_conflict((ledger_entries::event_id, ledger_entries::revision))
            .do_nothing()
            .returning((ledger_entries::event_id, ledger_entries::revision))
            .get_results(conn)?;
        inserted.extend(keys);
    }
    let (mut fresh, mut met) = (Vec::with_capacity(inserted.len()), Vec::new());
    for entry in entries {
        // Of two with one identity in a batch the first was inserted.
        if inserted.remove(&key(entry)?) {
            fresh.push(entry);
        } else {
            met.push(entry);
        }
    }
    let mut committed = Committed {
        inserted: u32::try_from(fresh.len()).unwrap_or(u32::MAX),
        ..Committed::default()
    };
    keep_conflicts(conn, &met, at, &mut committed)?;
    Ok((fresh, committed))
}

/// All revisions of all attempts of a request.
pub(crate) fn of_request(conn: &mut Conn, request: RequestId) -> Result<Vec<RecordedEntry>, QueryError> {
    let rows: Vec<LedgerEntryRow> = ledger_entries::table
        .filter(ledger_entries::request_id.eq(Id(request.uuid())))
        .order((ledger_entries::event_id, ledger_entries::revision))
        .select(LedgerEntryRow::as_select())
        .load(conn)?;
    let entries: Result<_, _> = rows.into_iter().map(LedgerEntryRow::into_recorded).collect();
    Ok(entries?)
}

/// Entries of the whole ledger in order, after the given one.
pub(crate) fn page(
    conn: &mut Conn,
    after: Option<(EventId, u32)>,
    limit: u16,
) -> Result<Vec<RecordedEntry>, QueryError> {
    let mut query = ledger_entries::table
        .order((ledger_entries::event_id, ledger_entries::revision))
        .limit(i64::from(limit))
        .select(LedgerEntryRow::as_select())
        .into_boxed::<dialect::Backend>();
    if let Some((event, revision)) = after {
        let (event, revision) = (Id(event.uuid()), i32::try_from(revision).unwrap_or(i32::MAX));
        let same_event = ledger_entries::event_id
            .eq(event)
            .and(ledger_entries::revision.gt(revision));
        query = query
            .filter(ledger_entries::event_id.ge(event))
            .filter(ledger_entries::event_id.gt(event).or(same_event));
    }
    let rows: Vec<LedgerEntryRow> = query.load(conn)?;
    let entries: Result<_, _> = rows.into_iter().map(LedgerEntryRow::into_recorded).collect();
    Ok(entries?)
}

fn keep_conflicts(
    conn: &mut Conn,
    met: &[&JournaledEntry],
    at: Timestamp,
    committed: &mut Committed,
) -> Result<(), QueryError> {
    let stored = stored_hashes(conn, met)?;
    let mut conflicts = Vec::new();
    for entry in met {
        let hash = stored.get(&key(entry)?).copied();
        let hash = hash.ok_or_else(|| Corrupt::new("ledger entry", "an entry is neither new nor there"))?;
        if hash == Digest32(entry.entry.content_hash()) {
            committed.replayed += 1;
        } else {
            committed.conflicts.push(entry.entry.attempt.event_id);
            conflicts.push(ConflictRow::new(entry, hash, at)?);
        }
    }
    for chunk in conflicts.chunks(IDS) {
        diesel::insert_into(ledger_conflicts::table)
            .values(chunk)
            .on_conflict((
                ledger_conflicts::event_id,
                ledger_conflicts::revision,
                ledger_conflicts::content_hash,
            ))
            .do_nothing()
            .execute(conn)?;
    }
    Ok(())
}

fn stored_hashes(conn: &mut Conn, met: &[&JournaledEntry]) -> Result<HashMap<Key, Digest32>, QueryError> {
    let mut stored = HashMap::new();
    for chunk in met.chunks(IDS) {
        let ids = chunk.iter().map(|entry| Id(entry.entry.attempt.event_id.uuid()));
        let rows: Vec<(Id, i32, Digest32)> = ledger_entries::table
            .filter(ledger_entries::event_id.eq_any(ids.collect::<Vec<_>>()))
            .select((
                ledger_entries::event_id,
                ledger_entries::revision,
                ledger_entries::content_hash,
            ))
            .load(conn)?;
        stored.extend(
            rows.into_iter()
                .map(|(id, revision, hash)| ((id, revision), hash)),
        );
    }
    Ok(stored)
}

fn key(entry: &JournaledEntry) -> Result<Key, Corrupt> {
    let revision = i32::try_from(entry.entry.revision).map_err(Corrupt::of("entry revision"))?;
    Ok((Id(entry.entry.attempt.event_id.uuid()), revision))
}
