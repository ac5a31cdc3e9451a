//! Sums of hours with fewer dimensions, a row for each UTC day: adding to them, reading them, and making them anew.

use std::collections::BTreeMap;

use chrono::{TimeDelta, Timelike};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Text;
use diesel::upsert::excluded;
use tollgate_domain::{AccountingZone, MoneyError, RollupKey, RollupSpan, RollupValues, Timestamp};

use super::blobs;
use super::readings::Reading;
use super::sum_source::{Asked, Source};
use super::{Conn, dialect};
use crate::cube::{Cube, Place, spread};
use crate::error::{Corrupt, QueryError};
use crate::rows::{Hours, HoursRow, KeyColumns, MemberHoursRow, ValueColumns};
use crate::schema::{rollup_hours, rollup_spans};
use crate::sql_type::Instant;
use crate::sum_columns::{key_columns, listed, with_columns};
use crate::value::At;

/// Rows a statement: 6 columns of each, below both databases' limits on parameters.
const ROWS: usize = 1_000;

/// Adds what quarter hours of all combinations bring.
pub(super) fn add(conn: &mut Conn, quarters: &BTreeMap<RollupKey, RollupValues>) -> Result<(), QueryError> {
    let by_hour: BTreeMap<RollupKey, (u8, RollupValues)> = quarters
        .iter()
        .map(|(key, values)| (key.clone(), (hour_of(key.bucket), *values)))
        .collect();
    let mut places: BTreeMap<Place, Hours> = BTreeMap::new();
    let add = |hours: &mut Hours, (hour, values): &(u8, RollupValues)| hours.add(*hour, *values);
    spread(&by_hour, RollupSpan::Day, utc_day, &mut places, add)
        .map_err(|error: MoneyError| Corrupt::new("rollup", error.to_string()))?;
    let places: Vec<(Place, Hours)> = places.into_iter().collect();
    for chunk in places.chunks(ROWS) {
        let keys: Vec<&Place> = chunk.iter().map(|(place, _)| place).collect();
        let stored = blobs::stored(conn, "rollup_hours", "hours", None, &keys)?;
        let mut rows = Vec::with_capacity(chunk.len());
        for (place, hours) in chunk {
            let mut hours = hours.clone();
            if let Some(bytes) = stored.get(place) {
                hours.add_bytes(bytes)?;
            }
            rows.push(HoursRow::new(place.clone(), hours.to_bytes()));
        }
        diesel::insert_into(rollup_hours::table)
            .values(rows)
            .on_conflict((
                rollup_hours::dims,
                rollup_hours::one,
                rollup_hours::bucket,
                rollup_hours::two,
                rollup_hours::writer,
            ))
            .do_update()
            .set(rollup_hours::hours.eq(excluded(rollup_hours::hours)))
            .execute(conn)?;
    }
    Ok(())
}

/// Hands out the sums of each hour that is meant, by member.
pub(super) fn read(
    conn: &mut Conn,
    (asked, cube): (Asked<'_>, Cube),
    reading: &Reading,
    mut take: impl FnMut(Timestamp, &str, RollupValues) -> Result<(), Corrupt>,
) -> Result<(), QueryError> {
    let source = Source::of_cube("rollup_hours", cube, None, asked);
    let statement = format!(
        "SELECT bucket, {} AS member, hours FROM {} WHERE bucket >= $1 AND bucket < $2{}",
        source.member, source.table, source.conditions,
    );
    let mut query = sql_query(statement)
        .into_boxed::<dialect::Backend>()
        .bind::<Instant, _>(At(utc_day(reading.extent.from)))
        .bind::<Instant, _>(At(reading.extent.until));
    for text in source.texts {
        query = query.bind::<Text, _>(text);
    }
    for row in query.load::<MemberHoursRow>(conn)? {
        Hours::each(&row.hours, |hour, values| {
            let at = row.bucket.0 + TimeDelta::hours(i64::from(hour));
            if reading.has(at) {
                take(at, &row.member, values)
            } else {
                Ok(())
            }
        })?;
    }
    Ok(())
}

/// Makes all anew from the hours of all combinations, day by day, for a database that has these already.
pub(super) fn fill(conn: &mut Conn) -> Result<(), QueryError> {
    diesel::delete(rollup_hours::table).execute(conn)?;
    let mut from = Timestamp::UNIX_EPOCH;
    loop {
        let of_hours = rollup_spans::table.filter(rollup_spans::span.eq(RollupSpan::Hour.as_str()));
        let next: Option<At> = of_hours
            .filter(rollup_spans::bucket.ge(At(from)))
            .order(rollup_spans::bucket)
            .select(rollup_spans::bucket)
            .first(conn)
            .optional()?;
        let Some(At(first)) = next else {
            return Ok(());
        };
        let day = utc_day(first);
        let until = day + TimeDelta::days(1);
        let rows: Vec<(KeyColumns, ValueColumns)> = of_hours
            .filter(rollup_spans::bucket.ge(At(day)))
            .filter(rollup_spans::bucket.lt(At(until)))
            .select((
                key_columns!(rollup_spans),
                with_columns!(values listed! rollup_spans:),
            ))
            .load(conn)?;
        let sums = rows.into_iter().map(|(key, values)| (key.into(), values.into()));
        let sums: BTreeMap<RollupKey, RollupValues> = sums.collect();
        add(conn, &sums)?;
        from = until;
    }
}

/// The start of the UTC day an instant is in: it does not depend on the zone that days are summed by.
fn utc_day(at: Timestamp) -> Timestamp {
    AccountingZone::UTC.day(at).0
}

fn hour_of(at: Timestamp) -> u8 {
    u8::try_from(at.hour()).unwrap_or(0)
}
