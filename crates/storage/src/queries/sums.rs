//! Sums over time, from rollups.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Text;
use tollgate_domain::ports::{MemberName, MemberNames, RangeSum, SumGroup, SumQuery};
use tollgate_domain::{AccountingZone, Piece, RollupSpan, RollupValues, Timestamp, pieces, quarter_start};

use super::cut_hours::CutHours;
use super::frames::Buckets;
use super::readings::{Reading, readings};
use super::sum_source::{Asked, Source, member_text};
use super::sum_tail::{Tail, member_of};
use super::{Conn, combined, derived, dialect, frames};
use crate::error::{Corrupt, QueryError};
use crate::frame::{self, Holds};
use crate::rows::SumRow;
use crate::schema::{api_keys, upstreams};
use crate::sql_type::Instant;
use crate::value::{At, Id};

/// Sums by range and member.
pub(super) type Sums = BTreeMap<(usize, String), RollupValues>;

/// Which columns are summed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Columns {
    /// All.
    All,
    /// `attempts` and `cost`, which members are ranked by; the others are zero.
    Rank,
}

/// Sums by range and group, all of one state.
pub(crate) fn sums(conn: &mut Conn, query: &SumQuery) -> Result<Vec<RangeSum>, QueryError> {
    dialect::snapshot(conn, |conn| {
        let books = Books::read(conn, query.as_of)?;
        let sums = gather(conn, query, &books, None, Columns::All)?;
        Ok(listed(sums))
    })
}

/// As the port has them.
pub(super) fn listed(sums: Sums) -> Vec<RangeSum> {
    let sums = sums.into_iter();
    sums.map(|((range, member), values)| RangeSum {
        range,
        member,
        values,
    })
    .collect()
}

/// What sums rest on beside their tables, the same for all sums of an answer.
pub(super) struct Books {
    /// The zone whose days are summed up.
    zone: AccountingZone,
    /// What is taken from the ledger itself; only where an earlier state is asked for.
    tail: Option<Tail>,
}

impl Books {
    /// As they are, or were at an instant.
    pub(super) fn read(conn: &mut Conn, as_of: Option<Timestamp>) -> Result<Self, QueryError> {
        let zone = derived::zone(conn)?;
        let tail = as_of.map(|as_of| Tail::read(conn, as_of)).transpose()?;
        Ok(Self { zone, tail })
    }
}

/// Sums of some members, or of all; what is zero throughout is left out.
pub(super) fn gather(
    conn: &mut Conn,
    query: &SumQuery,
    books: &Books,
    members: Option<&[String]>,
    columns: Columns,
) -> Result<Sums, QueryError> {
    let mut sums = Sums::new();
    let asked = Asked {
        group: query.group,
        filter: &query.filter,
        members,
    };
    let begun = books.tail.as_ref().map(Tail::begins);
    let cut = CutHours::of(&query.ranges, begun);
    for reading in readings(&pieces(&cut.ranges, books.zone, begun)) {
        let taken = |member: String, buckets: Buckets<'_>| {
            for bucket in buckets {
                let (at, bytes) = bucket?;
                if let Some(range) = range_of(&cut.ranges, at) {
                    let values = frame::Sums::unpack_values(bytes)?;
                    add(&mut sums, range, member.clone(), values)?;
                }
            }
            Ok(())
        };
        if reading.extent.span == RollupSpan::Quarter {
            let source = Source::of_all("rollups", String::new(), asked);
            let wanted = (query.group, cut.ranges.as_slice());
            read(
                conn,
                wanted,
                (source, columns),
                &reading,
                |range, member, values| add(&mut sums, range, member, values),
            )?;
        } else if let Some(cube) = asked.cube() {
            frames::read(conn, (asked, cube), (Holds::Sums, books.zone), &reading, taken)?;
        } else {
            combined::read(conn, asked, books.zone, &reading, taken)?;
        }
    }
    move_parts(conn, cut.moved, (asked, columns), &mut sums)?;
    if let Some(tail) = &books.tail {
        go_back(conn, tail, query, (asked, columns), &mut sums)?;
    }
    sums.retain(|_, values| *values != RollupValues::default());
    Ok(sums)
}

/// Gives parts of hours that were read with the range after them to the range they belong to.
fn move_parts(
    conn: &mut Conn,
    moved: Vec<(usize, Piece)>,
    (asked, columns): (Asked<'_>, Columns),
    sums: &mut Sums,
) -> Result<(), QueryError> {
    let (places, pieces): (Vec<usize>, Vec<Piece>) = moved.into_iter().unzip();
    let parts: Vec<(Timestamp, Timestamp)> = pieces.iter().map(|piece| (piece.from, piece.until)).collect();
    for reading in readings(&pieces) {
        let source = Source::of_all("rollups", String::new(), asked);
        let wanted = (asked.group, parts.as_slice());
        read(
            conn,
            wanted,
            (source, columns),
            &reading,
            |part, member, values| {
                let Some(range) = places.get(part) else {
                    return Ok(());
                };
                add(sums, range + 1, member.clone(), values.negated())?;
                add(sums, *range, member, values)
            },
        )?;
    }
    Ok(())
}

/// Takes away what came too late for an earlier state, and adds what no bucket tells apart.
fn go_back(
    conn: &mut Conn,
    tail: &Tail,
    query: &SumQuery,
    (asked, columns): (Asked<'_>, Columns),
    sums: &mut Sums,
) -> Result<(), QueryError> {
    let wanted = (asked.group, query.ranges.as_slice());
    for piece in tail.late_pieces(&query.ranges) {
        let source = Source::of_all("rollup_late", tail.too_late(), asked);
        let reading = Reading::of(piece);
        read(
            conn,
            wanted,
            (source, columns),
            &reading,
            |range, member, values| add(sums, range, member, values.negated()),
        )?;
    }
    for (posting, values) in tail.changes(asked) {
        let member = member_of(query.group, posting);
        if let Some(range) = range_of(&query.ranges, quarter_start(posting.occurred_at)) {
            add(sums, range, member, values)?;
        }
    }
    Ok(())
}

/// One statement; the sums of the buckets that are meant, with the ranges they are in.
pub(super) fn read(
    conn: &mut Conn,
    (group, ranges): (Option<SumGroup>, &[(Timestamp, Timestamp)]),
    (source, columns): (Source, Columns),
    reading: &Reading,
    mut take: impl FnMut(usize, String, RollupValues) -> Result<(), Corrupt>,
) -> Result<(), QueryError> {
    let extent = reading.extent;
    // Buckets that all are of one range need not be told apart.
    let whole = range_of(ranges, extent.from)
        .filter(|range| reading.is_whole() && Some(*range) == range_of(ranges, before(extent.until)));
    let (bucket, by) = match (whole, &source.by) {
        (Some(_), None) => ("MIN(bucket)", "HAVING COUNT(*) > 0".to_owned()),
        (Some(_), Some(member)) => ("MIN(bucket)", format!("GROUP BY {member}")),
        (None, None) => ("bucket", "GROUP BY bucket".to_owned()),
        (None, Some(member)) => ("bucket", format!("GROUP BY bucket, {member}")),
    };
    let statement = format!(
        "SELECT {bucket} AS bucket, {} AS member, {}
         FROM {} WHERE {}{} {by}",
        source.member,
        summed(columns),
        source.table,
        reading.condition(),
        source.conditions,
    );
    let mut statement = sql_query(statement)
        .into_boxed::<dialect::Backend>()
        .bind::<Instant, _>(At(extent.from))
        .bind::<Instant, _>(At(extent.until));
    for text in source.texts {
        statement = statement.bind::<Text, _>(text);
    }
    for row in statement.load::<SumRow>(conn)? {
        let bucket = Some(row.bucket.0).filter(|bucket| reading.has(*bucket));
        if let Some(range) = whole.or_else(|| range_of(ranges, bucket?)) {
            let values = row.values(dialect::read_sum)?;
            take(range, member_text(group, row.member), values)?;
        }
    }
    Ok(())
}

/// The columns of a [`SumRow`] beside bucket and member.
fn summed(columns: Columns) -> String {
    let wanted = |name: &str| columns == Columns::All || name == "attempts" || name == "cost";
    let counts = SumRow::COUNTS.map(|name| {
        if wanted(name) {
            format!("CAST(SUM({name}) AS BIGINT) AS {name}")
        } else {
            format!("CAST(0 AS BIGINT) AS {name}")
        }
    });
    let amounts = SumRow::AMOUNTS.map(|name| {
        if wanted(name) {
            format!("{} AS {name}", dialect::money_sum(name))
        } else {
            format!("{} AS {name}", dialect::NO_SUM)
        }
    });
    format!("{}, {}", counts.join(", "), amounts.join(", "))
}

/// The names of upstreams and keys, deleted ones too.
pub(crate) fn member_names(conn: &mut Conn) -> Result<MemberNames, QueryError> {
    let named = |rows: Vec<(Id, String, Option<At>)>| {
        let names = rows.into_iter().map(|(id, name, deleted)| MemberName {
            member: id.0.to_string(),
            name,
            deleted: deleted.is_some(),
        });
        names.collect()
    };
    let of_upstreams = upstreams::table
        .select((upstreams::id, upstreams::name, upstreams::deleted_at))
        .load(conn)?;
    let of_keys = api_keys::table
        .select((api_keys::id, api_keys::name, api_keys::deleted_at))
        .load(conn)?;
    Ok(MemberNames {
        upstreams: named(of_upstreams),
        keys: named(of_keys),
    })
}

/// The range a bucket begins in; ranges end with the quarter hour they end in.
fn range_of(ranges: &[(Timestamp, Timestamp)], bucket: Timestamp) -> Option<usize> {
    let after = ranges.partition_point(|(from, _)| *from <= bucket);
    let range = after.checked_sub(1)?;
    ranges
        .get(range)
        .filter(|(_, until)| bucket < *until)
        .map(|_| range)
}

fn before(at: Timestamp) -> Timestamp {
    quarter_start(at - TimeDelta::microseconds(1))
}

fn add(sums: &mut Sums, range: usize, member: String, values: RollupValues) -> Result<(), Corrupt> {
    let sum = sums.entry((range, member)).or_default();
    *sum = sum.checked_add(values).map_err(Corrupt::of("sum"))?;
    Ok(())
}
