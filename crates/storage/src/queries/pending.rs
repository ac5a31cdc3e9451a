//! What transactions add to the sums: kept with them, and added up together.
//!
//! A transaction of the writer adds one row. Rows are added up when there are many or the first is some seconds old, and
//! before every report, which so shows all that is committed. Only the holder of one lock adds up, so counts that are
//! merged here rather than by the database are never merged twice at a time.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use diesel::prelude::*;
use tollgate_domain::{
    JournaledEntry, MoneyError, RollupKey, RollupValues, Timestamp, collect_extras, collect_latencies,
    collect_rollups, quarter_start,
};

use super::{Conn, changes_of, derived, dialect, entries, frames, gathering, quarters, rollups};
use crate::error::{Corrupt, QueryError};
use crate::pending::Delta;
use crate::rows::{RequestRollupKey, Tally};
use crate::schema::pending_sums;
use crate::value::At;

/// Rows that are added up at a time, and that make it worth while.
const ROWS: i64 = 250;
/// Entries that make it worth while.
const ENTRIES: i64 = 2_000;
/// How long a row waits at most while others are written.
const WAIT: TimeDelta = TimeDelta::seconds(5);

/// Keeps what new entries, conflicts and finished requests bring.
pub(super) fn keep(
    conn: &mut Conn,
    fresh: &[&JournaledEntry],
    conflicts: &[entries::Conflict],
    ended: &BTreeMap<RequestRollupKey, i64>,
    at: Timestamp,
) -> Result<(), QueryError> {
    let zone = derived::zone(conn)?;
    let changes = changes_of::of_fresh(conn, fresh)?;
    let mut delta = Delta {
        sums: collect_rollups(&changes, quarter_start).map_err(Corrupt::of("rollup"))?,
        tallies: tallied(fresh, ended)?,
        ..Delta::default()
    };
    gathering::gather(&changes, zone, &mut delta.gathering)?;
    for conflict in conflicts {
        conflict.gather(zone, &mut delta.gathering)?;
    }
    if delta.is_empty() {
        return Ok(());
    }
    diesel::insert_into(pending_sums::table)
        .values((
            pending_sums::recorded_at.eq(At(at)),
            pending_sums::entries.eq(i64::try_from(fresh.len()).unwrap_or(i64::MAX)),
            pending_sums::body.eq(delta.to_bytes()),
        ))
        .execute(conn)?;
    Ok(())
}

fn tallied(
    fresh: &[&JournaledEntry],
    ended: &BTreeMap<RequestRollupKey, i64>,
) -> Result<BTreeMap<RollupKey, Tally>, QueryError> {
    let mut tallies: BTreeMap<RollupKey, Tally> = BTreeMap::new();
    for (key, histogram) in collect_latencies(fresh.iter().copied()) {
        tallies.entry(key).or_default().counts.add_latencies(&histogram);
    }
    for (key, extras) in collect_extras(fresh.iter().copied()).map_err(Corrupt::of("rollup"))? {
        let tally = tallies.entry(key).or_default();
        tally.extras.add(&extras).map_err(Corrupt::of("rollup"))?;
    }
    for (key, requests) in ended {
        let requests = u64::try_from(*requests).unwrap_or(0);
        let counts = &mut tallies.entry(key.key.clone()).or_default().counts;
        counts.add_requests(&key.error_origin, key.status_class, requests)?;
    }
    Ok(tallies)
}

/// Whether anything waits.
pub(crate) fn any(conn: &mut Conn) -> Result<bool, QueryError> {
    let first = pending_sums::table.select(pending_sums::id).limit(1);
    Ok(first.first::<i64>(conn).optional()?.is_some())
}

/// Whether enough waits, or has waited long enough.
pub(super) fn is_due(conn: &mut Conn, now: Timestamp) -> Result<bool, QueryError> {
    let waiting: Vec<(At, i64)> = pending_sums::table
        .order(pending_sums::id)
        .limit(ROWS)
        .select((pending_sums::recorded_at, pending_sums::entries))
        .load(conn)?;
    let entries: i64 = waiting.iter().map(|(_, entries)| entries).sum();
    // Of a clock that was set back, too.
    let is_old = waiting
        .first()
        .is_some_and(|(first, _)| (now - first.0).abs() >= WAIT);
    let are_many = waiting.len() >= usize::try_from(ROWS).unwrap_or(usize::MAX);
    Ok(is_old || are_many || entries >= ENTRIES)
}

/// Adds up all that waits.
pub(crate) fn add_up(conn: &mut Conn) -> Result<(), QueryError> {
    loop {
        let added = dialect::write(conn, |conn| {
            dialect::lock_sums(conn)?;
            add_some(conn)
        })?;
        if added < ROWS {
            return Ok(());
        }
    }
}

/// Adds up the first of what waits, in a transaction that holds the lock; how many rows.
pub(super) fn add_some(conn: &mut Conn) -> Result<i64, QueryError> {
    let rows: Vec<(i64, At, Vec<u8>)> = pending_sums::table
        .order(pending_sums::id)
        .limit(ROWS)
        .select((pending_sums::id, pending_sums::recorded_at, pending_sums::body))
        .load(conn)?;
    // Of many reports that waited for the lock, the first added it up.
    if rows.is_empty() {
        return Ok(0);
    }
    let mut all = Delta::default();
    let mut late: BTreeMap<Timestamp, BTreeMap<RollupKey, RollupValues>> = BTreeMap::new();
    let mut ids = Vec::with_capacity(rows.len());
    for (id, recorded, body) in rows {
        let delta = Delta::from_bytes(&body)?;
        let recorded = quarter_start(recorded.0);
        let of_late = delta
            .sums
            .iter()
            .filter(|(key, _)| rollups::is_late(key.bucket, recorded));
        for (key, values) in of_late {
            add(late.entry(recorded).or_default(), key.clone(), *values).map_err(Corrupt::of("rollup"))?;
        }
        for (key, values) in delta.sums {
            add(&mut all.sums, key, values).map_err(Corrupt::of("rollup"))?;
        }
        for (key, tally) in delta.tallies {
            let sum = all.tallies.entry(key).or_default();
            sum.add(&tally).map_err(Corrupt::of("rollup"))?;
        }
        gathering::merge(&mut all.gathering, delta.gathering)?;
        ids.push(id);
    }
    let zone = derived::zone(conn)?;
    rollups::add(conn, &all.sums)?;
    for (recorded, sums) in late {
        rollups::add_late(conn, recorded, &sums)?;
    }
    quarters::add(conn, &all.tallies)?;
    frames::add(conn, zone, &all.sums, &all.tallies)?;
    gathering::add(conn, &all.gathering, zone)?;
    diesel::delete(pending_sums::table.filter(pending_sums::id.eq_any(&ids))).execute(conn)?;
    Ok(i64::try_from(ids.len()).unwrap_or(i64::MAX))
}

fn add(
    sums: &mut BTreeMap<RollupKey, RollupValues>,
    key: RollupKey,
    values: RollupValues,
) -> Result<(), MoneyError> {
    let sum = sums.entry(key).or_default();
    *sum = sum.checked_add(values)?;
    Ok(())
}
