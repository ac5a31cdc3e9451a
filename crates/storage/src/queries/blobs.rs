//! Bytes that are stored at places, to be merged with others.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Text;

use super::{Conn, dialect};
use crate::cube::Place;
use crate::error::QueryError;
use crate::rows::StoredBytesRow;

/// What is in a column of a table that is keyed by places, of those that are there. `span` is the column of spans, where
/// the table has one.
pub(super) fn stored<'p>(
    conn: &mut Conn,
    table: &str,
    column: &str,
    span: Option<&str>,
    places: &[&'p Place],
) -> Result<HashMap<&'p Place, Vec<u8>>, QueryError> {
    let rows = places.iter().zip(0_usize..).map(|(place, row)| {
        format!(
            "('{}', '{}', ${}, {}, ${}, {}, {row})",
            place.dims,
            place.span,
            2 * row + 1,
            dialect::instant_literal(place.bucket),
            2 * row + 2,
            dialect::id_literal(place.writer.uuid()),
        )
    });
    let rows: Vec<String> = rows.collect();
    let of_span = span.map_or_else(String::new, |span| format!(" AND t.{span} = p.column2"));
    let statement = format!(
        "SELECT CAST(p.column7 AS BIGINT) AS place, t.{column} AS bytes
         FROM (VALUES {}) AS p CROSS JOIN {table} t
         WHERE t.dims = p.column1{of_span} AND t.one = p.column3 AND t.bucket = p.column4
             AND t.two = p.column5 AND t.writer = p.column6",
        rows.join(", ")
    );
    let mut query = sql_query(statement).into_boxed::<dialect::Backend>();
    for place in places {
        query = query
            .bind::<Text, _>(place.one.as_str())
            .bind::<Text, _>(place.two.as_str());
    }
    let found: Vec<StoredBytesRow> = query.load(conn)?;
    let found = found.into_iter().filter_map(|row| {
        let place = places.get(usize::try_from(row.place).ok()?)?;
        Some((*place, row.bytes))
    });
    Ok(found.collect())
}
