//! Sums with fewer dimensions, in rows of many buckets: adding to them, reading them, and making them anew.

use std::collections::BTreeMap;

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
/// Quarter hours of combinations that are added at a time when all is made anew: some hundred megabytes.
const FILLED: usize = 150_000;
/// The spans of rows: what is left of a range at its ends is read from the quarter hours of all combinations.
const SPANS: [RollupSpan; 2] = [RollupSpan::Hour, RollupSpan::Day];

/// The buckets of a row that are meant: when each begins, and what it holds.
pub(super) struct Buckets<'r> {
    row: Timestamp,
    stored: Stored<'r>,
    reading: &'r Reading,
}

impl<'r> Iterator for Buckets<'r> {
    type Item = Result<(Timestamp, &'r [u8]), Corrupt>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.stored.next()? {
                Err(corrupt) => return Some(Err(corrupt)),
                Ok((distance, bytes)) => {
                    let at = begins(self.row, distance);
                    if self.reading.has(at) {
                        return Some(Ok((at, bytes)));
                    }
                }
            }
        }
    }
}

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
    let parts = quarters.iter().map(|(key, combined)| (key, part(combined)));
    let parts = parts.filter(|(_, part)| !part.is_nothing());
    let parts: Vec<(&RollupKey, Timestamp, u32, &T)> = parts
        .map(|(key, part)| {
            let (row, distance) = place_of(holds, span, key.bucket, zone)?;
            Ok((*key, row, distance, part))
        })
        .collect::<Result<_, Corrupt>>()?;
    let mut all: Vec<(Cube, Place, Frame<T>)> = Vec::new();
    for cube in Cube::ALL {
        let mut places: BTreeMap<Place, Frame<T>> = BTreeMap::new();
        for (key, row, distance, part) in &parts {
            let frame = places.entry(cube.place(key, *row)).or_default();
            let bucket = frame.entry(*distance).or_default();
            bucket.add(part).map_err(Corrupt::of("rollup"))?;
        }
        all.extend(places.into_iter().map(|(place, frame)| (cube, place, frame)));
    }
    for chunk in all.chunks(ROWS) {
        let stored = stored(conn, (holds, span), chunk)?;
        let mut rows = Vec::with_capacity(chunk.len());
        for ((cube, place, changes), before) in chunk.iter().zip(stored) {
            rows.push(FrameRow::new(
                (*cube, holds, span),
                place,
                merged(&before, changes)?,
            ));
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

/// The buckets that are stored at each place.
fn stored<T>(
    conn: &mut Conn,
    (holds, span): (Holds, RollupSpan),
    places: &[(Cube, Place, T)],
) -> Result<Vec<Vec<u8>>, QueryError> {
    let rows = places.iter().zip(0_usize..).map(|((cube, place, _), row)| {
        format!(
            "('{}', {}, {}, {}, {}, {row})",
            cube.name,
            dialect::parameter(2 * row + 1),
            dialect::instant_literal(place.row),
            dialect::parameter(2 * row + 2),
            dialect::id_literal(place.writer.uuid()),
        )
    });
    let rows: Vec<String> = rows.collect();
    let statement = format!(
        "SELECT CAST(p.column6 AS BIGINT) AS place, f.buckets AS buckets
         FROM (VALUES {}) AS p CROSS JOIN rollup_frames f
         WHERE f.dims = p.column1 AND f.holds = '{}' AND f.span = '{}' AND f.one = p.column2
             AND f.bucket = p.column3 AND f.two = p.column4 AND f.writer = p.column5",
        rows.join(", "),
        holds.as_str(),
        span.as_str(),
    );
    let texts = places
        .iter()
        .map(|(_, place, _)| [place.one.as_str(), place.two.as_str()]);
    stored_at(conn, &statement, texts)
}

/// The buckets a statement finds, by the number of their place; each place binds two texts.
pub(super) fn stored_at<'p>(
    conn: &mut Conn,
    statement: &str,
    texts: impl ExactSizeIterator<Item = [&'p str; 2]>,
) -> Result<Vec<Vec<u8>>, QueryError> {
    let mut found = vec![Vec::new(); texts.len()];
    let mut query = sql_query(statement).into_boxed::<dialect::Backend>();
    for [first, second] in texts {
        query = query.bind::<Text, _>(first).bind::<Text, _>(second);
    }
    for row in query.load::<StoredFrameRow>(conn)? {
        let place = usize::try_from(row.place).map_err(Corrupt::of("place"))?;
        if let Some(buckets) = found.get_mut(place) {
            *buckets = row.buckets;
        }
    }
    Ok(found)
}

/// Hands out the rows of members with the buckets that are meant; a member may have several.
pub(super) fn read(
    conn: &mut Conn,
    (asked, cube): (Asked<'_>, Cube),
    (holds, zone): (Holds, AccountingZone),
    reading: &Reading,
    take: impl FnMut(String, Buckets<'_>) -> Result<(), Corrupt>,
) -> Result<(), QueryError> {
    let span = reading.extent.span;
    let row = holds.row(span, reading.extent.from, zone);
    let source = Source::of_cube(cube, (holds, span), asked);
    load(conn, (source, row), asked.group, reading, take)
}

/// The same of any table of such rows, from the row that begins at an instant.
pub(super) fn load(
    conn: &mut Conn,
    (source, row): (Source, Timestamp),
    group: Option<SumGroup>,
    reading: &Reading,
    mut take: impl FnMut(String, Buckets<'_>) -> Result<(), Corrupt>,
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
        let buckets = Buckets {
            row: row.bucket.0,
            stored: Stored::new(&row.buckets),
            reading,
        };
        take(member_text(group, row.member), buckets)?;
    }
    Ok(())
}

/// Makes all anew from the quarter hours, which do not depend on the zone: days at a time, for a row is written again
/// with each time, and as many as fit into memory.
pub(super) fn fill(conn: &mut Conn, zone: AccountingZone) -> Result<(), QueryError> {
    diesel::delete(rollup_frames::table).execute(conn)?;
    diesel::delete(rollup_combined::table).execute(conn)?;
    let (mut from, mut days) = (Timestamp::UNIX_EPOCH, 1);
    while let Some(first) = quarters::first(conn, from)? {
        let until = days_after(zone, first, days);
        let values = quarters::values(conn, (first, until))?;
        let tallies = quarters::tallies(conn, (first, until))?;
        add(conn, zone, &values, &tallies)?;
        let a_day = values.len().max(tallies.len()).div_ceil(days).max(1);
        days = (FILLED / a_day).clamp(1, 31);
        from = until;
    }
    Ok(())
}

/// The end of so many days from that of an instant.
fn days_after(zone: AccountingZone, first: Timestamp, days: usize) -> Timestamp {
    let ends = std::iter::successors(Some(zone.day(first).1), |end| Some(zone.day(*end).1));
    ends.take(days).last().unwrap_or(first)
}
