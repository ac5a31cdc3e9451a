//! Sums of days with fewer dimensions: adding to them, and adding them up anew.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_query;
use diesel::upsert::excluded;
use tollgate_domain::ports::SumGroup;
use tollgate_domain::{AccountingZone, MoneyError, RollupKey, RollupSpan, RollupValues};

use super::sum_source::column;
use super::{Conn, dialect};
use crate::cube::{Cube, Place, spread};
use crate::error::{Corrupt, QueryError};
use crate::rows::{GroupRow, SumRow};
use crate::schema::rollup_groups;
use crate::sum_columns::{added_up, with_columns};

/// Rows a statement: 25 columns of each, below both databases' limits on parameters.
const ROWS: usize = 1_000;

/// Adds what quarter hours of all combinations bring, in the order of the places.
pub(super) fn add(
    conn: &mut Conn,
    quarters: &BTreeMap<RollupKey, RollupValues>,
    zone: AccountingZone,
) -> Result<(), QueryError> {
    let mut places: BTreeMap<Place, RollupValues> = BTreeMap::new();
    let add = |sum: &mut RollupValues, values: &RollupValues| {
        *sum = sum.checked_add(*values)?;
        Ok(())
    };
    spread(quarters, RollupSpan::Day, |at| zone.day(at).0, &mut places, add)
        .map_err(|error: MoneyError| Corrupt::new("rollup", error.to_string()))?;
    places.retain(|_, values| *values != RollupValues::default());
    let rows = places
        .into_iter()
        .map(|(place, values)| GroupRow::new(place, &values));
    let rows: Vec<GroupRow> = rows.collect();
    for chunk in rows.chunks(ROWS) {
        diesel::insert_into(rollup_groups::table)
            .values(chunk)
            .on_conflict((
                rollup_groups::dims,
                rollup_groups::span,
                rollup_groups::one,
                rollup_groups::bucket,
                rollup_groups::two,
                rollup_groups::writer,
            ))
            .do_update()
            .set(with_columns!(values added_up! rollup_groups:))
            .execute(conn)?;
    }
    Ok(())
}

/// Adds all up anew from the days of all combinations, for a database that has these already.
pub(super) fn fill(conn: &mut Conn) -> Result<(), QueryError> {
    diesel::delete(rollup_groups::table).execute(conn)?;
    let columns: Vec<&str> = SumRow::COUNTS.into_iter().chain(SumRow::AMOUNTS).collect();
    let sums: Vec<String> = columns.iter().map(|column| format!("SUM({column})")).collect();
    for cube in Cube::ALL {
        let (one, two) = (member(cube.one), member(cube.two));
        let by = [cube.one, cube.two].into_iter().flatten().map(column);
        let by: Vec<&str> = ["span", "bucket", "writer"].into_iter().chain(by).collect();
        let statement = format!(
            "INSERT INTO rollup_groups (dims, span, one, bucket, two, writer, {})
             SELECT '{}', span, {one}, bucket, {two}, writer, {} FROM rollup_spans WHERE span = 'day' GROUP BY {}",
            columns.join(", "),
            cube.name,
            sums.join(", "),
            by.join(", "),
        );
        sql_query(statement).execute(conn)?;
    }
    Ok(())
}

/// SQL for a member.
fn member(dimension: Option<SumGroup>) -> String {
    match dimension {
        None => "''".to_owned(),
        Some(dimension @ (SumGroup::Upstream | SumGroup::Key)) => dialect::id_digits(column(dimension)),
        Some(dimension) => column(dimension).to_owned(),
    }
}
