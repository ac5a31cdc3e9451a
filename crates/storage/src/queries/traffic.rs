//! The ledger as price rules see it.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Integer;
use tollgate_domain::ports::{RecordedEntry, TrafficFilter, UnpricedGroup};
use tollgate_domain::{EventId, Timestamp};
use uuid::Uuid;

use super::{Conn, dialect};
use crate::error::QueryError;
use crate::rows::{LedgerEntryRow, UnpricedRow};
use crate::schema::ledger_entries;
use crate::sql_type::Instant;
use crate::value::{At, Id};

/// How much earlier than its dispatch an attempt's id may have been made, in milliseconds.
const ID_BEFORE_DISPATCH: i64 = 60_000;

/// Latest revisions without a price, by all that chooses one.
const UNPRICED: &str = "
    SELECT
        model_served, model_sent, model_requested, tier_served, tier_requested,
        upstream_id, upstream_name, provider,
        COUNT(*) AS attempts,
        CAST(COALESCE(SUM(input_tokens), 0) AS BIGINT) AS input_tokens,
        CAST(COALESCE(SUM(output_tokens), 0) AS BIGINT) AS output_tokens,
        MIN(occurred_at) AS first_seen,
        MAX(occurred_at) AS last_seen
    FROM ledger_entries e
    WHERE e.status = 'unbilled' AND e.occurred_at >= $1 AND e.occurred_at < $2
        AND e.reason IN ('price_not_found', 'model_missing')
        AND NOT EXISTS (
            SELECT 1 FROM ledger_entries later
            WHERE later.event_id = e.event_id AND later.revision > e.revision
        )
    GROUP BY model_served, model_sent, model_requested, tier_served, tier_requested,
        upstream_id, upstream_name, provider
    ORDER BY COUNT(*) DESC, MAX(occurred_at) DESC
    LIMIT $3";

/// A page of the entries of matching attempts.
pub(crate) fn page(
    conn: &mut Conn,
    filter: &TrafficFilter,
    after: Option<(EventId, u32)>,
    limit: u16,
) -> Result<Vec<RecordedEntry>, QueryError> {
    // Ids carry the time: the primary key finds the range, the exact condition is checked on its rows.
    let (first, last) = (
        id_at(filter.from.timestamp_millis().saturating_sub(ID_BEFORE_DISPATCH)),
        id_at(filter.until.timestamp_millis().saturating_add(1)),
    );
    let mut query = ledger_entries::table
        .filter(ledger_entries::event_id.ge(first))
        .filter(ledger_entries::event_id.lt(last))
        .filter(ledger_entries::occurred_at.ge(At(filter.from)))
        .filter(ledger_entries::occurred_at.lt(At(filter.until)))
        .order((ledger_entries::event_id, ledger_entries::revision))
        .limit(i64::from(limit))
        .select(LedgerEntryRow::as_select())
        .into_boxed::<dialect::Backend>();
    if let Some(upstream) = filter.upstream_id {
        query = query.filter(ledger_entries::upstream_id.eq(Id(upstream.uuid())));
    }
    if !filter.models.is_empty() {
        let names = || filter.models.iter().map(|name| name.as_str().to_owned());
        let sent = ledger_entries::model_sent.eq_any(names());
        let served = ledger_entries::model_served.eq_any(names());
        let requested = ledger_entries::model_requested.eq_any(names());
        query = query.filter(sent.or(served).or(requested));
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
    recorded(query.load(conn)?)
}

/// Groups of attempts without a price.
pub(crate) fn unpriced(
    conn: &mut Conn,
    from: Timestamp,
    until: Timestamp,
    limit: u16,
) -> Result<Vec<UnpricedGroup>, QueryError> {
    let rows: Vec<UnpricedRow> = sql_query(UNPRICED)
        .bind::<Instant, _>(At(from))
        .bind::<Instant, _>(At(until))
        .bind::<Integer, _>(i32::from(limit))
        .load(conn)?;
    let groups: Result<_, _> = rows.into_iter().map(UnpricedGroup::try_from).collect();
    Ok(groups?)
}

/// Entries without a price of these instants.
pub(crate) fn unpriced_at(conn: &mut Conn, instants: &[Timestamp]) -> Result<Vec<RecordedEntry>, QueryError> {
    const INSTANTS: usize = 500;
    let mut found = Vec::new();
    for chunk in instants.chunks(INSTANTS) {
        let rows: Vec<LedgerEntryRow> = ledger_entries::table
            .filter(ledger_entries::status.eq("unbilled"))
            .filter(ledger_entries::occurred_at.eq_any(chunk.iter().copied().map(At)))
            .order((ledger_entries::event_id, ledger_entries::revision))
            .select(LedgerEntryRow::as_select())
            .load(conn)?;
        found.extend(recorded(rows)?);
    }
    Ok(found)
}

fn recorded(rows: Vec<LedgerEntryRow>) -> Result<Vec<RecordedEntry>, QueryError> {
    let entries: Result<_, _> = rows.into_iter().map(LedgerEntryRow::into_recorded).collect();
    Ok(entries?)
}

/// The least `UUIDv7` of a millisecond.
fn id_at(millis: i64) -> Id {
    let millis = u128::try_from(millis).unwrap_or(0);
    Id(Uuid::from_u128(millis << 80))
}
