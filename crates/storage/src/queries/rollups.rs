//! Rollups: adding what a batch of new entries brings.

use diesel::prelude::*;
use diesel::upsert::excluded;
use tollgate_domain::{JournaledEntry, collect_rollups};

use super::Conn;
use crate::error::{Corrupt, QueryError};
use crate::rows::{HistogramRow, RollupRow};
use crate::schema::{rollup_histograms, rollups};

const ROWS: usize = 1_000;

/// Adds to the rows of a rollup table, column by column.
macro_rules! add_up {
    ($table:ident: $($column:ident),+) => {
        ($($table::$column.eq($table::$column + excluded($table::$column)),)+)
    };
}

/// In key order, so that two writers cannot wait for each other.
pub(super) fn add(conn: &mut Conn, fresh: &[&JournaledEntry]) -> Result<(), QueryError> {
    let deltas = collect_rollups(fresh.iter().copied()).map_err(Corrupt::of("rollup"))?;
    let sums: Vec<RollupRow> = deltas.iter().map(RollupRow::from).collect();
    for chunk in sums.chunks(ROWS) {
        diesel::insert_into(rollups::table)
            .values(chunk)
            .on_conflict((
                rollups::bucket,
                rollups::writer,
                rollups::key_id,
                rollups::team,
                rollups::upstream_id,
                rollups::model,
            ))
            .do_update()
            .set(
                add_up!(rollups: attempts, billed, unbilled, no_charge, input_tokens, cache_read_tokens,
                cache_write_tokens, output_tokens, reasoning_tokens, list_cost, cost, charge, estimated_cost),
            )
            .execute(conn)?;
    }
    let bins: Vec<HistogramRow> = deltas
        .iter()
        .flat_map(|delta| {
            let bins = delta.histogram.iter();
            bins.map(|((metric, bin), count)| HistogramRow::new(&delta.key, *metric, *bin, *count))
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
