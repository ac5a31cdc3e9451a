//! Quarter hours of all combinations: adding latencies, speed, caching and finished requests, and reading everything.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::upsert::excluded;
use tollgate_domain::{
    Histogram, LatencyBin, LatencyMetric, RollupExtras, RollupKey, RollupValues, Timestamp,
};

use super::Conn;
use crate::error::{Corrupt, QueryError};
use crate::rows::{
    ExtrasColumns, ExtrasRow, HistogramRow, KeyColumns, RequestRollupRow, Tally, ValueColumns,
};
use crate::schema::{request_rollups, rollup_extras, rollup_histograms, rollups};
use crate::sum_columns::{added_up, key_columns, listed, with_columns};
use crate::value::At;

/// Rows a statement: at most 11 columns of each, below both databases' limits on parameters.
const ROWS: usize = 2_000;

/// What statistics need beside sums, by quarter hour.
pub(super) type Tallies = BTreeMap<RollupKey, Tally>;

/// Inserts rows, or adds to those that are there.
macro_rules! upsert {
    ($conn:ident, $rows:expr, $table:ident by $($further:ident),*; adding $added:expr) => {
        for chunk in $rows.chunks(ROWS) {
            diesel::insert_into($table::table)
                .values(chunk)
                .on_conflict((
                    $table::bucket,
                    $table::writer,
                    $table::key_id,
                    $table::team,
                    $table::upstream_id,
                    $table::model,
                    $($table::$further,)*
                ))
                .do_update()
                .set($added)
                .execute($conn)?;
        }
    };
}

/// In key order, so that two writers cannot wait for each other.
pub(super) fn add(conn: &mut Conn, tallies: &Tallies) -> Result<(), QueryError> {
    let bins = tallies.iter().flat_map(|(key, tally)| {
        let bins = tally.counts.histogram().into_iter();
        bins.map(|((metric, bin), count)| HistogramRow::new(key, metric, bin, count))
    });
    let bins: Vec<HistogramRow> = bins.collect();
    let added = rollup_histograms::count.eq(rollup_histograms::count + excluded(rollup_histograms::count));
    upsert!(conn, bins, rollup_histograms by metric, bin; adding added);
    let extras = tallies
        .iter()
        .filter(|(_, tally)| tally.extras != RollupExtras::default());
    let extras: Vec<ExtrasRow> = extras
        .map(|(key, tally)| ExtrasRow::new(key, &tally.extras))
        .collect();
    upsert!(conn, extras, rollup_extras by; adding with_columns!(extras added_up! rollup_extras:));
    let requests = tallies.iter().flat_map(|(key, tally)| {
        let requests = tally.counts.requests().into_iter();
        requests.map(|((origin, class), count)| RequestRollupRow::new(key, origin, class, count))
    });
    let requests: Vec<RequestRollupRow> = requests.collect();
    let added = request_rollups::requests.eq(request_rollups::requests + excluded(request_rollups::requests));
    upsert!(conn, requests, request_rollups by error_origin, status_class; adding added);
    Ok(())
}

/// The first bucket of a table from an instant on.
macro_rules! next_bucket {
    ($conn:ident, $table:ident, $from:expr) => {
        $table::table
            .filter($table::bucket.ge(At($from)))
            .order($table::bucket)
            .select($table::bucket)
            .first::<At>($conn)
            .optional()?
    };
}

/// The first quarter hour with anything from an instant on.
pub(super) fn first(conn: &mut Conn, from: Timestamp) -> Result<Option<Timestamp>, QueryError> {
    let found = [
        next_bucket!(conn, rollups, from),
        next_bucket!(conn, rollup_histograms, from),
        next_bucket!(conn, rollup_extras, from),
        next_bucket!(conn, request_rollups, from),
    ];
    Ok(found.into_iter().flatten().min().map(|at| at.0))
}

/// The rows of a table between two instants: their keys and some columns.
macro_rules! quarters {
    ($conn:ident, $table:ident, $range:expr, $columns:expr) => {{
        let (from, until) = $range;
        $table::table
            .filter($table::bucket.ge(At(from)))
            .filter($table::bucket.lt(At(until)))
            .select((key_columns!($table), $columns))
            .load($conn)?
    }};
}

/// Amounts and counts between two instants.
pub(super) fn values(
    conn: &mut Conn,
    range: (Timestamp, Timestamp),
) -> Result<BTreeMap<RollupKey, RollupValues>, QueryError> {
    let columns = with_columns!(values listed! rollups:);
    let rows: Vec<(KeyColumns, ValueColumns)> = quarters!(conn, rollups, range, columns);
    let values = rows.into_iter().map(|(key, values)| (key.into(), values.into()));
    Ok(values.collect())
}

/// The rest between two instants.
pub(super) fn tallies(conn: &mut Conn, range: (Timestamp, Timestamp)) -> Result<Tallies, QueryError> {
    let mut tallies = Tallies::new();
    read_histograms(conn, range, &mut tallies)?;
    read_extras(conn, range, &mut tallies)?;
    read_requests(conn, range, &mut tallies)?;
    Ok(tallies)
}

fn read_histograms(
    conn: &mut Conn,
    range: (Timestamp, Timestamp),
    tallies: &mut Tallies,
) -> Result<(), QueryError> {
    let columns = (
        rollup_histograms::metric,
        rollup_histograms::bin,
        rollup_histograms::count,
    );
    let rows: Vec<(KeyColumns, (String, i32, i64))> = quarters!(conn, rollup_histograms, range, columns);
    for (of, (metric, bin, count)) in rows {
        let metric = LatencyMetric::from_name(&metric)
            .ok_or_else(|| Corrupt::new("latency metric", format!("{metric:?} is not known")))?;
        let bin = LatencyBin(i16::try_from(bin).map_err(Corrupt::of("latency bin"))?);
        let counts = &mut tallies.entry(of.into()).or_default().counts;
        counts.add_latencies(&Histogram::from([((metric, bin), count)]));
    }
    Ok(())
}

fn read_extras(
    conn: &mut Conn,
    range: (Timestamp, Timestamp),
    tallies: &mut Tallies,
) -> Result<(), QueryError> {
    let columns = with_columns!(extras listed! rollup_extras:);
    let rows: Vec<(KeyColumns, ExtrasColumns)> = quarters!(conn, rollup_extras, range, columns);
    for (of, extras) in rows {
        let tally = tallies.entry(of.into()).or_default();
        let extras = RollupExtras::from(extras);
        tally.extras.add(&extras).map_err(Corrupt::of("rollup"))?;
    }
    Ok(())
}

fn read_requests(
    conn: &mut Conn,
    range: (Timestamp, Timestamp),
    tallies: &mut Tallies,
) -> Result<(), QueryError> {
    let columns = (
        request_rollups::error_origin,
        request_rollups::status_class,
        request_rollups::requests,
    );
    let rows: Vec<(KeyColumns, (String, i32, i64))> = quarters!(conn, request_rollups, range, columns);
    for (of, (origin, class, requests)) in rows {
        let requests = u64::try_from(requests).map_err(Corrupt::of("requests"))?;
        let counts = &mut tallies.entry(of.into()).or_default().counts;
        counts.add_requests(&origin, class, requests)?;
    }
    Ok(())
}
