//! What statistics are read from: sums and latencies with fewer dimensions, and quarter hours of all combinations.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Text;
use tollgate_domain::ports::SumQuery;
use tollgate_domain::{
    AccountingZone, Histogram, LatencyBin, LatencyMetric, Piece, RollupExtras, RollupSpan, pieces,
};
use uuid::Uuid;

use super::readings::{Reading, readings};
use super::sum_source::{Asked, Source, member_text};
use super::sums::{self, Columns};
use super::{Conn, combined, dialect, frames};
use crate::error::{Corrupt, QueryError};
use crate::frame::{Holds, Sums};
use crate::rows::{CountSums, Counts, ExtrasSumRow, HistogramSumRow, RequestSumRow};
use crate::sql_type::Instant;
use crate::value::At;

const EXTRAS: [&str; 4] = [
    "timed_output_tokens",
    "generation_us",
    "cache_known",
    "cache_unknown",
];

/// One range of time, and the zone whose days are summed up.
pub(super) struct Parts<'q> {
    query: &'q SumQuery,
    zone: AccountingZone,
    readings: Vec<Reading>,
}

impl<'q> Parts<'q> {
    /// Of a query with one range.
    pub(super) fn new(query: &'q SumQuery, zone: AccountingZone) -> Self {
        Self {
            query,
            zone,
            readings: readings(&pieces(&query.ranges, zone, None)),
        }
    }

    /// Sums by member, of all members.
    pub(super) fn sums(&self, conn: &mut Conn) -> Result<BTreeMap<String, Sums>, QueryError> {
        let asked = self.asked(None);
        let mut found: BTreeMap<String, Sums> = BTreeMap::new();
        for reading in &self.readings {
            if reading.extent.span == RollupSpan::Quarter {
                self.sums_of_quarters(conn, (reading, asked), &mut found)?;
            } else if let Some(cube) = asked.cube() {
                let held = (Holds::Sums, self.zone);
                frames::read(conn, (asked, cube), held, reading, |member, buckets| {
                    let sums = of(&mut found, &member);
                    for bucket in buckets {
                        sums.add_stored(bucket?.1)?;
                    }
                    Ok(())
                })?;
            } else {
                combined::read(conn, asked, self.zone, reading, |member, buckets| {
                    let sums = of(&mut found, named(&member));
                    for bucket in buckets {
                        sums.add_stored(bucket?.1)?;
                    }
                    Ok(())
                })?;
            }
        }
        Ok(found)
    }

    /// Latencies by member, of some members or of all.
    pub(super) fn latencies(
        &self,
        conn: &mut Conn,
        members: Option<&[String]>,
    ) -> Result<BTreeMap<String, Histogram>, QueryError> {
        let asked = self.asked(members);
        let mut found: BTreeMap<String, CountSums> = BTreeMap::new();
        let mut all: BTreeMap<String, Counts> = BTreeMap::new();
        for reading in &self.readings {
            if reading.extent.span == RollupSpan::Quarter {
                for piece in reading.pieces() {
                    self.latencies_of_quarters(conn, (piece, asked), &mut all)?;
                }
            } else if let Some(cube) = asked.cube() {
                let held = (Holds::Latencies, self.zone);
                frames::read(conn, (asked, cube), held, reading, |member, buckets| {
                    let sums = of(&mut found, &member);
                    for bucket in buckets {
                        sums.add_packed(bucket?.1)?;
                    }
                    Ok(())
                })?;
            } else {
                combined::read(conn, asked, self.zone, reading, |member, buckets| {
                    let sums = of(&mut found, named(&member));
                    for bucket in buckets {
                        let latencies = Sums::default().add_stored(bucket?.1)?;
                        sums.add_packed(latencies)?;
                    }
                    Ok(())
                })?;
            }
        }
        for (member, sums) in found {
            all.entry(member).or_default().add(&sums.into_counts());
        }
        Ok(all
            .into_iter()
            .map(|(member, counts)| (member, counts.histogram()))
            .collect())
    }

    fn asked<'a>(&'a self, members: Option<&'a [String]>) -> Asked<'a> {
        Asked {
            group: self.query.group,
            filter: &self.query.filter,
            members,
        }
    }

    fn sums_of_quarters(
        &self,
        conn: &mut Conn,
        (reading, asked): (&Reading, Asked<'_>),
        found: &mut BTreeMap<String, Sums>,
    ) -> Result<(), QueryError> {
        let source = (Source::of_all("rollups", String::new(), asked), Columns::All);
        let wanted = (self.query.group, self.query.ranges.as_slice());
        sums::read(conn, wanted, source, reading, |_, member, values| {
            let sum = &mut of(found, named(&member)).values;
            *sum = sum.checked_add(values).map_err(Corrupt::of("sum"))?;
            Ok(())
        })?;
        for piece in reading.pieces() {
            self.requests_of_quarters(conn, (piece, asked), found)?;
            self.extras_of_quarters(conn, (piece, asked), found)?;
        }
        Ok(())
    }

    fn requests_of_quarters(
        &self,
        conn: &mut Conn,
        (piece, asked): (Piece, Asked<'_>),
        found: &mut BTreeMap<String, Sums>,
    ) -> Result<(), QueryError> {
        let columns = "error_origin, status_class, CAST(SUM(requests) AS BIGINT) AS requests";
        let further = ["error_origin", "status_class"];
        for row in load::<RequestSumRow>(conn, ("request_rollups", asked), piece, columns, &further)? {
            let requests = u64::try_from(row.requests).map_err(Corrupt::of("requests"))?;
            let counts = &mut of(found, &self.member(row.member)).requests;
            counts.add_requests(&row.error_origin, row.status_class, requests)?;
        }
        Ok(())
    }

    fn extras_of_quarters(
        &self,
        conn: &mut Conn,
        (piece, asked): (Piece, Asked<'_>),
        found: &mut BTreeMap<String, Sums>,
    ) -> Result<(), QueryError> {
        let sums = EXTRAS.map(|column| format!("CAST(SUM({column}) AS BIGINT) AS {column}"));
        let saved = dialect::money_sum("cache_saved_cost");
        let columns = format!("{}, {saved} AS cache_saved_cost", sums.join(", "));
        for row in load::<ExtrasSumRow>(conn, ("rollup_extras", asked), piece, &columns, &[])? {
            let extras = RollupExtras {
                timed_output_tokens: row.timed_output_tokens,
                generation_us: row.generation_us,
                cache_saved_cost: dialect::read_sum(&row.cache_saved_cost)?,
                cache_known: row.cache_known,
                cache_unknown: row.cache_unknown,
            };
            let sum = &mut of(found, &self.member(row.member)).extras;
            sum.add(&extras).map_err(Corrupt::of("rollup"))?;
        }
        Ok(())
    }

    fn latencies_of_quarters(
        &self,
        conn: &mut Conn,
        (piece, asked): (Piece, Asked<'_>),
        found: &mut BTreeMap<String, Counts>,
    ) -> Result<(), QueryError> {
        let columns = "metric, bin, CAST(SUM(count) AS BIGINT) AS count";
        let further = ["metric", "bin"];
        for row in load::<HistogramSumRow>(conn, ("rollup_histograms", asked), piece, columns, &further)? {
            let metric = LatencyMetric::from_name(&row.metric)
                .ok_or_else(|| Corrupt::new("latency metric", format!("{:?} is not known", row.metric)))?;
            let bin = LatencyBin(i16::try_from(row.bin).map_err(Corrupt::of("latency bin"))?);
            of(found, &self.member(row.member)).add_latencies(&Histogram::from([((metric, bin), row.count)]));
        }
        Ok(())
    }

    fn member(&self, text: String) -> String {
        named(&member_text(self.query.group, text)).to_owned()
    }
}

fn of<'m, T: Default>(found: &'m mut BTreeMap<String, T>, member: &str) -> &'m mut T {
    found.entry(member.to_owned()).or_default()
}

/// An id of zeros is nothing: nothing was sent.
pub(super) fn named(member: &str) -> &str {
    if Uuid::parse_str(member).is_ok_and(|id| id.is_nil()) {
        ""
    } else {
        member
    }
}

/// Rows of a table of quarter hours, grouped by member and further columns.
fn load<R>(
    conn: &mut Conn,
    (table, asked): (&str, Asked<'_>),
    piece: Piece,
    columns: &str,
    further: &[&str],
) -> Result<Vec<R>, QueryError>
where
    R: QueryableByName<dialect::Backend> + 'static,
{
    let source = Source::of_all(table, String::new(), asked);
    let by = source.by.as_deref().into_iter().chain(further.iter().copied());
    let by: Vec<&str> = by.collect();
    let by = if by.is_empty() {
        "HAVING COUNT(*) > 0".to_owned()
    } else {
        format!("GROUP BY {}", by.join(", "))
    };
    let statement = format!(
        "SELECT {} AS member, {columns} FROM {} WHERE bucket >= $1 AND bucket < $2{} {by}",
        source.member, source.table, source.conditions,
    );
    let mut query = sql_query(statement)
        .into_boxed::<dialect::Backend>()
        .bind::<Instant, _>(At(piece.from))
        .bind::<Instant, _>(At(piece.until));
    for text in source.texts {
        query = query.bind::<Text, _>(text);
    }
    Ok(query.load(conn)?)
}
