//! Reading request logs.

use std::cmp::Ordering;

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::BigInt;
use tollgate_domain::ports::{
    ChangeCursor, CostCursor, CostOrder, LogCursor, LogFilter, LogRow, PrunedLogs, TimeOrder,
};
use tollgate_domain::{RequestId, Timestamp};

use super::log_filter::{ModelColumn, conditions};
use super::{Conn, dialect};
use crate::error::QueryError;
use crate::rows::RequestLogRow;
use crate::schema::request_logs;
use crate::sql_type::Instant;
use crate::value::{At, Id, Money};

/// The oldest first, by the index of their times: rows that are not read are not looked at.
const PRUNE: &str = "DELETE FROM request_logs WHERE request_id IN (
        SELECT request_id FROM request_logs WHERE occurred_at < $1 ORDER BY occurred_at, request_id LIMIT $2
    )";

/// The matching rows as a boxed query, to be ordered and bounded.
macro_rules! matching {
    ($filter:expr, $model:expr, $select:expr) => {{
        let mut query = request_logs::table
            .select($select)
            .into_boxed::<dialect::Backend>();
        for condition in conditions($filter, $model) {
            query = query.filter(condition);
        }
        query
    }};
}

/// A page in the order of time.
pub(crate) fn list(
    conn: &mut Conn,
    filter: &LogFilter,
    order: TimeOrder,
    after: Option<LogCursor>,
    limit: u16,
) -> Result<Vec<LogRow>, QueryError> {
    let mut found: Vec<RequestLogRow> = Vec::new();
    for model in ModelColumn::of(filter) {
        let mut query = matching!(filter, *model, RequestLogRow::as_select()).limit(i64::from(limit));
        let place = after.map(|after| (At(after.occurred_at), Id(after.request_id.uuid())));
        query = match order {
            TimeOrder::NewestFirst => {
                if let Some((at, id)) = place {
                    let same_instant = request_logs::occurred_at
                        .eq(at)
                        .and(request_logs::request_id.lt(id));
                    query = query
                        .filter(request_logs::occurred_at.le(at))
                        .filter(request_logs::occurred_at.lt(at).or(same_instant));
                }
                query.order((request_logs::occurred_at.desc(), request_logs::request_id.desc()))
            }
            TimeOrder::OldestFirst => {
                if let Some((at, id)) = place {
                    let same_instant = request_logs::occurred_at
                        .eq(at)
                        .and(request_logs::request_id.gt(id));
                    query = query
                        .filter(request_logs::occurred_at.ge(at))
                        .filter(request_logs::occurred_at.gt(at).or(same_instant));
                }
                query.order((request_logs::occurred_at.asc(), request_logs::request_id.asc()))
            }
        };
        found.extend(query.load::<RequestLogRow>(conn)?);
    }
    let by_time = |one: &LogRow, other: &LogRow| {
        let order_of_time = (one.occurred_at, one.request_id).cmp(&(other.occurred_at, other.request_id));
        match order {
            TimeOrder::NewestFirst => order_of_time.reverse(),
            TimeOrder::OldestFirst => order_of_time,
        }
    };
    merged(found, by_time, limit)
}

/// The place of the newest matching row but `depth` of known cost.
pub(crate) fn floor(
    conn: &mut Conn,
    filter: &LogFilter,
    depth: u32,
) -> Result<Option<LogCursor>, QueryError> {
    let mut floor = None;
    for model in ModelColumn::of(filter) {
        let columns = (request_logs::occurred_at, request_logs::request_id);
        let place: Option<(At, Id)> = matching!(filter, *model, columns)
            .filter(request_logs::cost.is_not_null())
            .order((request_logs::occurred_at.desc(), request_logs::request_id.desc()))
            .offset(i64::from(depth))
            .limit(1)
            .load(conn)?
            .pop();
        let place = place.map(|(at, id)| LogCursor {
            occurred_at: at.0,
            request_id: RequestId::new(id.0),
        });
        floor = floor.max(place);
    }
    Ok(floor)
}

/// A page in the order of cost.
pub(crate) fn by_cost(
    conn: &mut Conn,
    filter: &LogFilter,
    order: CostOrder,
    floor: Option<LogCursor>,
    after: Option<CostCursor>,
    limit: u16,
) -> Result<Vec<LogRow>, QueryError> {
    let mut found: Vec<RequestLogRow> = Vec::new();
    for model in ModelColumn::of(filter) {
        let mut query = matching!(filter, *model, RequestLogRow::as_select())
            .filter(request_logs::cost.is_not_null())
            .limit(i64::from(limit));
        if let Some(floor) = floor {
            let (at, id) = (At(floor.occurred_at), Id(floor.request_id.uuid()));
            let same_instant = request_logs::occurred_at
                .eq(at)
                .and(request_logs::request_id.gt(id));
            query = query
                .filter(request_logs::occurred_at.ge(at))
                .filter(request_logs::occurred_at.gt(at).or(same_instant));
        }
        let place = after.map(|after| (Money(after.cost), Id(after.request_id.uuid())));
        query = match order {
            CostOrder::CostliestFirst => {
                if let Some((cost, id)) = place {
                    let same_cost = request_logs::cost.eq(cost).and(request_logs::request_id.lt(id));
                    query = query.filter(request_logs::cost.lt(cost).or(same_cost));
                }
                query.order((request_logs::cost.desc(), request_logs::request_id.desc()))
            }
            CostOrder::CheapestFirst => {
                if let Some((cost, id)) = place {
                    let same_cost = request_logs::cost.eq(cost).and(request_logs::request_id.gt(id));
                    query = query.filter(request_logs::cost.gt(cost).or(same_cost));
                }
                query.order((request_logs::cost.asc(), request_logs::request_id.asc()))
            }
        };
        found.extend(query.load::<RequestLogRow>(conn)?);
    }
    let by_cost = |one: &LogRow, other: &LogRow| {
        let order_of_cost = (one.cost, one.request_id).cmp(&(other.cost, other.request_id));
        match order {
            CostOrder::CostliestFirst => order_of_cost.reverse(),
            CostOrder::CheapestFirst => order_of_cost,
        }
    };
    merged(found, by_cost, limit)
}

/// Finished rows in the order in which they changed.
pub(crate) fn changed(
    conn: &mut Conn,
    filter: &LogFilter,
    after: ChangeCursor,
    limit: u16,
) -> Result<Vec<LogRow>, QueryError> {
    let (at, id) = (At(after.changed_at), Id(after.request_id.uuid()));
    let mut found: Vec<RequestLogRow> = Vec::new();
    for model in ModelColumn::of(filter) {
        let same_instant = request_logs::changed_at
            .eq(at)
            .and(request_logs::request_id.gt(id));
        let rows: Vec<RequestLogRow> = matching!(filter, *model, RequestLogRow::as_select())
            .filter(request_logs::changed_at.ge(at))
            .filter(request_logs::changed_at.gt(at).or(same_instant))
            .order((request_logs::changed_at.asc(), request_logs::request_id.asc()))
            .limit(i64::from(limit))
            .load(conn)?;
        found.extend(rows);
    }
    let by_change = |one: &LogRow, other: &LogRow| {
        (one.changed_at, one.request_id).cmp(&(other.changed_at, other.request_id))
    };
    merged(found, by_change, limit)
}

/// One row.
pub(crate) fn find(conn: &mut Conn, id: RequestId) -> Result<Option<LogRow>, QueryError> {
    let row = request_logs::table
        .find(Id(id.uuid()))
        .select(RequestLogRow::as_select())
        .first(conn)
        .optional()?;
    Ok(row.map(LogRow::try_from).transpose()?)
}

/// Removes what was admitted before an instant: whole partitions, and of the rest at most `limit` rows.
pub(crate) fn prune(conn: &mut Conn, before: Timestamp, limit: u32) -> Result<PrunedLogs, QueryError> {
    let partitions = dialect::drop_log_partitions(conn, before)?;
    let rows = dialect::write(conn, |conn| {
        let deleted = sql_query(PRUNE)
            .bind::<Instant, _>(At(before))
            .bind::<BigInt, _>(i64::from(limit))
            .execute(conn)?;
        Ok(deleted)
    })?;
    Ok(PrunedLogs {
        rows: u64::try_from(rows).unwrap_or(0),
        partitions,
    })
}

/// What several queries found, each row once, in order.
fn merged(
    found: Vec<RequestLogRow>,
    order: impl Fn(&LogRow, &LogRow) -> Ordering,
    limit: u16,
) -> Result<Vec<LogRow>, QueryError> {
    let rows: Result<Vec<LogRow>, _> = found.into_iter().map(LogRow::try_from).collect();
    let mut rows = rows?;
    rows.sort_by(order);
    rows.dedup_by_key(|row| row.request_id);
    rows.truncate(usize::from(limit));
    Ok(rows)
}
