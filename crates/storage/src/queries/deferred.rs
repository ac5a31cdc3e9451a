//! What is used later than it is asked for.

use std::collections::HashSet;

use diesel::prelude::*;
use tollgate_domain::ports::{
    DeferredClaim, DeferredCursor, DeferredFilter, DeferredRelease, DeferredRow as Row, DeferredState,
    DeferredSummary,
};
use tollgate_domain::{
    DeferredOperation, EventId, JournalId, JournaledEntry, KeyId, Timestamp, UpstreamObject,
};

use super::{Conn, dialect};
use crate::error::QueryError;
use crate::rows::{DeferredRow, ObjectRow};
use crate::schema::{deferred_operations, ledger_entries, upstream_objects};
use crate::value::{At, Id};

/// Ids a statement.
const IDS: usize = 1_000;

const OPEN: &str = DeferredState::Open.as_str();

/// Takes operations over.
pub(crate) fn open_all(
    conn: &mut Conn,
    operations: &[DeferredOperation],
    at: Timestamp,
) -> Result<(), QueryError> {
    dialect::write(conn, |conn| open(conn, operations, at))
}

/// The same within a transaction. An object that another request made already is kept as its duplicate.
pub(super) fn open(
    conn: &mut Conn,
    operations: &[DeferredOperation],
    at: Timestamp,
) -> Result<(), QueryError> {
    for operation in operations {
        let mut row = DeferredRow::opened(operation, at)?;
        if insert(conn, &row)? {
            continue;
        }
        let known: i64 = deferred_operations::table
            .filter(deferred_operations::event_id.eq(row.event_id))
            .count()
            .get_result(conn)?;
        if known == 0 {
            row.duplicate = true;
            insert(conn, &row)?;
        }
    }
    Ok(())
}

fn insert(conn: &mut Conn, row: &DeferredRow) -> Result<bool, QueryError> {
    let inserted = diesel::insert_into(deferred_operations::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(conn)?;
    Ok(inserted == 1)
}

/// Marks the operations of these entries as settled; those of items tell nothing of the whole.
pub(super) fn settle(conn: &mut Conn, entries: &[JournaledEntry], at: Timestamp) -> Result<(), QueryError> {
    let whole = entries.iter().filter_map(|entry| {
        let attempt = &entry.entry.attempt;
        let reference = attempt.facts.deferred.as_ref()?;
        reference.item_id.is_none().then_some(Id(attempt.event_id.uuid()))
    });
    let ids: Vec<Id> = whole.collect();
    for chunk in ids.chunks(IDS) {
        let open = deferred_operations::table
            .filter(deferred_operations::event_id.eq_any(chunk))
            .filter(deferred_operations::state.eq(OPEN));
        diesel::update(open)
            .set((
                deferred_operations::state.eq(DeferredState::Settled.as_str()),
                deferred_operations::settled_at.eq(Some(At(at))),
                deferred_operations::holder.eq(None::<Id>),
                deferred_operations::held_until.eq(None::<At>),
                deferred_operations::problem.eq(None::<String>),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// Those of these requests whose usage is still to come.
pub(super) fn waiting(conn: &mut Conn, requests: &[Id]) -> Result<HashSet<Id>, QueryError> {
    let waiting: Vec<Id> = deferred_operations::table
        .filter(deferred_operations::request_id.eq_any(requests))
        .filter(deferred_operations::state.eq(OPEN))
        .select(deferred_operations::request_id)
        .load(conn)?;
    Ok(waiting.into_iter().collect())
}

/// A key's operation by its name at the provider.
pub(crate) fn of_object(conn: &mut Conn, object: &str, key: KeyId) -> Result<Option<Row>, QueryError> {
    let row: Option<DeferredRow> = deferred_operations::table
        .filter(deferred_operations::object_id.eq(object))
        .filter(deferred_operations::key_id.eq(Id(key.uuid())))
        .order((
            deferred_operations::duplicate,
            deferred_operations::created_at.desc(),
        ))
        .select(DeferredRow::as_select())
        .first(conn)
        .optional()?;
    Ok(row.map(Row::try_from).transpose()?)
}

/// Claims one.
pub(crate) fn claim(
    conn: &mut Conn,
    event: EventId,
    holder: JournalId,
    until: Timestamp,
    now: Timestamp,
) -> Result<Option<DeferredClaim>, QueryError> {
    let row = claim_id(conn, Id(event.uuid()), holder, until, now)?;
    Ok(row.as_ref().and_then(DeferredRow::claim))
}

/// Claims those that are due.
pub(crate) fn claim_due(
    conn: &mut Conn,
    holder: JournalId,
    until: Timestamp,
    now: Timestamp,
    limit: u16,
) -> Result<Vec<(DeferredClaim, Row)>, QueryError> {
    let due: Vec<Id> = deferred_operations::table
        .filter(deferred_operations::state.eq(OPEN))
        .filter(deferred_operations::next_poll_at.le(At(now)))
        .filter(
            deferred_operations::holder
                .is_null()
                .or(deferred_operations::held_until
                    .le(Some(At(now)))
                    .assume_not_null()),
        )
        .order(deferred_operations::next_poll_at)
        .limit(i64::from(limit))
        .select(deferred_operations::event_id)
        .load(conn)?;
    let mut claimed = Vec::new();
    // One by one: two that claim the same rows in another order would lock each other out.
    for id in due {
        let row = claim_id(conn, id, holder, until, now)?;
        if let Some((claim, row)) = row.and_then(|row| Some((row.claim()?, row))) {
            claimed.push((claim, Row::try_from(row)?));
        }
    }
    Ok(claimed)
}

/// One statement: of two who ask for the same row the second finds it held.
fn claim_id(
    conn: &mut Conn,
    id: Id,
    holder: JournalId,
    until: Timestamp,
    now: Timestamp,
) -> Result<Option<DeferredRow>, QueryError> {
    let free = deferred_operations::holder
        .is_null()
        .or(deferred_operations::held_until
            .le(Some(At(now)))
            .assume_not_null());
    let row = diesel::update(
        deferred_operations::table
            .filter(deferred_operations::event_id.eq(id))
            .filter(deferred_operations::state.eq(OPEN))
            .filter(free),
    )
    .set((
        deferred_operations::holder.eq(Some(Id(holder.uuid()))),
        deferred_operations::held_until.eq(Some(At(until))),
        deferred_operations::fence.eq(deferred_operations::fence + 1),
    ))
    .returning(DeferredRow::as_returning())
    .get_result(conn)
    .optional()?;
    Ok(row)
}

/// Holds a claim for longer.
pub(crate) fn keep(conn: &mut Conn, claim: DeferredClaim, until: Timestamp) -> Result<bool, QueryError> {
    let kept = diesel::update(
        deferred_operations::table
            .filter(deferred_operations::event_id.eq(Id(claim.event_id.uuid())))
            .filter(deferred_operations::fence.eq(claim.fence))
            .filter(deferred_operations::holder.eq(Some(Id(claim.holder.uuid())))),
    )
    .set(deferred_operations::held_until.eq(Some(At(until))))
    .execute(conn)?;
    Ok(kept == 1)
}

/// Gives a claim back.
pub(crate) fn release(
    conn: &mut Conn,
    claim: DeferredClaim,
    release: &DeferredRelease,
) -> Result<(), QueryError> {
    diesel::update(
        deferred_operations::table
            .filter(deferred_operations::event_id.eq(Id(claim.event_id.uuid())))
            .filter(deferred_operations::fence.eq(claim.fence))
            .filter(deferred_operations::state.eq(OPEN)),
    )
    .set((
        deferred_operations::holder.eq(None::<Id>),
        deferred_operations::held_until.eq(None::<At>),
        deferred_operations::polls.eq(deferred_operations::polls + 1),
        deferred_operations::next_poll_at.eq(At(release.next_poll_at)),
        deferred_operations::provider_state.eq(release.provider_state.as_deref()),
        deferred_operations::problem.eq(release.problem.as_deref()),
    ))
    .execute(conn)?;
    Ok(())
}

/// Gives back all that a process held.
pub(crate) fn release_held(conn: &mut Conn, holder: JournalId) -> Result<u32, QueryError> {
    let held = deferred_operations::table
        .filter(deferred_operations::state.eq(OPEN))
        .filter(deferred_operations::holder.eq(Some(Id(holder.uuid()))));
    let released = diesel::update(held)
        .set((
            deferred_operations::holder.eq(None::<Id>),
            deferred_operations::held_until.eq(None::<At>),
            // Their end may have been seen: they are due at once.
            deferred_operations::next_poll_at.eq(deferred_operations::created_at),
        ))
        .execute(conn)?;
    Ok(u32::try_from(released).unwrap_or(u32::MAX))
}

/// Makes one due.
pub(crate) fn nudge(conn: &mut Conn, event: EventId, now: Timestamp) -> Result<(), QueryError> {
    diesel::update(
        deferred_operations::table
            .filter(deferred_operations::event_id.eq(Id(event.uuid())))
            .filter(deferred_operations::state.eq(OPEN))
            .filter(deferred_operations::next_poll_at.gt(At(now))),
    )
    .set(deferred_operations::next_poll_at.eq(At(now)))
    .execute(conn)?;
    Ok(())
}

/// Makes all that is open due.
pub(crate) fn nudge_all(conn: &mut Conn, now: Timestamp) -> Result<(), QueryError> {
    diesel::update(
        deferred_operations::table
            .filter(deferred_operations::state.eq(OPEN))
            .filter(deferred_operations::next_poll_at.gt(At(now))),
    )
    .set(deferred_operations::next_poll_at.eq(At(now)))
    .execute(conn)?;
    Ok(())
}

/// How many are due and held by nobody.
pub(crate) fn due(conn: &mut Conn, now: Timestamp) -> Result<u64, QueryError> {
    let free = deferred_operations::holder
        .is_null()
        .or(deferred_operations::held_until
            .le(Some(At(now)))
            .assume_not_null());
    let due: i64 = deferred_operations::table
        .filter(deferred_operations::state.eq(OPEN))
        .filter(deferred_operations::next_poll_at.le(At(now)))
        .filter(free)
        .count()
        .get_result(conn)?;
    Ok(u64::try_from(due).unwrap_or(0))
}

/// Which events have a usage entry.
pub(crate) fn settled(conn: &mut Conn, events: &[EventId]) -> Result<Vec<EventId>, QueryError> {
    let mut settled = Vec::new();
    for chunk in events.chunks(IDS) {
        let ids: Vec<Id> = chunk.iter().map(|event| Id(event.uuid())).collect();
        let found: Vec<Id> = ledger_entries::table
            .filter(ledger_entries::event_id.eq_any(ids))
            .filter(ledger_entries::revision.eq(0))
            .select(ledger_entries::event_id)
            .load(conn)?;
        settled.extend(found.into_iter().map(|id| EventId::new(id.0)));
    }
    Ok(settled)
}

/// How much is open.
pub(crate) fn summary(conn: &mut Conn) -> Result<DeferredSummary, QueryError> {
    let all_open = || deferred_operations::table.filter(deferred_operations::state.eq(OPEN));
    let open: i64 = all_open().count().get_result(conn)?;
    let oldest: Option<At> = all_open()
        .order(deferred_operations::created_at)
        .select(deferred_operations::created_at)
        .first(conn)
        .optional()?;
    Ok(DeferredSummary {
        open: u64::try_from(open).unwrap_or(0),
        oldest: oldest.map(|at| at.0),
    })
}

/// Newest first, after the cursor.
pub(crate) fn list(
    conn: &mut Conn,
    filter: &DeferredFilter,
    after: Option<DeferredCursor>,
    limit: u16,
) -> Result<Vec<Row>, QueryError> {
    let mut query = deferred_operations::table
        .order((
            deferred_operations::created_at.desc(),
            deferred_operations::event_id.desc(),
        ))
        .limit(i64::from(limit))
        .select(DeferredRow::as_select())
        .into_boxed::<dialect::Backend>();
    if let Some(event) = filter.event_id {
        query = query.filter(deferred_operations::event_id.eq(Id(event.uuid())));
    }
    if let Some(state) = filter.state {
        query = query.filter(deferred_operations::state.eq(state.as_str()));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(deferred_operations::kind.eq(kind.as_str()));
    }
    if let Some(upstream) = filter.upstream_id {
        query = query.filter(deferred_operations::upstream_id.eq(Id(upstream.uuid())));
    }
    if let Some(key) = filter.key_id {
        query = query.filter(deferred_operations::key_id.eq(Id(key.uuid())));
    }
    if let Some(object) = &filter.object_id {
        query = query.filter(deferred_operations::object_id.eq(object.clone()));
    }
    if let Some(after) = after {
        let (at, id) = (At(after.created_at), Id(after.event_id.uuid()));
        let same_instant = deferred_operations::created_at
            .eq(at)
            .and(deferred_operations::event_id.lt(id));
        query = query
            .filter(deferred_operations::created_at.le(at))
            .filter(deferred_operations::created_at.lt(at).or(same_instant));
    }
    let rows: Vec<DeferredRow> = query.load(conn)?;
    let rows: Result<_, _> = rows.into_iter().map(Row::try_from).collect();
    Ok(rows?)
}

/// Notes objects that are not known yet.
pub(crate) fn put_objects(conn: &mut Conn, objects: &[UpstreamObject]) -> Result<(), QueryError> {
    for chunk in objects.chunks(IDS) {
        let rows: Result<Vec<ObjectRow>, _> = chunk.iter().map(ObjectRow::try_from).collect();
        let rows = rows?;
        diesel::insert_into(upstream_objects::table)
            .values(rows)
            .on_conflict_do_nothing()
            .execute(conn)?;
    }
    Ok(())
}

/// A key's object by its name at the provider.
pub(crate) fn object(
    conn: &mut Conn,
    object: &str,
    key: KeyId,
) -> Result<Option<UpstreamObject>, QueryError> {
    let row: Option<ObjectRow> = upstream_objects::table
        .filter(upstream_objects::object_id.eq(object))
        .filter(upstream_objects::key_id.eq(Id(key.uuid())))
        .select(ObjectRow::as_select())
        .first(conn)
        .optional()?;
    Ok(row.map(UpstreamObject::try_from).transpose()?)
}
