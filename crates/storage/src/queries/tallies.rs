//! What statistics need beside sums: adding to it, and adding it up anew.

use std::collections::{BTreeMap, HashMap};

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Text;
use diesel::upsert::excluded;
use tollgate_domain::{
    AccountingZone, Histogram, JournalId, JournaledEntry, KeyId, LatencyBin, LatencyMetric, MoneyError,
    RollupExtras, RollupKey, Timestamp, UpstreamId, collect_extras, collect_latencies,
};

use super::{Conn, dialect};
use crate::cube::{Place, SPANS, spread};
use crate::error::{Corrupt, QueryError};
use crate::rows::{Counts, RequestRollupKey, StoredCountsRow, Tally, TallyRow};
use crate::schema::{request_rollups, rollup_extras, rollup_histograms, rollup_tallies};
use crate::value::{At, Id, Money};

/// Rows a statement: 13 columns of each, below both databases' limits on parameters.
const ROWS: usize = 1_000;

type Tallies = BTreeMap<RollupKey, Tally>;

/// Adds what new entries and finished requests bring.
pub(super) fn add(
    conn: &mut Conn,
    zone: AccountingZone,
    fresh: &[&JournaledEntry],
    ended: &BTreeMap<RequestRollupKey, i64>,
) -> Result<(), QueryError> {
    let mut tallies = Tallies::new();
    for (key, histogram) in collect_latencies(fresh.iter().copied()) {
        tallies.entry(key).or_default().counts.add_latencies(&histogram);
    }
    for (key, extras) in collect_extras(fresh.iter().copied()).map_err(Corrupt::of("rollup"))? {
        let tally = tallies.entry(key).or_default();
        tally.extras.add(&extras).map_err(Corrupt::of("rollup"))?;
    }
    for (key, requests) in ended {
        let of = (
            key.bucket,
            key.writer,
            key.key_id,
            key.team.clone(),
            key.upstream_id,
            key.model.clone(),
        );
        let requests = u64::try_from(*requests).unwrap_or(0);
        let counts = &mut tallies.entry(self::key(of)).or_default().counts;
        counts.add_requests(&key.error_origin, key.status_class, requests)?;
    }
    put(conn, zone, &tallies)
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
        let stored = stored(conn, chunk)?;
        let mut rows = Vec::with_capacity(chunk.len());
        for (place, tally) in chunk {
            let mut counts = tally.counts.clone();
            if let Some(bytes) = stored.get(place) {
                counts.add_bytes(bytes)?;
            }
            rows.push(TallyRow::new(place.clone(), tally, counts.to_bytes()));
        }
        macro_rules! add_up {
            ($($column:ident),+) => {
                ($(rollup_tallies::$column.eq(rollup_tallies::$column + excluded(rollup_tallies::$column)),)+
                rollup_tallies::counts.eq(excluded(rollup_tallies::counts)),)
            };
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
            .set(add_up!(
                requests,
                timed_output_tokens,
                generation_us,
                cache_saved_cost,
                cache_known,
                cache_unknown
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// The counts that are there already.
fn stored<'p>(
    conn: &mut Conn,
    places: &'p [(Place, Tally)],
) -> Result<HashMap<&'p Place, Vec<u8>>, QueryError> {
    let rows = places.iter().zip(0_usize..).map(|((place, _), row)| {
        format!(
            "('{}', '{}', ${}, {}, ${}, {})",
            place.dims,
            place.span,
            2 * row + 1,
            dialect::instant_literal(place.bucket),
            2 * row + 2,
            dialect::id_literal(place.writer.uuid()),
        )
    });
    let rows: Vec<String> = rows.collect();
    let statement = format!(
        "SELECT t.dims, t.span, t.one, t.bucket, t.two, t.writer, t.counts
         FROM (VALUES {}) AS p CROSS JOIN rollup_tallies t
         WHERE t.dims = p.column1 AND t.span = p.column2 AND t.one = p.column3 AND t.bucket = p.column4
             AND t.two = p.column5 AND t.writer = p.column6",
        rows.join(", ")
    );
    let mut query = sql_query(statement).into_boxed::<dialect::Backend>();
    for (place, _) in places {
        query = query
            .bind::<Text, _>(place.one.as_str())
            .bind::<Text, _>(place.two.as_str());
    }
    let by_key: HashMap<_, &Place> = places.iter().map(|(place, _)| (place.key(), place)).collect();
    let found: Vec<StoredCountsRow> = query.load(conn)?;
    let found = found.into_iter().filter_map(|row| {
        let place = by_key.get(&row.key()).copied()?;
        Some((place, row.counts))
    });
    Ok(found.collect())
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

/// The columns of [`RollupExtras`].
type Extras = (i64, i64, Money, i64, i64);
/// The key of a row of quarter hours.
type Of = (At, Id, Id, String, Id, String);

/// The rows of a table between two instants: their keys and some columns.
macro_rules! quarters {
    ($conn:ident, $table:ident, $range:expr, ($($column:ident),+)) => {{
        let (from, until) = $range;
        $table::table
            .filter($table::bucket.ge(At(from)))
            .filter($table::bucket.lt(At(until)))
            .select((
                (
                    $table::bucket,
                    $table::writer,
                    $table::key_id,
                    $table::team,
                    $table::upstream_id,
                    $table::model,
                ),
                ($($table::$column,)+),
            ))
            .load($conn)?
    }};
}

fn read_histograms(
    conn: &mut Conn,
    range: (Timestamp, Timestamp),
    tallies: &mut Tallies,
) -> Result<(), QueryError> {
    let rows: Vec<(Of, (String, i32, i64))> = quarters!(conn, rollup_histograms, range, (metric, bin, count));
    for (of, (metric, bin, count)) in rows {
        let metric = LatencyMetric::from_name(&metric)
            .ok_or_else(|| Corrupt::new("latency metric", format!("{metric:?} is not known")))?;
        let bin = LatencyBin(i16::try_from(bin).map_err(Corrupt::of("latency bin"))?);
        let counts: &mut Counts = &mut tallies.entry(key(of)).or_default().counts;
        counts.add_latencies(&Histogram::from([((metric, bin), count)]));
    }
    Ok(())
}

fn read_extras(
    conn: &mut Conn,
    range: (Timestamp, Timestamp),
    tallies: &mut Tallies,
) -> Result<(), QueryError> {
    let rows: Vec<(Of, Extras)> = quarters!(
        conn,
        rollup_extras,
        range,
        (
            timed_output_tokens,
            generation_us,
            cache_saved_cost,
            cache_known,
            cache_unknown
        )
    );
    for (of, (timed_output_tokens, generation_us, Money(cache_saved_cost), cache_known, cache_unknown)) in
        rows
    {
        let extras = RollupExtras {
            timed_output_tokens,
            generation_us,
            cache_saved_cost,
            cache_known,
            cache_unknown,
        };
        let tally = tallies.entry(key(of)).or_default();
        tally.extras.add(&extras).map_err(Corrupt::of("rollup"))?;
    }
    Ok(())
}

fn read_requests(
    conn: &mut Conn,
    range: (Timestamp, Timestamp),
    tallies: &mut Tallies,
) -> Result<(), QueryError> {
    let rows: Vec<(Of, (String, i32, i64))> = quarters!(
        conn,
        request_rollups,
        range,
        (error_origin, status_class, requests)
    );
    for (of, (origin, class, requests)) in rows {
        let requests = u64::try_from(requests).map_err(Corrupt::of("requests"))?;
        let counts = &mut tallies.entry(key(of)).or_default().counts;
        counts.add_requests(&origin, class, requests)?;
    }
    Ok(())
}

fn key((bucket, writer, key_id, team, upstream_id, model): Of) -> RollupKey {
    RollupKey {
        bucket: bucket.0,
        writer: JournalId::new(writer.0),
        key_id: KeyId::new(key_id.0),
        team,
        upstream_id: UpstreamId::new(upstream_id.0),
        model,
    }
}
