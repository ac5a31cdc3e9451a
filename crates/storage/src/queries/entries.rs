//! Ledger entries.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;
use tollgate_domain::ports::{Committed, RecordedEntry};
use tollgate_domain::{
    AccountingZone, AttentionKind, AttentionSubject, AttentionValues, EventId, JournalId, JournaledEntry,
    LedgerEntry, RequestId, Timestamp, Usd,
};

use super::{Conn, dialect, gathering};
use crate::error::{Corrupt, QueryError};
use crate::pending::Gathering;
use crate::rows::{ConflictRow, LedgerEntryRow};
use crate::schema::{ledger_conflicts, ledger_entries};
use crate::value::{Digest32, Id, Money};

/// Rows a statement: 63 columns of each, below both databases' limits on parameters (32,766 and 65,535).
const ROWS: usize = 400;
/// Ids a statement.
const IDS: usize = 1_000;

type Key = (Id, i32);

/// An entry that met another one of its identity.
#[derive(Debug)]
pub(super) struct Conflict {
    journal_id: JournalId,
    at: Timestamp,
    /// By how much the two costs differ; what is not known counts as nothing.
    difference: Usd,
}

/// Inserts what is new; tells replays from conflicts by content and keeps the latter. Returns the new entries.
pub(super) fn insert<'a>(
    conn: &mut Conn,
    entries: &'a [JournaledEntry],
    at: Timestamp,
) -> Result<(Vec<&'a JournaledEntry>, Committed, Vec<Conflict>), QueryError> {
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
    let conflicts = keep_conflicts(conn, &met, at, &mut committed)?;
    Ok((fresh, committed, conflicts))
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
) -> Result<Vec<Conflict>, QueryError> {
    let stored = stored(
        conn,
        met.iter().map(|entry| Id(entry.entry.attempt.event_id.uuid())),
    )?;
    let (mut rows, mut found) = (Vec::new(), HashMap::new());
    for entry in met {
        let there = stored.get(&key(entry)?).copied();
        let (hash, cost) =
            there.ok_or_else(|| Corrupt::new("ledger entry", "an entry is neither new nor there"))?;
        let own = Digest32(entry.entry.content_hash());
        if hash == own {
            committed.replayed += 1;
        } else {
            committed.conflicts.push(entry.entry.attempt.event_id);
            rows.push(ConflictRow::new(entry, hash, at)?);
            let (event, revision) = key(entry)?;
            found.insert(
                (event, revision, own),
                Conflict::new(entry.journal_id, &entry.entry, cost),
            );
        }
    }
    let mut conflicts = Vec::new();
    for chunk in rows.chunks(IDS) {
        // A conflict that is met again is known.
        let new: Vec<(Id, i32, Digest32)> = diesel::insert_into(ledger_conflicts::table)
            .values(chunk)
            .on_conflict((
                ledger_conflicts::event_id,
                ledger_conflicts::revision,
                ledger_conflicts::content_hash,
            ))
            .do_nothing()
            .returning((
                ledger_conflicts::event_id,
                ledger_conflicts::revision,
                ledger_conflicts::content_hash,
            ))
            .get_results(conn)?;
        conflicts.extend(new.iter().filter_map(|key| found.remove(key)));
    }
    Ok(conflicts)
}

/// Every conflict there is.
pub(super) fn conflicts(conn: &mut Conn) -> Result<Vec<Conflict>, QueryError> {
    let rows: Vec<(Id, i32, Id, String)> = ledger_conflicts::table
        .select((
            ledger_conflicts::event_id,
            ledger_conflicts::revision,
            ledger_conflicts::journal_id,
            ledger_conflicts::body,
        ))
        .load(conn)?;
    let stored = stored(conn, rows.iter().map(|(event, ..)| *event))?;
    let conflicts = rows.into_iter().map(|(event, revision, journal, body)| {
        let entry: LedgerEntry = serde_json::from_str(&body).map_err(Corrupt::of("ledger conflict"))?;
        let cost = stored.get(&(event, revision)).and_then(|(_, cost)| *cost);
        Ok(Conflict::new(JournalId::new(journal.0), &entry, cost))
    });
    Ok(conflicts.collect::<Result<_, Corrupt>>()?)
}

type Stored = HashMap<Key, (Digest32, Option<Money>)>;

/// What is there of these attempts: hash and cost.
fn stored(conn: &mut Conn, events: impl Iterator<Item = Id>) -> Result<Stored, QueryError> {
    let events: Vec<Id> = events.collect();
    let mut stored = HashMap::new();
    for chunk in events.chunks(IDS) {
        let rows: Vec<(Id, i32, Digest32, Option<Money>)> = ledger_entries::table
            .filter(ledger_entries::event_id.eq_any(chunk))
            .select((
                ledger_entries::event_id,
                ledger_entries::revision,
                ledger_entries::content_hash,
                ledger_entries::cost,
            ))
            .load(conn)?;
        stored.extend(
            rows.into_iter()
                .map(|(id, revision, hash, cost)| ((id, revision), (hash, cost))),
        );
    }
    Ok(stored)
}

fn key(entry: &JournaledEntry) -> Result<Key, Corrupt> {
    let revision = i32::try_from(entry.entry.revision).map_err(Corrupt::of("entry revision"))?;
    Ok((Id(entry.entry.attempt.event_id.uuid()), revision))
}

// === impl Conflict ===

impl Conflict {
    fn new(journal_id: JournalId, incoming: &LedgerEntry, stored: Option<Money>) -> Self {
        let theirs = incoming.amounts.map_or(Usd::ZERO, |amounts| amounts.cost);
        let ours = stored.map_or(Usd::ZERO, |cost| cost.0);
        let difference = theirs.pico().saturating_sub(ours.pico()).saturating_abs();
        Self {
            journal_id,
            at: incoming.attempt.occurred_at,
            difference: Usd::from_pico(difference),
        }
    }

    /// Adds it to what wants attention.
    pub(super) fn gather(&self, zone: AccountingZone, into: &mut Gathering) -> Result<(), Corrupt> {
        let subject = AttentionSubject {
            journal_id: Some(self.journal_id),
            ..AttentionSubject::bare(AttentionKind::LedgerConflict)
        };
        let values = AttentionValues {
            count: 1,
            at_stake: self.difference,
            ..AttentionValues::default()
        };
        let key = (zone.day(self.at).0, self.journal_id, subject);
        gathering::put(into, key, None, values, self.at)
    }
}
