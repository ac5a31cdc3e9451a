//! What statistics need beside sums, with fewer dimensions: adding to it, and adding it up anew.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::upsert::excluded;
use tollgate_domain::{
    AccountingZone, Histogram, LatencyBin, LatencyMetric, MoneyError, RollupExtras, RollupKey, Timestamp,
};

use super::{Conn, blobs, quarters};
use crate::cube::{Place, SPANS, spread};
use crate::error::{Corrupt, QueryError};
use crate::rows::{ExtrasColumns, KeyColumns, Tally, TallyRow};
use crate::schema::{request_rollups, rollup_extras, rollup_histograms, rollup_tallies};
use crate::sum_columns::{added_up, key_columns, listed, with_columns};
use crate::value::At;

/// Rows a statement: 13 columns of each, below both databases' limits on parameters.
const ROWS: usize = 1_000;

/// Tallies of quarter hours.
pub(super) type Tallies = BTreeMap<RollupKey, Tally>;

/// Adds to the quarter hours of all combinations, and to all tallies that follow from them.
pub(super) fn add(conn: &mut Conn, zone: AccountingZone, tallies: &Tallies) -> Result<(), QueryError> {
    quarters::add(conn, tallies)?;
    put(conn, zone, tallies)
}

/// Adds to the rows of all places, in their order. Counts are merged here: no two processes write one row.
fn put(conn: &mut Conn, zone: AccountingZone, tallies: &Tallies) -> Result<(), QueryError> {
    let mut places: BTreeMap<Place, Tally> = BTreeMap::new();
    for span in SPANS {
        let bucket_of = |at| span.bucket(at, zone);
        spread(tallies, span, bucket_of, &mut places, Tally::add)
            .map_err(|error: MoneyError| Corrupt::new("rollup", error.to_string()))?;
    }
    let places: Vec<(Place, Tally)> = places.into_iter().collect();
    for chunk in places.chunks(ROWS) {
        let keys: Vec<&Place> = chunk.iter().map(|(place, _)| place).collect();
        let stored = blobs::stored(conn, "rollup_tallies", "counts", Some("span"), &keys)?;
        let mut rows = Vec::with_capacity(chunk.len());
        for (place, tally) in chunk {
            let mut counts = tally.counts.clone();
            if let Some(bytes) = stored.get(place) {
                counts.add_bytes(bytes)?;
            }
            rows.push(TallyRow::new(place.clone(), tally, counts.to_bytes()));
        }
        diesel::insert_into(rollup_tallies::table)
            .values(rows)
            .on_conflict((
                rollup_tallies::dims,
                rollup_tallies::span,
                rollup_tallies::one,
                rollup_tallies::bucket,
                rollup_tallies::two,
                rollup_tallies::writer,
            ))
            .do_update()
            .set((
                rollup_tallies::requests.eq(rollup_tallies::requests + excluded(rollup_tallies::requests)),
                with_columns!(extras added_up! rollup_tallies:),
                rollup_tallies::counts.eq(excluded(rollup_tallies::counts)),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// The first bucket of a table from an instant on.
macro_rules! next_bucket {
    ($conn:ident, $table:ident, $from:expr) => {
        $table::table
            .filter($table::bucket.ge(At($from)))
            .order($table::bucket)
            .select($table::bucket)
            .first::<At>($conn)
            .optional()?
    };
}

/// Adds all up anew from the quarter hours, which do not depend on the zone: day by day.
pub(super) fn rebuild(conn: &mut Conn, zone: AccountingZone) -> Result<(), QueryError> {
    diesel::delete(rollup_tallies::table).execute(conn)?;
    let mut from = Timestamp::UNIX_EPOCH;
    loop {
        let next = [
            next_bucket!(conn, rollup_histograms, from),
            next_bucket!(conn, rollup_extras, from),
            next_bucket!(conn, request_rollups, from),
        ];
        let Some(At(begin)) = next.into_iter().flatten().min() else {
            return Ok(());
        };
        let until = zone.day(begin).1;
        let mut tallies = Tallies::new();
        read_histograms(conn, (begin, until), &mut tallies)?;
        read_extras(conn, (begin, until), &mut tallies)?;
        read_requests(conn, (begin, until), &mut tallies)?;
        put(conn, zone, &tallies)?;
        from = until;
    }
}

/// The rows of a table between two instants: their keys and some columns.
macro_rules! quarters {
    ($conn:ident, $table:ident, $range:expr, $columns:expr) => {{
        let (from, until) = $range;
        $table::table
            .filter($table::bucket.ge(At(from)))
            .filter($table::bucket.lt(At(until)))
            .select((key_columns!($table), $columns))
            .load($conn)?
    }};
}

fn read_histograms(
    conn: &mut Conn,
    range: (Timestamp, Timestamp),
    tallies: &mut Tallies,
) -> Result<(), QueryError> {
    let columns = (
        rollup_histograms::metric,
        rollup_histograms::bin,
        rollup_histograms::count,
    );
    let rows: Vec<(KeyColumns, (String, i32, i64))> = quarters!(conn, rollup_histograms, range, columns);
    for (of, (metric, bin, count)) in rows {
        let metric = LatencyMetric::from_name(&metric)
            .ok_or_else(|| Corrupt::new("latency metric", format!("{metric:?} is not known")))?;
        let bin = LatencyBin(i16::try_from(bin).map_err(Corrupt::of("latency bin"))?);
        let counts = &mut tallies.entry(of.into()).or_default().counts;
        counts.add_latencies(&Histogram::from([((metric, bin), count)]));
    }
    Ok(())
}

fn read_extras(
    conn: &mut Conn,
    range: (Timestamp, Timestamp),
    tallies: &mut Tallies,
) -> Result<(), QueryError> {
    let columns = with_columns!(extras listed! rollup_extras:);
    let rows: Vec<(KeyColumns, ExtrasColumns)> = quarters!(conn, rollup_extras, range, columns);
    for (of, extras) in rows {
        let tally = tallies.entry(of.into()).or_default();
        let extras = RollupExtras::from(extras);
        tally.extras.add(&extras).map_err(Corrupt::of("rollup"))?;
    }
    Ok(())
}

fn read_requests(
    conn: &mut Conn,
    range: (Timestamp, Timestamp),
    tallies: &mut Tallies,
) -> Result<(), QueryError> {
    let columns = (
        request_rollups::error_origin,
        request_rollups::status_class,
        request_rollups::requests,
    );
    let rows: Vec<(KeyColumns, (String, i32, i64))> = quarters!(conn, request_rollups, range, columns);
    for (of, (origin, class, requests)) in rows {
        let requests = u64::try_from(requests).map_err(Corrupt::of("requests"))?;
        let counts = &mut tallies.entry(of.into()).or_default().counts;
        counts.add_requests(&origin, class, requests)?;
    }
    Ok(())
}
