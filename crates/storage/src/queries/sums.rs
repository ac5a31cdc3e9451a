//! Sums over time, from rollups.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Text;
use tollgate_domain::ports::{DayOfModel, MemberName, MemberNames, RangeSum, SumFilter, SumGroup, SumQuery};
use tollgate_domain::{
    EventId, Piece, Posting, ProviderName, RollupSpan, RollupValues, Standing, Timestamp, UpstreamId, pieces,
    quarter_start,
};

use super::{Conn, changes_of, derived, dialect};
use crate::error::{Corrupt, QueryError};
use crate::rows::{PostingRow, SumRow};
use crate::schema::{api_keys, ledger_entries, upstreams};
use crate::sql_type::Instant;
use crate::value::{At, Id};

/// Sums by range and member.
type Sums = BTreeMap<(usize, String), RollupValues>;

/// Sums by range and group, all of one state.
pub(crate) fn sums(conn: &mut Conn, query: &SumQuery) -> Result<Vec<RangeSum>, QueryError> {
    dialect::snapshot(conn, |conn| {
        let zone = derived::zone(conn)?;
        let mut sums = Sums::new();
        // What was dispatched from here on is taken from the ledger itself.
        let tail = query
            .as_of
            .map(|as_of| quarter_start(as_of) - TimeDelta::minutes(15));
        for piece in pieces(&query.ranges, zone, tail) {
            let (table, extra) = match piece.span {
                RollupSpan::Quarter => ("rollups", String::new()),
                span => ("rollup_spans", format!("span = '{}' AND ", span.as_str())),
            };
            read(conn, query, (table, &extra), piece, &mut sums, |values| values)?;
        }
        if let (Some(as_of), Some(tail)) = (query.as_of, tail) {
            // Late and later than `as_of`: taken away again.
            let extra = dialect::instant_literal(quarter_start(as_of));
            let extra = format!("recorded >= {extra} AND ");
            for piece in late_pieces(query, tail) {
                read(
                    conn,
                    query,
                    ("rollup_late", &extra),
                    piece,
                    &mut sums,
                    RollupValues::negated,
                )?;
            }
            add_tail(conn, query, as_of, tail, &mut sums)?;
        }
        sums.retain(|_, values| *values != RollupValues::default());
        let sums = sums.into_iter();
        Ok(sums
            .map(|((range, member), values)| RangeSum {
                range,
                member,
                values,
            })
            .collect())
    })
}

/// One statement over the buckets of a piece; their sums go to the ranges they are in.
fn read(
    conn: &mut Conn,
    query: &SumQuery,
    (table, extra): (&str, &str),
    piece: Piece,
    sums: &mut Sums,
    sign: impl Fn(RollupValues) -> RollupValues,
) -> Result<(), QueryError> {
    let column = query.group.map(column);
    let member = column.map_or("''".to_owned(), |(name, is_id)| {
        if is_id {
            dialect::id_text(name)
        } else {
            name.to_owned()
        }
    });
    let counts = SumRow::COUNTS.map(|name| format!("CAST(SUM({name}) AS BIGINT) AS {name}"));
    let amounts = SumRow::AMOUNTS.map(|name| format!("{} AS {name}", dialect::money_sum(name)));
    // The buckets of a piece that lies in one range need not be told apart.
    let whole =
        range_of(query, piece.from).filter(|range| Some(*range) == range_of(query, before(piece.until)));
    let (bucket, by) = match whole {
        Some(_) => ("MIN(bucket)", column.map(|(name, _)| name.to_owned())),
        None => (
            "bucket",
            Some(column.map_or("bucket".to_owned(), |(name, _)| format!("bucket, {name}"))),
        ),
    };
    let by = by.map_or("HAVING COUNT(*) > 0".to_owned(), |by| format!("GROUP BY {by}"));
    let (conditions, texts) = conditions(&query.filter);
    let statement = format!(
        "SELECT {bucket} AS bucket, {member} AS member, {}, {}
         FROM {table} WHERE {extra}bucket >= $1 AND bucket < $2{conditions} {by}",
        counts.join(", "),
        amounts.join(", "),
    );
    let mut statement = sql_query(statement)
        .into_boxed::<dialect::Backend>()
        .bind::<Instant, _>(At(piece.from))
        .bind::<Instant, _>(At(piece.until));
    for text in texts {
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
    as_of: Timestamp,
    tail: Timestamp,
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
            if let Some(range) = range.filter(|_| matches(&query.filter, posting)) {
                add(sums, range, member_of(query.group, posting), values)?;
            }
        }
    }
    Ok(())
}

/// What went to each model at each upstream, by day.
pub(crate) fn days_of_models(conn: &mut Conn, since: Timestamp) -> Result<Vec<DayOfModel>, QueryError> {
    #[derive(QueryableByName)]
    struct ModelRow {
        #[diesel(sql_type = crate::sql_type::UniqueId)]
        upstream_id: Id,
        #[diesel(sql_type = diesel::sql_types::Nullable<Text>)]
        provider: Option<String>,
        #[diesel(embed)]
        sums: SumRow,
    }
    let counts = SumRow::COUNTS.map(|name| format!("CAST(SUM({name}) AS BIGINT) AS {name}"));
    let amounts = SumRow::AMOUNTS.map(|name| format!("{} AS {name}", dialect::money_sum(name)));
    let statement = format!(
        "SELECT r.*, u.provider AS provider FROM (
            SELECT upstream_id, bucket, model AS member, {}, {}
            FROM rollup_spans WHERE span = 'day' AND bucket >= $1
            GROUP BY bucket, upstream_id, model
        ) AS r LEFT JOIN upstreams u ON u.id = r.upstream_id",
        counts.join(", "),
        amounts.join(", "),
    );
    let rows: Vec<ModelRow> = sql_query(statement).bind::<Instant, _>(At(since)).load(conn)?;
    let days = rows.into_iter().map(|row| {
        Ok(DayOfModel {
            day: row.sums.bucket.0,
            upstream_id: UpstreamId::new(row.upstream_id.0),
            provider: row.provider.map(ProviderName::new),
            values: row.sums.values(dialect::read_sum)?,
            model: row.sums.member,
        })
    });
    Ok(days.collect::<Result<_, Corrupt>>()?)
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

/// The column of a group, and whether it holds ids.
const fn column(group: SumGroup) -> (&'static str, bool) {
    match group {
        SumGroup::Upstream => ("upstream_id", true),
        SumGroup::Key => ("key_id", true),
        SumGroup::Team => ("team", false),
        SumGroup::Model => ("model", false),
    }
}

/// Conditions to append, and the texts they bind from the third parameter on. Ids are written out: they are digits.
fn conditions(filter: &SumFilter) -> (String, Vec<String>) {
    let (mut sql, mut texts) = (Vec::new(), Vec::new());
    let ids = [
        ("upstream_id", filter.upstream_id.map(UpstreamId::uuid)),
        ("key_id", filter.key_id.map(tollgate_domain::KeyId::uuid)),
    ];
    for (column, id) in ids {
        if let Some(id) = id {
            sql.push(format!(" AND {column} = {}", dialect::id_literal(id)));
        }
    }
    for (column, text) in [("team", &filter.team), ("model", &filter.model)] {
        if let Some(text) = text {
            texts.push(text.clone());
            sql.push(format!(" AND {column} = ${}", texts.len() + 2));
        }
    }
    (sql.concat(), texts)
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
