//! Reading request logs.

use std::cmp::Ordering;

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Text};
use tollgate_domain::ports::{
    ChangeCursor, CostCursor, CostOrder, LogCursor, LogFilter, LogRow, PrunedLogs, TimeOrder,
};
use tollgate_domain::{RequestId, Timestamp};

use super::log_filter::{Condition, Driver, ModelColumn, conditions, driving, has_rest, unindexed};
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

/// So many requests with one beginning of the caller's request id are common: the order of time finds them as soon.
const COMMON: i64 = 5_000;

/// The rows that fulfil conditions as a boxed query, to be ordered and bounded.
macro_rules! rows {
    ($conditions:expr, $select:expr) => {{
        let mut query = request_logs::table
            .select($select)
            .into_boxed::<dialect::Backend>();
        for condition in $conditions {
            query = query.filter(condition);
        }
        query
    }};
}

/// The order of time.
macro_rules! in_order {
    ($query:expr, $order:expr) => {
        match $order {
            TimeOrder::NewestFirst => {
                $query.order((request_logs::occurred_at.desc(), request_logs::request_id.desc()))
            }
            TimeOrder::OldestFirst => {
                $query.order((request_logs::occurred_at.asc(), request_logs::request_id.asc()))
            }
        }
    };
}

/// A page in the order of time, after a place and up to another.
pub(crate) fn list(
    conn: &mut Conn,
    filter: &LogFilter,
    order: TimeOrder,
    (after, last): (Option<LogCursor>, Option<LogCursor>),
    limit: u16,
) -> Result<Vec<LogRow>, QueryError> {
    let mut found: Vec<RequestLogRow> = Vec::new();
    let driver = driver(conn, filter)?;
    for model in ModelColumn::of(driver) {
        let mut bounded = conditions(filter, driver, *model);
        bounded.extend(after.map(|after| beyond(order, after)).into_iter().flatten());
        bounded.extend(last.map(|last| up_to(order, last)).into_iter().flatten());
        let query = rows!(bounded, RequestLogRow::as_select()).limit(i64::from(limit));
        let rows = if driver == Driver::Caller {
            // Its index is not in the order of time, and what it finds is little.
            match order {
                TimeOrder::NewestFirst => query
                    .order(sql::<Text>(dialect::NEWEST_FIRST_BY_NO_INDEX))
                    .load(conn)?,
                TimeOrder::OldestFirst => query
                    .order(sql::<Text>(dialect::OLDEST_FIRST_BY_NO_INDEX))
                    .load(conn)?,
            }
        } else {
            in_order!(query, order).load::<RequestLogRow>(conn)?
        };
        found.extend(rows);
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

/// Where a page that looks at so many rows ends; `None` where there are fewer, or every row that is looked at matches.
pub(crate) fn scan_end(
    conn: &mut Conn,
    filter: &LogFilter,
    order: TimeOrder,
    after: Option<LogCursor>,
    depth: u32,
) -> Result<Option<LogCursor>, QueryError> {
    let driver = driver(conn, filter)?;
    if driver == Driver::Caller || !has_rest(filter, driver) {
        return Ok(None);
    }
    let each = depth / u32::try_from(ModelColumn::of(driver).len()).unwrap_or(1);
    candidate(conn, (filter, driver), order, after, each.saturating_sub(1))
}

/// The place of the newest row by the filter's index but `depth`: what is newer is looked at.
pub(crate) fn floor(
    conn: &mut Conn,
    filter: &LogFilter,
    depth: u32,
) -> Result<Option<LogCursor>, QueryError> {
    let driver = driver(conn, filter)?;
    candidate(conn, (filter, driver), TimeOrder::NewestFirst, None, depth)
}

/// The place of a row by the filter's index, after a place and so many others; of two models the nearer.
fn candidate(
    conn: &mut Conn,
    (filter, driver): (&LogFilter, Driver),
    order: TimeOrder,
    after: Option<LogCursor>,
    skipped: u32,
) -> Result<Option<LogCursor>, QueryError> {
    let mut nearest: Option<LogCursor> = None;
    for model in ModelColumn::of(driver) {
        let mut bounded = driving(filter, driver, *model);
        bounded.extend(after.map(|after| beyond(order, after)).into_iter().flatten());
        let query = rows!(bounded, (request_logs::occurred_at, request_logs::request_id))
            .offset(i64::from(skipped))
            .limit(1);
        let place: Option<(At, Id)> = in_order!(query, order).load(conn)?.pop();
        let place = place.map(|(at, id)| LogCursor {
            occurred_at: at.0,
            request_id: RequestId::new(id.0),
        });
        nearest = match (nearest, place, order) {
            (Some(one), Some(other), TimeOrder::NewestFirst) => Some(one.max(other)),
            (Some(one), Some(other), TimeOrder::OldestFirst) => Some(one.min(other)),
            (one, other, _) => one.or(other),
        };
    }
    Ok(nearest)
}

/// What to read by.
fn driver(conn: &mut Conn, filter: &LogFilter) -> Result<Driver, QueryError> {
    let driver = Driver::of(filter, false);
    if driver != Driver::Caller {
        return Ok(driver);
    }
    let of_caller = LogFilter {
        caller_request_id: filter.caller_request_id.clone(),
        ..LogFilter::default()
    };
    let found = rows!(
        driving(&of_caller, driver, ModelColumn::Either),
        request_logs::request_id
    )
    .order(sql::<Text>(dialect::BY_CALLER))
    .offset(COMMON)
    .limit(1);
    let is_common = found.first::<Id>(conn).optional()?.is_some();
    Ok(Driver::of(filter, is_common))
}

/// Rows after a place.
fn beyond(order: TimeOrder, place: LogCursor) -> [Condition; 2] {
    let (at, id) = (At(place.occurred_at), Id(place.request_id.uuid()));
    let same_instant = request_logs::occurred_at.eq(at);
    match order {
        TimeOrder::NewestFirst => [
            Box::new(request_logs::occurred_at.le(at).nullable()),
            Box::new(
                request_logs::occurred_at
                    .lt(at)
                    .or(same_instant.and(request_logs::request_id.lt(id)))
                    .nullable(),
            ),
        ],
        TimeOrder::OldestFirst => [
            Box::new(request_logs::occurred_at.ge(at).nullable()),
            Box::new(
                request_logs::occurred_at
                    .gt(at)
                    .or(same_instant.and(request_logs::request_id.gt(id)))
                    .nullable(),
            ),
        ],
    }
}

/// Rows up to a place, which is one of them.
fn up_to(order: TimeOrder, place: LogCursor) -> [Condition; 2] {
    let (at, id) = (At(place.occurred_at), Id(place.request_id.uuid()));
    let same_instant = request_logs::occurred_at.eq(at);
    match order {
        TimeOrder::NewestFirst => [
            Box::new(request_logs::occurred_at.ge(at).nullable()),
            Box::new(
                request_logs::occurred_at
                    .gt(at)
                    .or(same_instant.and(request_logs::request_id.ge(id)))
                    .nullable(),
            ),
        ],
        TimeOrder::OldestFirst => [
            Box::new(request_logs::occurred_at.le(at).nullable()),
            Box::new(
                request_logs::occurred_at
                    .lt(at)
                    .or(same_instant.and(request_logs::request_id.le(id)))
                    .nullable(),
            ),
        ],
    }
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
    let driver = driver(conn, filter)?;
    for model in ModelColumn::of(driver) {
        let mut bounded = conditions(filter, driver, *model);
        let newer = floor.map(|floor| beyond(TimeOrder::OldestFirst, floor));
        bounded.extend(newer.into_iter().flatten());
        let mut query = rows!(bounded, RequestLogRow::as_select())
            .filter(request_logs::cost.is_not_null())
            .limit(i64::from(limit));
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
    let same_instant = request_logs::changed_at
        .eq(at)
        .and(request_logs::request_id.gt(id));
    let rows: Vec<RequestLogRow> = rows!(unindexed(filter), RequestLogRow::as_select())
        .filter(request_logs::changed_at.ge(at))
        .filter(request_logs::changed_at.gt(at).or(same_instant))
        .order((request_logs::changed_at.asc(), request_logs::request_id.asc()))
        .limit(i64::from(limit))
        .load(conn)?;
    Ok(rows.into_iter().map(LogRow::try_from).collect::<Result<_, _>>()?)
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
