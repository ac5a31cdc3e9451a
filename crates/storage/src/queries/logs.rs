//! Writing request logs.

use std::collections::{BTreeMap, HashMap};

use diesel::prelude::*;
use diesel::upsert::excluded;
use tollgate_domain::{JournalId, JournaledEntry, RequestLog, Timestamp};

use super::{Conn, deferred, dialect};
use crate::error::QueryError;
use crate::rows::{BillingRow, RequestLogRow, RequestRollupKey};
use crate::schema::{ledger_entries, request_logs};
use crate::value::Id;

/// Rows a statement: 36 columns of each, below both databases' limits on parameters.
const ROWS: usize = 900;

/// Replaces every column of the stored row.
macro_rules! replace {
    ($($column:ident),+) => {
        ($(request_logs::$column.eq(excluded(request_logs::$column)),)+)
    };
}

/// Stores finished requests, and for requests that are only known by an attempt what that tells, and bills all of them
/// anew. Returns how many of them ended how whose end was not known before.
pub(super) fn write(
    conn: &mut Conn,
    writer: JournalId,
    finished: &[RequestLog],
    fresh: &[&JournaledEntry],
    at: Timestamp,
) -> Result<BTreeMap<RequestRollupKey, i64>, QueryError> {
    let finished: Result<Vec<_>, _> = finished.iter().map(RequestLogRow::of_request).collect();
    let finished: BTreeMap<Id, RequestLogRow> =
        finished?.into_iter().map(|row| (row.request_id, row)).collect();
    // The items of a batch are many: its request is billed anew once, with the batch's own entry, which comes last.
    let whole = fresh.iter().filter(|entry| !entry.entry.is_item());
    let known_by_attempt = whole.map(|entry| RequestLogRow::of_attempt(&entry.entry));
    let known_by_attempt: BTreeMap<Id, RequestLogRow> =
        known_by_attempt.map(|row| (row.request_id, row)).collect();
    let mut ids: Vec<Id> = finished.keys().chain(known_by_attempt.keys()).copied().collect();
    ids.sort_unstable();
    ids.dedup();
    let mut ended_now: BTreeMap<RequestRollupKey, i64> = BTreeMap::new();
    for chunk in ids.chunks(ROWS) {
        let stored = dialect::lock_logs(conn, chunk)?;
        let stored: HashMap<Id, RequestLogRow> =
            stored.into_iter().map(|row| (row.request_id, row)).collect();
        let billing = billing(conn, chunk)?;
        let waiting = deferred::waiting(conn, chunk)?;
        let mut rows = Vec::with_capacity(chunk.len());
        for id in chunk {
            let before = stored.get(id);
            let ended = before.filter(|row| row.is_finished());
            let row = finished.get(id).or(ended).or(known_by_attempt.get(id));
            if let Some(mut row) = row.cloned() {
                let attempts: &[BillingRow] = billing.get(id).map_or(&[], Vec::as_slice);
                row.bill(attempts)?;
                if waiting.contains(id) {
                    row.await_usage();
                }
                row.note_end(attempts, fresh, before);
                row.note_change(before, at);
                if row.is_finished() && ended.is_none() {
                    *ended_now.entry(row.rollup_key(writer)).or_default() += 1;
                }
                rows.push(row);
            }
        }
        upsert(conn, &rows)?;
    }
    Ok(ended_now)
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
            charge,
            model_served,
            finish_reason,
            input_tokens,
            cache_read_tokens,
            cache_write_tokens,
            output_tokens,
            reasoning_tokens,
            changed_at,
            routing
        ))
        .execute(conn)?;
    Ok(())
}
