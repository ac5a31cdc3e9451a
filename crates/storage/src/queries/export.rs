//! The ledger, read out.

use diesel::prelude::*;
use tollgate_domain::ports::{ExportFilter, RecordedEntry};
use tollgate_domain::{EventId, Timestamp};
use uuid::Uuid;

use super::{Conn, dialect};
use crate::error::QueryError;
use crate::rows::LedgerEntryRow;
use crate::schema::ledger_entries;
use crate::value::{At, Id};

/// How far an attempt's id may be from its dispatch, in milliseconds. Ids carry the time: the primary key finds the
/// range, the exact condition is checked on its rows.
const ID_SLACK: i64 = 60_000;

/// A page of the matching entries, in order of event and revision.
pub(crate) fn page(
    conn: &mut Conn,
    filter: &ExportFilter,
    after: Option<(EventId, u32)>,
    limit: u16,
) -> Result<Vec<RecordedEntry>, QueryError> {
    let mut query = ledger_entries::table
        .order((ledger_entries::event_id, ledger_entries::revision))
        .limit(i64::from(limit))
        .select(LedgerEntryRow::as_select())
        .into_boxed::<dialect::Backend>();
    if let Some(from) = filter.occurred_from {
        query = query
            .filter(ledger_entries::event_id.ge(id_at(from, -ID_SLACK)))
            .filter(ledger_entries::occurred_at.ge(At(from)));
    }
    if let Some(until) = filter.occurred_until {
        query = query
            .filter(ledger_entries::event_id.lt(id_at(until, ID_SLACK)))
            .filter(ledger_entries::occurred_at.lt(At(until)));
    }
    if let Some(from) = filter.recorded_from {
        query = query.filter(ledger_entries::recorded_at.ge(At(from)));
    }
    if let Some(until) = filter.recorded_until {
        query = query.filter(ledger_entries::recorded_at.lt(At(until)));
    }
    if let Some(as_of) = filter.as_of {
        query = query.filter(ledger_entries::recorded_at.le(At(as_of)));
    }
    if let Some(key) = filter.key_id {
        query = query.filter(ledger_entries::key_id.eq(Id(key.uuid())));
    }
    if let Some(team) = filter.team.clone() {
        query = query.filter(ledger_entries::key_team.eq(team));
    }
    if let Some(upstream) = filter.upstream_id {
        query = query.filter(ledger_entries::upstream_id.eq(Id(upstream.uuid())));
    }
    if let Some(model) = &filter.model {
        let requested = ledger_entries::model_requested.eq(model.clone());
        let sent = ledger_entries::model_sent.eq(model.clone());
        let served = ledger_entries::model_served.eq(model.clone());
        query = query.filter(requested.or(sent).or(served));
    }
    if let Some(status) = filter.status {
        query = query.filter(ledger_entries::status.eq(status.as_str()));
    }
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

/// The least `UUIDv7` of an instant and so many milliseconds.
fn id_at(at: Timestamp, slack: i64) -> Id {
    let millis = u128::try_from(at.timestamp_millis().saturating_add(slack)).unwrap_or(0);
    Id(Uuid::from_u128(millis << 80))
}
