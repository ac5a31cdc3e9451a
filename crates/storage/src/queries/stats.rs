//! Statistics over rollups.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use diesel::prelude::*;
use tollgate_domain::Histogram;
use tollgate_domain::ports::{Stats, StatsBy, StatsFilter, StatsGroup, SumFilter, SumGroup, SumQuery};
use uuid::Uuid;

use super::stats_parts::Parts;
use super::{Conn, derived, dialect};
use crate::error::{Corrupt, QueryError};
use crate::frame::{Bucket, Sums};
use crate::schema::{api_keys, upstreams};
use crate::value::Id;

/// Ids a statement.
const IDS: usize = 1_000;

/// The busiest groups and their sum, in a snapshot.
pub(crate) fn stats(
    conn: &mut Conn,
    filter: &StatsFilter,
    by: StatsBy,
    limit: usize,
) -> Result<Stats, QueryError> {
    dialect::snapshot(conn, |conn| {
        let zone = derived::zone(conn)?;
        let of_all = SumQuery {
            ranges: vec![(filter.from, filter.until)],
            group: None,
            filter: SumFilter {
                upstream_id: filter.upstream_id,
                key_id: filter.key_id,
                team: filter.team.clone(),
                model: filter.model.clone(),
            },
            as_of: None,
        };
        let of_groups = SumQuery {
            group: Some(group(by)),
            ..of_all.clone()
        };
        let (of_all, of_groups) = (Parts::new(&of_all, zone), Parts::new(&of_groups, zone));
        let mut sums = of_groups.sums(conn)?;
        let mut total = Sums::default();
        for sum in sums.values() {
            total.add(sum).map_err(Corrupt::of("sum"))?;
        }
        let ranked = ranked(&sums);
        let members = ranked.len();
        let shown: Vec<String> = ranked.into_iter().take(limit).collect();
        let mut histograms = if shown.is_empty() {
            BTreeMap::new()
        } else {
            of_groups.latencies(conn, Some(&shown))?
        };
        let of_total = of_all.latencies(conn, None)?.remove("").unwrap_or_default();
        let names = names(conn, by, &shown)?;
        let groups = shown.into_iter().map(|member| {
            let sums = sums.remove(&member).unwrap_or_default();
            let histogram = histograms.remove(&member).unwrap_or_default();
            StatsGroup {
                name: names.get(&member).cloned(),
                of: member,
                ..statistics(&sums, histogram)
            }
        });
        Ok(Stats {
            groups: groups.collect(),
            total: statistics(&total, of_total),
            members,
        })
    })
}

/// All members: the most attempts first, then the most requests, then by themselves.
fn ranked(sums: &BTreeMap<String, Sums>) -> Vec<String> {
    let counted = sums.iter().map(|(member, sums)| {
        let requests = sums.requests.request_count();
        (Reverse(sums.values.attempts), Reverse(requests), member)
    });
    // There may be sums of attempts that were taken back.
    let mut ranked: Vec<_> = counted
        .filter(|(attempts, requests, _)| attempts.0 != 0 || requests.0 > 0)
        .collect();
    ranked.sort_unstable();
    ranked.into_iter().map(|(_, _, member)| member.clone()).collect()
}

fn statistics(sums: &Sums, histogram: Histogram) -> StatsGroup {
    StatsGroup {
        requests: sums.requests.requests(),
        values: sums.values,
        extras: sums.extras,
        histogram,
        ..StatsGroup::default()
    }
}

const fn group(by: StatsBy) -> SumGroup {
    match by {
        StatsBy::Upstream => SumGroup::Upstream,
        StatsBy::Key => SumGroup::Key,
        StatsBy::Team => SumGroup::Team,
        StatsBy::Model => SumGroup::Model,
    }
}

/// What ids are called now; whoever was removed keeps its last name.
fn names(conn: &mut Conn, by: StatsBy, members: &[String]) -> Result<BTreeMap<String, String>, QueryError> {
    let ids: Vec<Id> = members
        .iter()
        .filter_map(|member| Uuid::parse_str(member).ok().map(Id))
        .collect();
    let mut names = BTreeMap::new();
    for chunk in ids.chunks(IDS) {
        let found: Vec<(Id, String)> = match by {
            StatsBy::Upstream => upstreams::table
                .filter(upstreams::id.eq_any(chunk))
                .select((upstreams::id, upstreams::name))
                .load(conn)?,
            StatsBy::Key => api_keys::table
                .filter(api_keys::id.eq_any(chunk))
                .select((api_keys::id, api_keys::name))
                .load(conn)?,
            StatsBy::Team | StatsBy::Model => Vec::new(),
        };
        names.extend(found.into_iter().map(|(id, name)| (id.0.to_string(), name)));
    }
    Ok(names)
}
