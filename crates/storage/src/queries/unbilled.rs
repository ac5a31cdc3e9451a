//! What was unbilled at an instant, from the ledger itself.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::BigInt;
use tollgate_domain::ports::AttentionRow;
use tollgate_domain::{AttentionId, Timestamp};

use super::{Conn, dialect};
use crate::error::{Corrupt, QueryError};
use crate::rows::UnbilledRow;
use crate::sql_type::Instant;
use crate::value::At;

type Range = (Timestamp, Timestamp);

/// Unbilled attempts of some ranges as they were at an instant. All ranges are read together, as the stretches between
/// their ends: the day is part of its month.
pub(crate) fn unbilled_as_of(
    conn: &mut Conn,
    ranges: &[Range],
    as_of: Timestamp,
    limit: u16,
) -> Result<Vec<Vec<AttentionRow>>, QueryError> {
    let stretches = stretches(ranges);
    let (Some((from, _)), Some((_, until))) = (stretches.first(), stretches.last()) else {
        return Ok(vec![Vec::new(); ranges.len()]);
    };
    let rows: Vec<UnbilledRow> = sql_query(statement(&stretches))
        .bind::<Instant, _>(At(*from))
        .bind::<Instant, _>(At(*until))
        .bind::<Instant, _>(At(as_of))
        .bind::<BigInt, _>(i64::from(limit) * i64::try_from(stretches.len()).unwrap_or(i64::MAX))
        .load(conn)?;
    let mut found: Vec<BTreeMap<AttentionId, AttentionRow>> = vec![BTreeMap::new(); ranges.len()];
    for row in rows {
        let stretch = usize::try_from(row.stretch).ok().and_then(|at| stretches.get(at));
        let (begins, ends) = *stretch.ok_or_else(|| Corrupt::new("stretch", row.stretch.to_string()))?;
        let row = AttentionRow::try_from(row)?;
        for (range, groups) in ranges.iter().zip(&mut found) {
            if range.0 <= begins && ends <= range.1 {
                add(groups, &row)?;
            }
        }
    }
    let ranked = found.into_iter().map(|groups| ranked(groups, limit));
    Ok(ranked.collect())
}

/// The time of all ranges, cut where any of them begins or ends.
fn stretches(ranges: &[Range]) -> Vec<Range> {
    let mut bounds: Vec<Timestamp> = ranges.iter().flat_map(|range| [range.0, range.1]).collect();
    bounds.sort_unstable();
    bounds.dedup();
    let stretches = bounds.iter().copied().zip(bounds.iter().copied().skip(1));
    stretches.collect()
}

/// Attempts whose latest revision was unbilled, by stretch. The status is the partial index's, and so is `later.revision`.
fn statement(stretches: &[Range]) -> String {
    let cases = stretches.iter().enumerate().map(|(at, (_, until))| {
        let until = dialect::instant_literal(*until);
        format!("WHEN e.occurred_at < {until} THEN {at}")
    });
    let cases: Vec<String> = cases.collect();
    format!(
        "SELECT
            CAST(CASE {} END AS BIGINT) AS stretch,
            reason, upstream_id, MAX(upstream_name) AS upstream_name, provider,
            COALESCE(model_sent, model_requested) AS model_sent, model_served,
            COUNT(*) AS count,
            CAST(COALESCE(SUM(input_tokens), 0) AS BIGINT) AS input_tokens,
            CAST(COALESCE(SUM(cache_read_tokens), 0) AS BIGINT) AS cache_read_tokens,
            CAST(COALESCE(SUM(cache_write_tokens), 0) AS BIGINT) AS cache_write_tokens,
            CAST(COALESCE(SUM(output_tokens), 0) AS BIGINT) AS output_tokens,
            CAST(COALESCE(SUM(reasoning_tokens), 0) AS BIGINT) AS reasoning_tokens,
            MIN(occurred_at) AS first_at, MAX(occurred_at) AS last_at
        FROM ledger_entries e
        WHERE e.status = 'unbilled' AND e.occurred_at >= $1 AND e.occurred_at < $2 AND e.recorded_at <= $3
            AND NOT EXISTS (
                SELECT 1 FROM ledger_entries later
                WHERE later.event_id = e.event_id AND later.revision > e.revision AND later.revision > 0
                    AND later.recorded_at <= $3
            )
        GROUP BY 1, reason, upstream_id, provider, COALESCE(model_sent, model_requested), model_served
        ORDER BY COUNT(*) DESC, 1, reason, provider, COALESCE(model_sent, model_requested), model_served
        LIMIT $4",
        cases.join(" ")
    )
}

fn add(groups: &mut BTreeMap<AttentionId, AttentionRow>, row: &AttentionRow) -> Result<(), Corrupt> {
    let Some(sum) = groups.get_mut(&row.id) else {
        groups.insert(row.id.clone(), row.clone());
        return Ok(());
    };
    sum.values = sum
        .values
        .checked_add(row.values)
        .map_err(Corrupt::of("unbilled attempts"))?;
    sum.first_seen = sum.first_seen.min(row.first_seen);
    if row.last_seen >= sum.last_seen {
        sum.last_seen = row.last_seen;
        sum.upstream_name.clone_from(&row.upstream_name);
    }
    Ok(())
}

/// The most frequent first.
fn ranked(groups: BTreeMap<AttentionId, AttentionRow>, limit: u16) -> Vec<AttentionRow> {
    let mut rows: Vec<AttentionRow> = groups.into_values().collect();
    // Those that are equally frequent stay in the order of their ids.
    rows.sort_by_key(|row| std::cmp::Reverse(row.values.count));
    rows.truncate(usize::from(limit));
    rows
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn ranges_are_cut_where_any_begins_or_ends() {
        let at = |hours| Timestamp::UNIX_EPOCH + TimeDelta::hours(hours);
        let range = |from, until| (at(from), at(until));
        assert_eq!(
            stretches(&[range(10, 40), range(20, 30), range(10, 20), range(50, 60)]),
            [
                range(10, 20),
                range(20, 30),
                range(30, 40),
                range(40, 50),
                range(50, 60)
            ]
        );
        assert_eq!(stretches(&[]), []);
    }
}
