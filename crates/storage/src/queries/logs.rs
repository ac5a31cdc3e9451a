//! Request logs.

use std::collections::{BTreeMap, HashMap};

use diesel::prelude::*;
use diesel::upsert::excluded;
use tollgate_domain::ports::{LogCursor, LogFilter, LogRow};
use tollgate_domain::{JournaledEntry, RequestId, RequestLog, UnbilledReason};

use super::{Conn, deferred, dialect};
use crate::error::QueryError;
use crate::rows::{BillingRow, RequestLogRow};
use crate::schema::{ledger_entries, request_logs};
use crate::value::{At, Id};

const ROWS: usize = 1_000;

/// Replaces every column of the stored row.
macro_rules! replace {
    ($($column:ident),+) => {
        ($(request_logs::$column.eq(excluded(request_logs::$column)),)+)
    };
}

/// Stores finished requests, and for requests that are only known by an attempt what that tells; then bills all
/// of them anew.
pub(super) fn write(
    conn: &mut Conn,
    finished: &[RequestLog],
    fresh: &[&JournaledEntry],
) -> Result<(), QueryError> {
    let finished = finished.iter().map(RequestLogRow::of_request);
    let finished: BTreeMap<Id, RequestLogRow> = finished.map(|row| (row.request_id, row)).collect();
    // The items of a batch are many: its request is billed anew once, with the batch's own entry, which comes last.
    let whole = fresh.iter().filter(|entry| !entry.entry.is_item());
    let known_by_attempt = whole.map(|entry| RequestLogRow::of_attempt(&entry.entry));
    let known_by_attempt: BTreeMap<Id, RequestLogRow> =
        known_by_attempt.map(|row| (row.request_id, row)).collect();
    let mut ids: Vec<Id> = finished.keys().chain(known_by_attempt.keys()).copied().collect();
    ids.sort_unstable();
    ids.dedup();
    for chunk in ids.chunks(ROWS) {
        let stored = dialect::lock_logs(conn, chunk)?;
        let stored: HashMap<Id, RequestLogRow> =
            stored.into_iter().map(|row| (row.request_id, row)).collect();
        let billing = billing(conn, chunk)?;
        let waiting = deferred::waiting(conn, chunk)?;
        let mut rows = Vec::with_capacity(chunk.len());
        for id in chunk {
            let ended = stored.get(id).filter(|row| row.is_finished());
            let row = finished.get(id).or(ended).or(known_by_attempt.get(id));
            if let Some(mut row) = row.cloned() {
                row.bill(billing.get(id).map_or(&[], Vec::as_slice))?;
                if waiting.contains(id) {
                    row.await_usage();
                }
                rows.push(row);
            }
        }
        upsert(conn, &rows)?;
    }
    Ok(())
}

/// Newest first, after the cursor.
pub(crate) fn list(
    conn: &mut Conn,
    filter: LogFilter,
    after: Option<LogCursor>,
    limit: u16,
) -> Result<Vec<LogRow>, QueryError> {
    let mut query = request_logs::table
        .select(RequestLogRow::as_select())
        .order((request_logs::occurred_at.desc(), request_logs::request_id.desc()))
        .limit(i64::from(limit))
        .into_boxed::<dialect::Backend>();
    if let Some(from) = filter.from {
        query = query.filter(request_logs::occurred_at.ge(At(from)));
    }
    if let Some(until) = filter.until {
        query = query.filter(request_logs::occurred_at.lt(At(until)));
    }
    if let Some(key) = filter.key_id {
        query = query.filter(request_logs::key_id.eq(Id(key.uuid())));
    }
    if let Some(upstream) = filter.upstream_id {
        query = query.filter(request_logs::upstream_id.eq(Id(upstream.uuid())));
    }
    if let Some(model) = filter.model {
        query = query.filter(request_logs::model_requested.eq(model));
    }
    if let Some(status) = filter.status {
        query = query.filter(request_logs::status.eq(status.as_str()));
    }
    if let Some(reason) = filter.reason {
        let known = UnbilledReason::ALL.into_iter().map(UnbilledReason::as_str);
        let Some(reason) = known.into_iter().find(|known| **known == reason) else {
            return Ok(Vec::new());
        };
        // The first condition is the partial index's.
        query = query
            .filter(request_logs::reasons.ne(""))
            .filter(request_logs::reasons.like(format!("%,{reason},%")));
    }
    if let Some(after) = after {
        let (at, id) = (At(after.occurred_at), Id(after.request_id.uuid()));
        let older = request_logs::occurred_at.lt(at);
        let same_instant = request_logs::occurred_at
            .eq(at)
            .and(request_logs::request_id.lt(id));
        query = query
            .filter(request_logs::occurred_at.le(at))
            .filter(older.or(same_instant));
    }
    let rows: Vec<RequestLogRow> = query.load(conn)?;
    let logs: Result<_, _> = rows.into_iter().map(LogRow::try_from).collect();
    Ok(logs?)
}

pub(crate) fn find(conn: &mut Conn, id: RequestId) -> Result<Option<LogRow>, QueryError> {
    let row = request_logs::table
        .find(Id(id.uuid()))
        .select(RequestLogRow::as_select())
        .first(conn)
        .optional()?;
    Ok(row.map(LogRow::try_from).transpose()?)
}

fn billing(conn: &mut Conn, ids: &[Id]) -> Result<HashMap<Id, Vec<BillingRow>>, QueryError> {
    let rows: Vec<BillingRow> = ledger_entries::table
        .filter(ledger_entries::request_id.eq_any(ids))
        .select(BillingRow::as_select())
        .load(conn)?;
    let mut requests: HashMap<Id, Vec<BillingRow>> = HashMap::new();
    for row in rows {
        requests.entry(row.request_id).or_default().push(row);
    }
    Ok(requests)
}

fn upsert(conn: &mut Conn, rows: &[RequestLogRow]) -> Result<(), QueryError> {
    if rows.is_empty() {
        return Ok(());
    }
    diesel::insert_into(request_logs::table)
        .values(rows)
        .on_conflict(request_logs::request_id)
        .do_update()
        .set(replace!(
            occurred_at,
            ended_at,
            key_id,
            key_name,
            key_owner,
            key_team,
            upstream_id,
            upstream_name,
            protocol,
            path,
            stream,
            model_requested,
            http_status,
            error_origin,
            error,
            attempts,
            ttft_us,
            duration_us,
            caller_request_id,
            status,
            reason,
            reasons,
            detail,
            list_cost,
            cost,
            charge
        ))
        .execute(conn)?;
    Ok(())
}
