//! Statistics over rollups.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Text;
use tollgate_domain::ports::{Stats, StatsBy, StatsFilter, StatsGroup, SumFilter, SumGroup, SumQuery};
use tollgate_domain::{
    Histogram, LatencyBin, LatencyMetric, Piece, RollupExtras, RollupSpan, RollupValues, pieces,
};
use uuid::Uuid;

use super::sum_source::{Asked, Source};
use super::sums::{Books, Columns, gather};
use super::{Conn, derived, dialect};
use crate::error::{Corrupt, QueryError};
use crate::rows::{
    CountSums, Counts, ExtrasSumRow, HistogramSumRow, MemberRequestsRow, MemberTallyRow, RequestSumRow, Tally,
};
use crate::schema::{api_keys, upstreams};
use crate::sql_type::Instant;
use crate::value::{At, Id};

const EXTRAS: [&str; 4] = [
    "timed_output_tokens",
    "generation_us",
    "cache_known",
    "cache_unknown",
];
/// Ids a statement.
const IDS: usize = 1_000;

/// Tallies by member.
type Tallies = BTreeMap<String, Tally>;

/// The busiest groups and their sum, in a snapshot.
pub(crate) fn stats(
    conn: &mut Conn,
    filter: &StatsFilter,
    by: StatsBy,
    limit: usize,
) -> Result<Stats, QueryError> {
    dialect::snapshot(conn, |conn| {
        let question = Question::new(conn, filter, by)?;
        let ranked = question.ranked(conn)?;
        let members = ranked.len();
        let shown: Vec<String> = ranked.into_iter().take(limit).collect();
        let total = question.read(conn, None, None)?.remove("").unwrap_or_default();
        let mut found = if shown.is_empty() {
            BTreeMap::new()
        } else {
            question.read(conn, Some(group(by)), Some(&shown))?
        };
        let names = names(conn, by, &shown)?;
        let groups = shown.into_iter().map(|member| {
            let name = names.get(&member).cloned();
            let group = found.remove(&member).unwrap_or_default();
            StatsGroup {
                of: member,
                name,
                ..group
            }
        });
        Ok(Stats {
            groups: groups.collect(),
            total,
            members,
        })
    })
}

/// What is asked, and the pieces of time that make it up.
struct Question {
    query: SumQuery,
    books: Books,
    pieces: Vec<Piece>,
}

impl Question {
    fn new(conn: &mut Conn, filter: &StatsFilter, by: StatsBy) -> Result<Self, QueryError> {
        let zone = derived::zone(conn)?;
        let ranges = vec![(filter.from, filter.until)];
        let pieces = pieces(&ranges, zone, None);
        let query = SumQuery {
            ranges,
            group: Some(group(by)),
            filter: SumFilter {
                upstream_id: filter.upstream_id,
                key_id: filter.key_id,
                team: filter.team.clone(),
                model: filter.model.clone(),
            },
            as_of: None,
        };
        let books = Books::of_now(zone);
        Ok(Self { query, books, pieces })
    }

    /// All members: the most attempts first, then the most requests, then by themselves.
    fn ranked(&self, conn: &mut Conn) -> Result<Vec<String>, QueryError> {
        let mut members: BTreeMap<String, (i64, i64)> = BTreeMap::new();
        for ((_, member), values) in gather(conn, &self.query, &self.books, None, Columns::Rank)? {
            members.entry(named(member)).or_default().0 += values.attempts;
        }
        for piece in &self.pieces {
            let source = tallies_of(&self.query, *piece, ("request_rollups", self.query.group), None).0;
            let columns = "CAST(SUM(requests) AS BIGINT) AS requests";
            for row in load::<MemberRequestsRow>(conn, &source, *piece, columns, &[])? {
                // There may be tallies of attempts alone.
                if row.requests > 0 {
                    let requests = &mut members.entry(member(self.query.group, row.member)).or_default().1;
                    *requests += row.requests;
                }
            }
        }
        let mut ranked: Vec<(String, (i64, i64))> = members.into_iter().collect();
        ranked.sort_by_cached_key(|(member, (attempts, requests))| {
            (Reverse(*attempts), Reverse(*requests), member.clone())
        });
        Ok(ranked.into_iter().map(|(member, _)| member).collect())
    }

    /// The statistics of some members, or of everything, under an empty name.
    fn read(
        &self,
        conn: &mut Conn,
        group: Option<SumGroup>,
        members: Option<&[String]>,
    ) -> Result<BTreeMap<String, StatsGroup>, QueryError> {
        let query = SumQuery {
            group,
            ..self.query.clone()
        };
        let mut found: BTreeMap<String, StatsGroup> = BTreeMap::new();
        for ((_, member), values) in gather(conn, &query, &self.books, members, Columns::All)? {
            let sum: &mut RollupValues = &mut found.entry(named(member)).or_default().values;
            *sum = sum.checked_add(values).map_err(Corrupt::of("sum"))?;
        }
        let (mut tallies, mut counts) = (Tallies::new(), BTreeMap::new());
        for piece in &self.pieces {
            self.add_tallies(conn, *piece, (group, members), (&mut tallies, &mut counts))?;
        }
        for (member, counts) in counts {
            tallies
                .entry(member)
                .or_default()
                .counts
                .add(&counts.into_counts());
        }
        for (member, tally) in tallies {
            let group = found.entry(member).or_default();
            group.requests = tally.counts.requests();
            group.histogram = tally.counts.histogram();
            group.extras = tally.extras;
        }
        Ok(found)
    }

    fn add_tallies(
        &self,
        conn: &mut Conn,
        piece: Piece,
        (group, members): (Option<SumGroup>, Option<&[String]>),
        (tallies, sums): (&mut Tallies, &mut BTreeMap<String, CountSums>),
    ) -> Result<(), QueryError> {
        let (source, cubed) = tallies_of(&self.query, piece, ("request_rollups", group), members);
        if cubed {
            let columns =
                "timed_output_tokens, generation_us, cache_saved_cost, cache_known, cache_unknown, counts";
            for row in rows::<MemberTallyRow>(conn, &source, piece, columns)? {
                let extras = RollupExtras {
                    timed_output_tokens: row.timed_output_tokens,
                    generation_us: row.generation_us,
                    cache_saved_cost: row.cache_saved_cost.0,
                    cache_known: row.cache_known,
                    cache_unknown: row.cache_unknown,
                };
                let of = member(group, row.member);
                sums.entry(of.clone()).or_default().add_bytes(&row.counts)?;
                let tally = tallies.entry(of).or_default();
                tally.extras.add(&extras).map_err(Corrupt::of("rollup"))?;
            }
            return Ok(());
        }
        let columns = "error_origin, status_class, CAST(SUM(requests) AS BIGINT) AS requests";
        let further = ["error_origin", "status_class"];
        for row in load::<RequestSumRow>(conn, &source, piece, columns, &further)? {
            let requests = u64::try_from(row.requests).map_err(Corrupt::of("requests"))?;
            let counts = &mut tallies.entry(member(group, row.member)).or_default().counts;
            counts.add_requests(&row.error_origin, row.status_class, requests)?;
        }
        let source = tallies_of(&self.query, piece, ("rollup_histograms", group), members).0;
        let columns = "metric, bin, CAST(SUM(count) AS BIGINT) AS count";
        for row in load::<HistogramSumRow>(conn, &source, piece, columns, &["metric", "bin"])? {
            let metric = LatencyMetric::from_name(&row.metric)
                .ok_or_else(|| Corrupt::new("latency metric", format!("{:?} is not known", row.metric)))?;
            let bin = LatencyBin(i16::try_from(row.bin).map_err(Corrupt::of("latency bin"))?);
            let counts: &mut Counts = &mut tallies.entry(member(group, row.member)).or_default().counts;
            counts.add_latencies(&Histogram::from([((metric, bin), row.count)]));
        }
        let source = tallies_of(&self.query, piece, ("rollup_extras", group), members).0;
        let sums = EXTRAS.map(|column| format!("CAST(SUM({column}) AS BIGINT) AS {column}"));
        let saved = dialect::money_sum("cache_saved_cost");
        let columns = format!("{}, {saved} AS cache_saved_cost", sums.join(", "));
        for row in load::<ExtrasSumRow>(conn, &source, piece, &columns, &[])? {
            let extras = RollupExtras {
                timed_output_tokens: row.timed_output_tokens,
                generation_us: row.generation_us,
                cache_saved_cost: dialect::read_sum(&row.cache_saved_cost)?,
                cache_known: row.cache_known,
                cache_unknown: row.cache_unknown,
            };
            let tally = tallies.entry(member(group, row.member)).or_default();
            tally.extras.add(&extras).map_err(Corrupt::of("rollup"))?;
        }
        Ok(())
    }
}

/// Where tallies of a piece are, and whether it is by places: else it is that table of quarter hours.
fn tallies_of(
    query: &SumQuery,
    piece: Piece,
    (quarters, group): (&str, Option<SumGroup>),
    members: Option<&[String]>,
) -> (Source, bool) {
    let asked = Asked {
        group,
        filter: &query.filter,
        members,
    };
    match asked.cube().filter(|_| piece.span != RollupSpan::Quarter) {
        Some(cube) => (
            Source::of_cube("rollup_tallies", cube, Some(piece.span), asked),
            true,
        ),
        None => (Source::of_all(quarters, String::new(), asked), false),
    }
}

/// Ids as everybody writes them.
fn member(group: Option<SumGroup>, text: String) -> String {
    match group {
        Some(SumGroup::Upstream | SumGroup::Key) => {
            named(Uuid::parse_str(&text).map_or(text, |id| id.to_string()))
        }
        _ => text,
    }
}

/// Rows of a piece, grouped by member and further columns.
fn load<R>(
    conn: &mut Conn,
    source: &Source,
    piece: Piece,
    columns: &str,
    further: &[&str],
) -> Result<Vec<R>, QueryError>
where
    R: QueryableByName<dialect::Backend> + 'static,
{
    let by: Vec<&str> = source
        .by
        .as_deref()
        .into_iter()
        .chain(further.iter().copied())
        .collect();
    let by = if by.is_empty() {
        "HAVING COUNT(*) > 0".to_owned()
    } else {
        format!("GROUP BY {}", by.join(", "))
    };
    rows_by(conn, source, piece, columns, &by)
}

/// Rows of a piece as they are.
fn rows<R>(conn: &mut Conn, source: &Source, piece: Piece, columns: &str) -> Result<Vec<R>, QueryError>
where
    R: QueryableByName<dialect::Backend> + 'static,
{
    rows_by(conn, source, piece, columns, "")
}

fn rows_by<R>(
    conn: &mut Conn,
    source: &Source,
    piece: Piece,
    columns: &str,
    by: &str,
) -> Result<Vec<R>, QueryError>
where
    R: QueryableByName<dialect::Backend> + 'static,
{
    let statement = format!(
        "SELECT {} AS member, {columns} FROM {} WHERE bucket >= $1 AND bucket < $2{} {by}",
        source.member, source.table, source.conditions,
    );
    let mut query = sql_query(statement)
        .into_boxed::<dialect::Backend>()
        .bind::<Instant, _>(At(piece.from))
        .bind::<Instant, _>(At(piece.until));
    for text in &source.texts {
        query = query.bind::<Text, _>(text.as_str());
    }
    Ok(query.load(conn)?)
}

/// All zeros: nothing was sent.
fn named(member: String) -> String {
    if Uuid::parse_str(&member).is_ok_and(|id| id.is_nil()) {
        String::new()
    } else {
        member
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
