//! Rollups: adding what a batch of new entries brings.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use diesel::prelude::*;
use diesel::upsert::excluded;
use tollgate_domain::{
    AccountingZone, AttemptChange, JournaledEntry, RollupKey, RollupSpan, RollupValues, Timestamp,
    collect_latencies, collect_rollups, quarter_start,
};

use super::{Conn, groups};
use crate::error::{Corrupt, QueryError};
use crate::rows::{HistogramRow, LateRow, RollupRow, SpanSumRow};
use crate::schema::{rollup_histograms, rollup_late, rollup_spans, rollups};
use crate::value::At;

/// Rows a statement: at most 27 columns of each, below both databases' limits on parameters.
const ROWS: usize = 1_000;

/// Adds to the rows of a rollup table, column by column.
macro_rules! add_up {
    ($table:ident: $($column:ident),+) => {
        ($($table::$column.eq($table::$column + excluded($table::$column)),)+)
    };
}

/// Inserts rows of one of the tables that sum the same columns, or adds to those that are there.
macro_rules! upsert {
    ($conn:ident, $rows:expr, $table:ident by $($key:ident),*) => {
        for chunk in $rows.chunks(ROWS) {
            diesel::insert_into($table::table)
                .values(chunk)
                .on_conflict((
                    $($table::$key,)*
                    $table::bucket,
                    $table::writer,
                    $table::key_id,
                    $table::team,
                    $table::upstream_id,
                    $table::model,
                ))
                .do_update()
                .set(add_up!($table: requests, attempts, billed, unbilled, no_charge, estimated, input_tokens,
                    cache_read_tokens, cache_write_tokens, output_tokens, reasoning_tokens, unbilled_input_tokens,
                    unbilled_output_tokens, list_cost, cost, charge, estimated_list_cost, estimated_cost,
                    estimated_charge))
                .execute($conn)?;
        }
    };
}

/// Whether what is recorded in the quarter hour `recorded` comes late for a bucket: a quarter hour after it or more.
pub(super) fn is_late(bucket: Timestamp, recorded: Timestamp) -> bool {
    recorded - bucket > TimeDelta::minutes(15)
}

/// Adds what attempts change. In key order, so that two writers cannot wait for each other.
pub(super) fn add(
    conn: &mut Conn,
    changes: &[AttemptChange],
    zone: AccountingZone,
    at: Timestamp,
) -> Result<(), QueryError> {
    let sums = |bucket: &dyn Fn(Timestamp) -> Timestamp| {
        collect_rollups(changes, bucket).map_err(Corrupt::of("rollup"))
    };
    let quarters = sums(&quarter_start)?;
    let rows: Vec<RollupRow> = rows(&quarters, RollupRow::new);
    upsert!(conn, rows, rollups by);
    for span in [RollupSpan::Hour, RollupSpan::Day] {
        let sums = sums(&|at| span.bucket(at, zone))?;
        let rows: Vec<SpanSumRow> =
            self::rows(&sums, |key, values| SpanSumRow::new(span.as_str(), key, values));
        upsert!(conn, rows, rollup_spans by span);
    }
    groups::add(conn, &quarters, zone)?;
    let recorded = quarter_start(at);
    let late: BTreeMap<RollupKey, RollupValues> = quarters
        .into_iter()
        .filter(|(key, _)| is_late(key.bucket, recorded))
        .collect();
    let rows: Vec<LateRow> = self::rows(&late, |key, values| LateRow::new(At(recorded), key, values));
    upsert!(conn, rows, rollup_late by recorded);
    Ok(())
}

/// Counts the latencies of new attempts, in key order.
pub(super) fn count_latencies(conn: &mut Conn, fresh: &[&JournaledEntry]) -> Result<(), QueryError> {
    let latencies = collect_latencies(fresh.iter().copied());
    let bins: Vec<HistogramRow> = latencies
        .iter()
        .flat_map(|(key, histogram)| {
            let bins = histogram.iter();
            bins.map(|((metric, bin), count)| HistogramRow::new(key, *metric, *bin, *count))
        })
        .collect();
    for chunk in bins.chunks(ROWS) {
        diesel::insert_into(rollup_histograms::table)
            .values(chunk)
            .on_conflict((
                rollup_histograms::bucket,
                rollup_histograms::writer,
                rollup_histograms::key_id,
                rollup_histograms::team,
                rollup_histograms::upstream_id,
                rollup_histograms::model,
                rollup_histograms::metric,
                rollup_histograms::bin,
            ))
            .do_update()
            .set(add_up!(rollup_histograms: count))
            .execute(conn)?;
    }
    Ok(())
}

fn rows<R>(sums: &BTreeMap<RollupKey, RollupValues>, row: impl Fn(&RollupKey, &RollupValues) -> R) -> Vec<R> {
    sums.iter().map(|(key, values)| row(key, values)).collect()
}
