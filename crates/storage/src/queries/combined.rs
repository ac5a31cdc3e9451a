//! Sums of all combinations, in rows of many buckets: adding to them, and reading them.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::upsert::excluded;
use tollgate_domain::{AccountingZone, RollupKey, RollupSpan};

use super::frames::Buckets;
use super::readings::Reading;
use super::sum_source::{Asked, Source};
use super::{Conn, dialect, frames};
use crate::error::{Corrupt, QueryError};
use crate::frame::{Bucket, Combined, Frame, Holds, merged, place_of};
use crate::rows::CombinedRow;
use crate::schema::rollup_combined;

/// Rows a statement: 8 columns of each, below both databases' limits on parameters.
const ROWS: usize = 1_000;

/// Adds to the rows of a span, in their order. Buckets are merged here: no two processes write one row.
pub(super) fn put(
    conn: &mut Conn,
    (span, zone): (RollupSpan, AccountingZone),
    quarters: &BTreeMap<&RollupKey, Combined>,
) -> Result<(), QueryError> {
    let mut places: BTreeMap<RollupKey, Frame<Combined>> = BTreeMap::new();
    for (key, quarter) in quarters {
        let (row, distance) = place_of(Holds::Both, span, key.bucket, zone)?;
        let place = RollupKey {
            bucket: row,
            ..(*key).clone()
        };
        let bucket = places.entry(place).or_default().entry(distance).or_default();
        bucket.add(quarter).map_err(Corrupt::of("rollup"))?;
    }
    let places: Vec<(RollupKey, Frame<Combined>)> = places.into_iter().collect();
    for chunk in places.chunks(ROWS) {
        let stored = stored(conn, span, chunk)?;
        let mut rows = Vec::with_capacity(chunk.len());
        for ((place, changes), before) in chunk.iter().zip(stored) {
            rows.push(CombinedRow::new(span, place, merged(&before, changes)?));
        }
        diesel::insert_into(rollup_combined::table)
            .values(rows)
            .on_conflict((
                rollup_combined::span,
                rollup_combined::bucket,
                rollup_combined::writer,
                rollup_combined::key_id,
                rollup_combined::team,
                rollup_combined::upstream_id,
                rollup_combined::model,
            ))
            .do_update()
            .set(rollup_combined::buckets.eq(excluded(rollup_combined::buckets)))
            .execute(conn)?;
    }
    Ok(())
}

/// The buckets that are stored at each place.
fn stored<T>(
    conn: &mut Conn,
    span: RollupSpan,
    places: &[(RollupKey, T)],
) -> Result<Vec<Vec<u8>>, QueryError> {
    let rows = places.iter().zip(0_usize..).map(|((place, _), row)| {
        format!(
            "({}, {}, {}, {}, {}, {}, {row})",
            dialect::instant_literal(place.bucket),
            dialect::id_literal(place.writer.uuid()),
            dialect::id_literal(place.key_id.uuid()),
            dialect::parameter(2 * row + 1),
            dialect::id_literal(place.upstream_id.uuid()),
            dialect::parameter(2 * row + 2),
        )
    });
    let rows: Vec<String> = rows.collect();
    let statement = format!(
        "SELECT CAST(p.column7 AS BIGINT) AS place, c.buckets AS buckets
         FROM (VALUES {}) AS p CROSS JOIN rollup_combined c
         WHERE c.span = '{}' AND c.bucket = p.column1 AND c.writer = p.column2 AND c.key_id = p.column3
             AND c.team = p.column4 AND c.upstream_id = p.column5 AND c.model = p.column6",
        rows.join(", "),
        span.as_str(),
    );
    let texts = places
        .iter()
        .map(|(place, _)| [place.team.as_str(), place.model.as_str()]);
    frames::stored_at(conn, &statement, texts)
}

/// Hands out the rows of members with the buckets that are meant; a member has many.
pub(super) fn read(
    conn: &mut Conn,
    asked: Asked<'_>,
    zone: AccountingZone,
    reading: &Reading,
    take: impl FnMut(String, Buckets<'_>) -> Result<(), Corrupt>,
) -> Result<(), QueryError> {
    let span = reading.extent.span;
    let row = Holds::Both.row(span, reading.extent.from, zone);
    let source = Source::of_combined(span, asked);
    frames::load(conn, (source, row), asked.group, reading, take)
}
