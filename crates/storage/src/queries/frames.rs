//! Sums with fewer dimensions, in rows of many buckets: adding to them, reading them, and making them anew.

use std::collections::{BTreeMap, HashMap};

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Text;
use diesel::upsert::excluded;
use tollgate_domain::ports::SumGroup;
use tollgate_domain::{AccountingZone, RollupKey, RollupSpan, RollupValues, Timestamp};

use super::quarters::{self, Tallies};
use super::readings::Reading;
use super::sum_source::{Asked, Source, member_text};
use super::{Conn, combined, dialect};
use crate::cube::{Cube, Place};
use crate::error::{Corrupt, QueryError};
use crate::frame::{Bucket, Combined, Frame, Holds, Stored, begins, merged, place_of};
use crate::rows::{FrameRow, MemberFrameRow, StoredFrameRow};
use crate::schema::{rollup_combined, rollup_frames};
use crate::sql_type::Instant;
use crate::value::At;

/// Rows a statement: 8 columns of each, below both databases' limits on parameters.
const ROWS: usize = 1_000;
/// The spans of rows: what is left of a range at its ends is read from the quarter hours of all combinations.
const SPANS: [RollupSpan; 2] = [RollupSpan::Hour, RollupSpan::Day];

/// Adds what quarter hours of all combinations bring, to the longer buckets of these, too.
pub(super) fn add(
    conn: &mut Conn,
    zone: AccountingZone,
    values: &BTreeMap<RollupKey, RollupValues>,
    tallies: &Tallies,
) -> Result<(), QueryError> {
    let mut all: BTreeMap<&RollupKey, Combined> = BTreeMap::new();
    for (key, values) in values {
        all.entry(key).or_default().sums.values = *values;
    }
    for (key, tally) in tallies {
        let combined = all.entry(key).or_default();
        combined.sums.extras = tally.extras;
        (combined.sums.requests, combined.latencies) = tally.counts.clone().parted();
    }
    for span in SPANS {
        combined::put(conn, (span, zone), &all)?;
        put(conn, (Holds::Sums, span, zone), &all, |combined| &combined.sums)?;
        put(conn, (Holds::Latencies, span, zone), &all, |combined| {
            &combined.latencies
        })?;
    }
    Ok(())
}

/// Adds to the rows of all places, in their order. Buckets are merged here: no two processes write one row.
fn put<T: Bucket>(
    conn: &mut Conn,
    (holds, span, zone): (Holds, RollupSpan, AccountingZone),
    quarters: &BTreeMap<&RollupKey, Combined>,
    part: impl Fn(&Combined) -> &T,
) -> Result<(), QueryError> {
    let mut places: BTreeMap<Place, Frame<T>> = BTreeMap::new();
    let parts = quarters.iter().map(|(key, combined)| (key, part(combined)));
    for (key, quarter) in parts.filter(|(_, part)| !part.is_nothing()) {
        let (row, distance) = place_of(holds, span, key.bucket, zone)?;
        for cube in Cube::ALL {
            let frame = places.entry(cube.place(key, span, row)).or_default();
            let bucket = frame.entry(distance).or_default();
            bucket.add(quarter).map_err(Corrupt::of("rollup"))?;
        }
    }
    let places: Vec<(Place, Frame<T>)> = places.into_iter().collect();
    for chunk in places.chunks(ROWS) {
        let keys: Vec<&Place> = chunk.iter().map(|(place, _)| place).collect();
        let stored = stored(conn, holds, &keys)?;
        let mut rows = Vec::with_capacity(chunk.len());
        for (place, changes) in chunk {
            let before = stored.get(place).map_or(&[][..], Vec::as_slice);
            rows.push(FrameRow::new(holds, place.clone(), merged(before, changes)?));
        }
        diesel::insert_into(rollup_frames::table)
            .values(rows)
            .on_conflict((
                rollup_frames::dims,
                rollup_frames::holds,
                rollup_frames::span,
                rollup_frames::one,
                rollup_frames::bucket,
                rollup_frames::two,
                rollup_frames::writer,
            ))
            .do_update()
            .set(rollup_frames::buckets.eq(excluded(rollup_frames::buckets)))
            .execute(conn)?;
    }
    Ok(())
}

/// The buckets that are stored at places, of those that are there.
fn stored<'p>(
    conn: &mut Conn,
    holds: Holds,
    places: &[&'p Place],
) -> Result<HashMap<&'p Place, Vec<u8>>, QueryError> {
    let rows = places.iter().zip(0_usize..).map(|(place, row)| {
        format!(
            "('{}', '{}', ${}, {}, ${}, {}, {row})",
            place.dims,
            place.span,
            2 * row + 1,
            dialect::instant_literal(place.row),
            2 * row + 2,
            dialect::id_literal(place.writer.uuid()),
        )
    });
    let rows: Vec<String> = rows.collect();
    let statement = format!(
        "SELECT CAST(p.column7 AS BIGINT) AS place, f.buckets AS buckets
         FROM (VALUES {}) AS p CROSS JOIN rollup_frames f
         WHERE f.dims = p.column1 AND f.holds = '{}' AND f.span = p.column2 AND f.one = p.column3
             AND f.bucket = p.column4 AND f.two = p.column5 AND f.writer = p.column6",
        rows.join(", "),
        holds.as_str(),
    );
    let mut query = sql_query(statement).into_boxed::<dialect::Backend>();
    for place in places {
        query = query
            .bind::<Text, _>(place.one.as_str())
            .bind::<Text, _>(place.two.as_str());
    }
    let found: Vec<StoredFrameRow> = query.load(conn)?;
    let found = found.into_iter().filter_map(|row| {
        let place = places.get(usize::try_from(row.place).ok()?)?;
        Some((*place, row.buckets))
    });
    Ok(found.collect())
}

/// Hands out what each bucket that is meant holds, by member.
pub(super) fn read(
    conn: &mut Conn,
    (asked, cube): (Asked<'_>, Cube),
    (holds, zone): (Holds, AccountingZone),
    reading: &Reading,
    take: impl FnMut(Timestamp, &str, &[u8]) -> Result<(), Corrupt>,
) -> Result<(), QueryError> {
    let span = reading.extent.span;
    let row = holds.row(span, reading.extent.from, zone);
    let source = Source::of_cube(cube, (holds, span), asked);
    load(conn, (source, row), asked.group, reading, take)
}

/// Hands out what each bucket that is meant holds, of a table of such rows, from the row that begins at an instant.
pub(super) fn load(
    conn: &mut Conn,
    (source, row): (Source, Timestamp),
    group: Option<SumGroup>,
    reading: &Reading,
    mut take: impl FnMut(Timestamp, &str, &[u8]) -> Result<(), Corrupt>,
) -> Result<(), QueryError> {
    let statement = format!(
        "SELECT bucket, {} AS member, buckets FROM {} WHERE bucket >= $1 AND bucket < $2{}",
        source.member, source.table, source.conditions,
    );
    let mut query = sql_query(statement)
        .into_boxed::<dialect::Backend>()
        .bind::<Instant, _>(At(row))
        .bind::<Instant, _>(At(reading.extent.until));
    for text in source.texts {
        query = query.bind::<Text, _>(text);
    }
    for row in query.load::<MemberFrameRow>(conn)? {
        let member = member_text(group, row.member);
        for bucket in Stored::new(&row.buckets) {
            let (distance, bytes) = bucket?;
            let at = begins(row.bucket.0, distance);
            if reading.has(at) {
                take(at, &member, bytes)?;
            }
        }
    }
    Ok(())
}

/// Makes all anew from the quarter hours, which do not depend on the zone: day by day.
pub(super) fn fill(conn: &mut Conn, zone: AccountingZone) -> Result<(), QueryError> {
    diesel::delete(rollup_frames::table).execute(conn)?;
    diesel::delete(rollup_combined::table).execute(conn)?;
    let mut from = Timestamp::UNIX_EPOCH;
    while let Some(first) = quarters::first(conn, from)? {
        let until = zone.day(first).1;
        let values = quarters::values(conn, (first, until))?;
        let tallies = quarters::tallies(conn, (first, until))?;
        add(conn, zone, &values, &tallies)?;
        from = until;
    }
    Ok(())
}
