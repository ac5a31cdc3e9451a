//! How attempts stood and stand, from the revisions that are new.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use diesel::prelude::*;
use tollgate_domain::{AttemptChange, EventId, JournalId, JournaledEntry, Posting, Standing, Timestamp};

use super::Conn;
use crate::error::{Corrupt, QueryError};
use crate::rows::PostingRow;
use crate::schema::ledger_entries;
use crate::value::{At, Id};

/// Ids a statement.
const IDS: usize = 1_000;

/// What entries that were just inserted change, one change for each attempt, in order. Only corrected attempts are
/// looked up.
pub(super) fn of_fresh(conn: &mut Conn, fresh: &[&JournaledEntry]) -> Result<Vec<AttemptChange>, QueryError> {
    let new: HashSet<(EventId, u32)> = fresh.iter().map(|entry| key(&Posting::from(*entry))).collect();
    let corrected = fresh.iter().filter(|entry| entry.entry.revision > 0);
    let corrected: BTreeSet<Id> = corrected
        .map(|entry| Id(entry.entry.attempt.event_id.uuid()))
        .collect();
    let mut attempts: BTreeMap<EventId, (JournalId, Vec<Posting>)> = BTreeMap::new();
    for entry in fresh {
        let attempt = attempts.entry(entry.entry.attempt.event_id);
        let (_, postings) = attempt.or_insert_with(|| (entry.journal_id, Vec::new()));
        postings.push(Posting::from(*entry));
    }
    for (_, posting) in stored(conn, &corrected, None)? {
        if !new.contains(&key(&posting))
            && let Some((_, postings)) = attempts.get_mut(&posting.event_id)
        {
            postings.push(posting);
        }
    }
    let changes = attempts.into_values().map(|(writer, postings)| {
        let before = postings.iter().filter(|posting| !new.contains(&key(posting)));
        Ok(AttemptChange {
            writer,
            before: Standing::after(before).map_err(Corrupt::of("rollup"))?,
            after: Standing::after(&postings).map_err(Corrupt::of("rollup"))?,
        })
    });
    changes.collect()
}

/// All revisions of these attempts that were recorded by then, each with when.
pub(super) fn stored(
    conn: &mut Conn,
    events: &BTreeSet<Id>,
    by: Option<Timestamp>,
) -> Result<Vec<(Timestamp, Posting)>, QueryError> {
    let events: Vec<Id> = events.iter().copied().collect();
    let mut found = Vec::new();
    for chunk in events.chunks(IDS) {
        let mut query = ledger_entries::table
            .filter(ledger_entries::event_id.eq_any(chunk))
            .select(PostingRow::as_select())
            .into_boxed::<super::dialect::Backend>();
        if let Some(by) = by {
            query = query.filter(ledger_entries::recorded_at.le(At(by)));
        }
        for row in query.load::<PostingRow>(conn)? {
            found.push((row.recorded_at.0, Posting::try_from(row)?));
        }
    }
    Ok(found)
}

fn key(posting: &Posting) -> (EventId, u32) {
    (posting.event_id, posting.revision)
}
