//! Sums over time, from rollups.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Text;
use tollgate_domain::ports::{MemberName, MemberNames, RangeSum, SumFilter, SumGroup, SumQuery};
use tollgate_domain::{
    AccountingZone, EventId, Piece, Posting, RollupSpan, RollupValues, Standing, Timestamp, pieces,
    quarter_start,
};

use super::sum_source::{Asked, Source};
use super::{Conn, changes_of, derived, dialect, hours};
use crate::error::{Corrupt, QueryError};
use crate::rows::{PostingRow, SumRow};
use crate::schema::{api_keys, ledger_entries, upstreams};
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
        let zone = derived::zone(conn)?;
        let sums = gather(conn, query, zone, None, Columns::All)?;
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

/// Sums of some members, or of all; what is zero throughout is left out.
pub(super) fn gather(
    conn: &mut Conn,
    query: &SumQuery,
    zone: AccountingZone,
    members: Option<&[String]>,
    columns: Columns,
) -> Result<Sums, QueryError> {
    let mut sums = Sums::new();
    let asked = Asked {
        group: query.group,
        filter: &query.filter,
        members,
    };
    // What was dispatched from here on is taken from the ledger itself.
    let tail = query
        .as_of
        .map(|as_of| quarter_start(as_of) - TimeDelta::minutes(15));
    for piece in pieces(&query.ranges, zone, tail) {
        if let (RollupSpan::Hour, Some(cube)) = (piece.span, asked.cube()) {
            hours::read(conn, (asked, cube), piece, |at, member, values| {
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
        let source = Source::of(piece, asked);
        read(conn, query, (source, columns), piece, &mut sums, |values| values)?;
    }
    if let (Some(as_of), Some(tail)) = (query.as_of, tail) {
        // Late and later than `as_of`: taken away again.
        let recorded = dialect::instant_literal(quarter_start(as_of));
        for piece in late_pieces(query, tail) {
            let condition = format!(" AND recorded >= {recorded}");
            let source = Source::of_all("rollup_late", condition, asked);
            read(
                conn,
                query,
                (source, columns),
                piece,
                &mut sums,
                RollupValues::negated,
            )?;
        }
        add_tail(conn, query, (as_of, tail), members, &mut sums)?;
    }
    sums.retain(|_, values| *values != RollupValues::default());
    Ok(sums)
}

/// One statement over the buckets of a piece; their sums go to the ranges they are in.
fn read(
    conn: &mut Conn,
    query: &SumQuery,
    (source, columns): (Source, Columns),
    piece: Piece,
    sums: &mut Sums,
    sign: impl Fn(RollupValues) -> RollupValues,
) -> Result<(), QueryError> {
    // The buckets of a piece that lies in one range need not be told apart.
    let whole =
        range_of(query, piece.from).filter(|range| Some(*range) == range_of(query, before(piece.until)));
    let (bucket, by) = match (whole, &source.by) {
        (Some(_), None) => ("MIN(bucket)", "HAVING COUNT(*) > 0".to_owned()),
        (Some(_), Some(member)) => ("MIN(bucket)", format!("GROUP BY {member}")),
        (None, None) => ("bucket", "GROUP BY bucket".to_owned()),
        (None, Some(member)) => ("bucket", format!("GROUP BY bucket, {member}")),
    };
    let statement = format!(
        "SELECT {bucket} AS bucket, {} AS member, {}
         FROM {} WHERE bucket >= $1 AND bucket < $2{} {by}",
        source.member,
        summed(columns),
        source.table,
        source.conditions,
    );
    let mut statement = sql_query(statement)
        .into_boxed::<dialect::Backend>()
        .bind::<Instant, _>(At(piece.from))
        .bind::<Instant, _>(At(piece.until));
    for text in source.texts {
        statement = statement.bind::<Text, _>(text);
    }
    for row in statement.load::<SumRow>(conn)? {
        let values = sign(row.values(dialect::read_sum)?);
        if let Some(range) = whole.or_else(|| range_of(query, row.bucket.0)) {
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

/// The parts of the ranges before the tail, as quarters: what is late has no longer buckets.
fn late_pieces(query: &SumQuery, tail: Timestamp) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for (from, until) in &query.ranges {
        let until = tail.min(*until);
        match pieces.last_mut() {
            _ if *from >= until => {}
            Some(last) if last.until == *from => last.until = until,
            _ => pieces.push(Piece {
                span: RollupSpan::Quarter,
                from: *from,
                until,
            }),
        }
    }
    pieces
}

/// What was recorded since the tail began and is not in the sums yet: at most the half hour before `as_of`.
fn add_tail(
    conn: &mut Conn,
    query: &SumQuery,
    (as_of, tail): (Timestamp, Timestamp),
    members: Option<&[String]>,
    sums: &mut Sums,
) -> Result<(), QueryError> {
    let quarter = quarter_start(as_of);
    let rows: Vec<PostingRow> = ledger_entries::table
        .filter(ledger_entries::recorded_at.ge(At(tail)))
        .filter(ledger_entries::recorded_at.le(At(as_of)))
        .select(PostingRow::as_select())
        .load(conn)?;
    let corrected: BTreeSet<Id> = rows
        .iter()
        .filter(|row| row.revision > 0)
        .map(|row| row.event_id)
        .collect();
    let mut attempts: BTreeMap<EventId, Vec<(Timestamp, Posting)>> = BTreeMap::new();
    let earlier = changes_of::stored(conn, &corrected, Some(as_of))?;
    let of_rows = rows
        .into_iter()
        .filter(|row| !corrected.contains(&row.event_id))
        .map(|row| Ok((row.recorded_at.0, Posting::try_from(row)?)))
        .collect::<Result<Vec<_>, Corrupt>>()?;
    for (recorded, posting) in earlier.into_iter().chain(of_rows) {
        attempts
            .entry(posting.event_id)
            .or_default()
            .push((recorded, posting));
    }
    for postings in attempts.into_values() {
        // Of what was dispatched before the tail, all that was recorded by the last quarter hour is in.
        let known = |(recorded, posting): &&(Timestamp, Posting)| {
            quarter_start(posting.occurred_at) < tail && *recorded < quarter
        };
        let of = |postings: Vec<&Posting>| Standing::after(postings).map_err(Corrupt::of("sum"));
        let before = of(postings
            .iter()
            .filter(known)
            .map(|(_, posting)| posting)
            .collect())?;
        let after = of(postings.iter().map(|(_, posting)| posting).collect())?;
        let taken = before.map(|standing| (standing.values().negated(), standing));
        let given = after.map(|standing| (standing.values(), standing));
        for (values, standing) in taken.into_iter().chain(given) {
            let posting = &standing.latest;
            let range = range_of(query, quarter_start(posting.occurred_at));
            let member = member_of(query.group, posting);
            let wanted =
                matches(&query.filter, posting) && members.is_none_or(|members| members.contains(&member));
            if let Some(range) = range.filter(|_| wanted) {
                add(sums, range, member, values)?;
            }
        }
    }
    Ok(())
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

fn matches(filter: &SumFilter, posting: &Posting) -> bool {
    filter.upstream_id.is_none_or(|id| posting.upstream_id == id)
        && filter.key_id.is_none_or(|id| posting.key_id == id)
        && filter.team.as_ref().is_none_or(|team| posting.team == *team)
        && filter.model.as_ref().is_none_or(|model| posting.model() == model)
}

fn member_of(group: Option<SumGroup>, posting: &Posting) -> String {
    match group {
        None => String::new(),
        Some(SumGroup::Upstream) => posting.upstream_id.to_string(),
        Some(SumGroup::Key) => posting.key_id.to_string(),
        Some(SumGroup::Team) => posting.team.clone(),
        Some(SumGroup::Model) => posting.model().to_owned(),
    }
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
