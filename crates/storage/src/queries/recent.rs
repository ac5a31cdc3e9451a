//! Ledger entries, newest first.

use std::cmp::Reverse;

use diesel::prelude::*;
use tollgate_domain::EventId;
use tollgate_domain::ports::{RecentEnd, RecentFilter, RecentPage};

use super::recent_filter::{Condition, Driver, drivers, driving, has_rest, rest};
use super::{Conn, dialect};
use crate::error::QueryError;
use crate::rows::LedgerEntryRow;
use crate::schema::ledger_entries;
use crate::value::{At, Id};

/// Where an entry is: its attempt and revision.
type Place = (Id, i32);

/// Entries that fulfil conditions, newest first, as a boxed query.
macro_rules! entries {
    ($conditions:expr, $select:expr) => {{
        let mut query = ledger_entries::table
            .order((ledger_entries::event_id.desc(), ledger_entries::revision.desc()))
            .select($select)
            .into_boxed::<dialect::Backend>();
        for condition in $conditions {
            query = query.filter(condition);
        }
        query
    }};
}

/// By attempt and revision, newest first, after the given one. Where one index at a time is read, at most `depth` of its
/// entries are looked at that may not match.
pub(crate) fn list(
    conn: &mut Conn,
    filter: &RecentFilter,
    after: Option<(EventId, u32)>,
    limit: u16,
    depth: u32,
) -> Result<RecentPage, QueryError> {
    let after = after.map(|(event, revision)| {
        let revision = i32::try_from(revision).unwrap_or(i32::MAX);
        (Id(event.uuid()), revision)
    });
    dialect::snapshot(conn, |conn| {
        let (driver, end) = scan(conn, filter, after, depth)?;
        let mut conditions = driving(filter, driver);
        conditions.extend(rest(filter, driver));
        conditions.extend(after.map(beyond).into_iter().flatten());
        conditions.extend(end.map(up_to).into_iter().flatten());
        let rows: Vec<LedgerEntryRow> = entries!(conditions, LedgerEntryRow::as_select())
            .limit(i64::from(limit))
            .load(conn)?;
        let is_full = rows.len() >= usize::from(limit);
        let looked_to = match end.filter(|_| !is_full) {
            Some(end) => Some(instant_of(conn, end)?),
            None => None,
        };
        let entries: Result<_, _> = rows.into_iter().map(LedgerEntryRow::into_recorded).collect();
        Ok(RecentPage {
            entries: entries?,
            looked_to,
        })
    })
}

/// By which index to read, and where `depth` entries of it end (`None`: there are fewer, all of them match, or the database
/// looks at those alone that several indexes have in common). Of several the one whose entries reach back furthest: nothing
/// needs to be known of how frequent what is asked for is.
fn scan(
    conn: &mut Conn,
    filter: &RecentFilter,
    after: Option<Place>,
    depth: u32,
) -> Result<(Driver, Option<Place>), QueryError> {
    let mut found: Vec<(Driver, Place)> = Vec::new();
    for driver in drivers(filter) {
        if dialect::COMBINES_INDEXES || !has_rest(filter, driver) {
            return Ok((driver, None));
        }
        let mut conditions = driving(filter, driver);
        conditions.extend(after.map(beyond).into_iter().flatten());
        let place = entries!(conditions, (ledger_entries::event_id, ledger_entries::revision))
            .offset(i64::from(depth.saturating_sub(1)))
            .limit(1)
            .load::<Place>(conn)?
            .pop();
        match place {
            Some(place) => found.push((driver, place)),
            None => return Ok((driver, None)),
        }
    }
    let furthest = found.into_iter().max_by_key(|(_, place)| Reverse(*place));
    Ok(furthest.map_or((Driver::All, None), |(driver, place)| (driver, Some(place))))
}

fn instant_of(conn: &mut Conn, (event, revision): Place) -> Result<RecentEnd, QueryError> {
    let occurred_at: At = ledger_entries::table
        .find((event, revision))
        .select(ledger_entries::occurred_at)
        .first(conn)?;
    Ok(RecentEnd {
        event_id: EventId::new(event.0),
        revision: u32::try_from(revision).unwrap_or(0),
        occurred_at: occurred_at.0,
    })
}

/// Entries after a place.
fn beyond((event, revision): Place) -> [Condition; 2] {
    let same_event = ledger_entries::event_id
        .eq(event)
        .and(ledger_entries::revision.lt(revision));
    [
        Box::new(ledger_entries::event_id.le(event).nullable()),
        Box::new(ledger_entries::event_id.lt(event).or(same_event).nullable()),
    ]
}

/// Entries up to a place, which is one of them.
fn up_to((event, revision): Place) -> [Condition; 2] {
    let same_event = ledger_entries::event_id
        .eq(event)
        .and(ledger_entries::revision.ge(revision));
    [
        Box::new(ledger_entries::event_id.ge(event).nullable()),
        Box::new(ledger_entries::event_id.gt(event).or(same_event).nullable()),
    ]
}
