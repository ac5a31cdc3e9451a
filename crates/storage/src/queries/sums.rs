//! Sums over time, from rollups.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Text;
use tollgate_domain::ports::{MemberName, MemberNames, RangeSum, SumGroup, SumQuery};
use tollgate_domain::{AccountingZone, RollupSpan, RollupValues, Timestamp, pieces, quarter_start};

use super::readings::{Reading, readings};
use super::sum_source::{Asked, Source};
use super::sum_tail::{Tail, member_of};
use super::{Conn, derived, dialect, hours};
use crate::error::{Corrupt, QueryError};
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

    /// As they are.
    pub(super) const fn of_now(zone: AccountingZone) -> Self {
        Self { zone, tail: None }
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
    for reading in readings(&pieces(&query.ranges, books.zone, begun)) {
        if let (RollupSpan::Hour, Some(cube)) = (reading.extent.span, asked.cube()) {
            hours::read(conn, (asked, cube), &reading, |at, member, values| {
                range_of(query, at).map_or(Ok(()), |range| {
                    add(
                        &mut sums,
                        range,
                        member_text(query.group, member.to_owned()),
                        values,
                    )
                })
            })?;
            continue;
        }
        let source = Source::of(reading.extent, asked);
        read(conn, query, (source, columns), &reading, &mut sums, |values| {
            values
        })?;
    }
    if let Some(tail) = &books.tail {
        let taken_away = RollupValues::negated;
        for piece in tail.late_pieces(&query.ranges) {
            let source = Source::of_all("rollup_late", tail.too_late(), asked);
            let reading = Reading::of(piece);
            read(conn, query, (source, columns), &reading, &mut sums, taken_away)?;
        }
        for (posting, values) in tail.changes(asked) {
            let member = member_of(query.group, posting);
            if let Some(range) = range_of(query, quarter_start(posting.occurred_at)) {
                add(&mut sums, range, member, values)?;
            }
        }
    }
    sums.retain(|_, values| *values != RollupValues::default());
    Ok(sums)
}

/// One statement; the sums of the buckets that are meant go to the ranges they are in.
fn read(
    conn: &mut Conn,
    query: &SumQuery,
    (source, columns): (Source, Columns),
    reading: &Reading,
    sums: &mut Sums,
    sign: impl Fn(RollupValues) -> RollupValues,
) -> Result<(), QueryError> {
    let extent = reading.extent;
    // Buckets that all are of one range need not be told apart.
    let whole = range_of(query, extent.from)
        .filter(|range| reading.is_whole() && Some(*range) == range_of(query, before(extent.until)));
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
        let range = whole.or_else(|| range_of(query, bucket?));
        if let Some(range) = range {
            let values = sign(row.values(dialect::read_sum)?);
            add(sums, range, member_text(query.group, row.member), values)?;
        }
    }
    Ok(())
}

/// The columns of a [`SumRow`] beside bucket and member.
pub(super) fn summed(columns: Columns) -> String {
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

/// Ids as everybody writes them.
fn member_text(group: Option<SumGroup>, text: String) -> String {
    match group {
        Some(SumGroup::Upstream | SumGroup::Key) => {
            uuid::Uuid::parse_str(&text).map_or(text, |id| id.to_string())
        }
        _ => text,
    }
}

/// The range a bucket begins in; ranges end with the quarter hour they end in.
fn range_of(query: &SumQuery, bucket: Timestamp) -> Option<usize> {
    let after = query.ranges.partition_point(|(from, _)| *from <= bucket);
    let range = after.checked_sub(1)?;
    query
        .ranges
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
