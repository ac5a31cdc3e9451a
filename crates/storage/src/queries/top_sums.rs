//! Sums of the members that cost the most, and of everything.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use tollgate_domain::ports::{SumQuery, TopSums};
use tollgate_domain::{RollupValues, Timestamp};

use super::sums::{Books, Columns, gather, listed};
use super::{Conn, dialect};
use crate::error::{Corrupt, QueryError};

/// By range: of each of the `top` members with the highest cost, and of everything.
pub(crate) fn top_sums(conn: &mut Conn, query: &SumQuery, top: usize) -> Result<TopSums, QueryError> {
    dialect::snapshot(conn, |conn| {
        let books = Books::read(conn, query.as_of)?;
        let of_all = SumQuery {
            group: None,
            ..query.clone()
        };
        let totals = listed(gather(conn, &of_all, &books, None, Columns::All)?);
        let Some(group) = query.group else {
            return Ok(TopSums {
                totals,
                ..TopSums::default()
            });
        };
        let of_group = SumQuery {
            group: Some(group),
            ..query.clone()
        };
        let ranked = ranked(conn, &of_group, &books)?;
        let members = ranked.len();
        let shown: Vec<String> = ranked.into_iter().take(top).collect();
        let sums = if shown.is_empty() {
            Vec::new()
        } else {
            listed(gather(conn, &of_group, &books, Some(&shown), Columns::All)?)
        };
        Ok(TopSums {
            shown,
            sums,
            totals,
            members,
        })
    })
}

/// Every member with an attempt: the highest cost first, then the most attempts, then the member itself, so that the
/// order does not depend on the database. Over the whole range, so from its longest buckets.
fn ranked(conn: &mut Conn, query: &SumQuery, books: &Books) -> Result<Vec<String>, QueryError> {
    let whole = SumQuery {
        ranges: joined(&query.ranges),
        ..query.clone()
    };
    let mut members: BTreeMap<String, RollupValues> = BTreeMap::new();
    for ((_, member), values) in gather(conn, &whole, books, None, Columns::Rank)? {
        let sum = members.entry(member).or_default();
        *sum = sum.checked_add(values).map_err(Corrupt::of("sum"))?;
    }
    let mut ranked: Vec<(String, RollupValues)> = members
        .into_iter()
        .filter(|(_, values)| values.attempts != 0)
        .collect();
    ranked.sort_by_cached_key(|(member, values)| {
        (Reverse(values.cost), Reverse(values.attempts), member.clone())
    });
    Ok(ranked.into_iter().map(|(member, _)| member).collect())
}

/// Ranges that meet as one.
fn joined(ranges: &[(Timestamp, Timestamp)]) -> Vec<(Timestamp, Timestamp)> {
    let mut joined: Vec<(Timestamp, Timestamp)> = Vec::new();
    for (from, until) in ranges {
        match joined.last_mut() {
            Some(last) if last.1 == *from => last.1 = *until,
            _ => joined.push((*from, *until)),
        }
    }
    joined
}
