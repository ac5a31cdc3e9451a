//! Rollups of all combinations: adding to them.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use diesel::prelude::*;
use diesel::upsert::excluded;
use tollgate_domain::{RollupKey, RollupValues, Timestamp};

use super::Conn;
use crate::error::QueryError;
use crate::rows::{LateRow, RollupRow};
use crate::schema::{rollup_late, rollups};
use crate::sum_columns::{added_up, with_columns};
use crate::value::At;

/// Rows a statement: at most 27 columns of each, below both databases' limits on parameters.
const ROWS: usize = 1_000;

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
                .set(with_columns!(values added_up! $table:))
                .execute($conn)?;
        }
    };
}

/// Whether what is recorded in the quarter hour `recorded` comes late for a bucket: a quarter hour after it or more.
pub(super) fn is_late(bucket: Timestamp, recorded: Timestamp) -> bool {
    recorded - bucket > TimeDelta::minutes(15)
}

/// Adds to the quarter hours of all combinations. In key order, so that two writers cannot wait for each other.
pub(super) fn add(conn: &mut Conn, quarters: &BTreeMap<RollupKey, RollupValues>) -> Result<(), QueryError> {
    let rows: Vec<RollupRow> = rows(quarters, RollupRow::new);
    upsert!(conn, rows, rollups by);
    Ok(())
}

/// Adds what was recorded late, in the quarter hour `recorded`.
pub(super) fn add_late(
    conn: &mut Conn,
    recorded: Timestamp,
    late: &BTreeMap<RollupKey, RollupValues>,
) -> Result<(), QueryError> {
    let rows: Vec<LateRow> = rows(late, |key, values| LateRow::new(At(recorded), key, values));
    upsert!(conn, rows, rollup_late by recorded);
    Ok(())
}

/// What changes nothing has no row.
fn rows<R>(sums: &BTreeMap<RollupKey, RollupValues>, row: impl Fn(&RollupKey, &RollupValues) -> R) -> Vec<R> {
    let changed = sums
        .iter()
        .filter(|(_, values)| **values != RollupValues::default());
    changed.map(|(key, values)| row(key, values)).collect()
}
