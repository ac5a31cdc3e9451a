//! Latencies, speed, caching and finished requests by quarter hours and all combinations: adding to them.

use diesel::prelude::*;
use diesel::upsert::excluded;
use tollgate_domain::RollupExtras;

use super::Conn;
use super::tallies::Tallies;
use crate::error::QueryError;
use crate::rows::{ExtrasRow, HistogramRow, RequestRollupRow};
use crate::schema::{request_rollups, rollup_extras, rollup_histograms};
use crate::sum_columns::{added_up, with_columns};

/// Rows a statement: at most 11 columns of each, below both databases' limits on parameters.
const ROWS: usize = 2_000;

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
