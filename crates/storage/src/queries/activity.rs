//! What single keys and upstreams did.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_query;
use tollgate_domain::ports::{Activity, ActivitySpan, SumFilter, SumGroup};
use tollgate_domain::{Piece, RollupSpan, RollupValues};
use uuid::Uuid;

use super::readings::Reading;
use super::sum_source::Asked;
use super::{Conn, derived, dialect, frames};
use crate::error::{Corrupt, QueryError};
use crate::frame::{Holds, Sums};
use crate::rows::LastUsedRow;

/// Ids a statement.
const IDS: usize = 200;

/// Activity of keys.
pub(crate) fn of_keys(
    conn: &mut Conn,
    ids: &[Uuid],
    span: ActivitySpan,
) -> Result<HashMap<Uuid, Activity>, QueryError> {
    activity(conn, ("api_keys", "key_id", SumGroup::Key), ids, span)
}

/// Activity of upstreams.
pub(crate) fn of_upstreams(
    conn: &mut Conn,
    ids: &[Uuid],
    span: ActivitySpan,
) -> Result<HashMap<Uuid, Activity>, QueryError> {
    activity(conn, ("upstreams", "upstream_id", SumGroup::Upstream), ids, span)
}

fn activity(
    conn: &mut Conn,
    (table, column, group): (&str, &str, SumGroup),
    ids: &[Uuid],
    span: ActivitySpan,
) -> Result<HashMap<Uuid, Activity>, QueryError> {
    let mut found: HashMap<Uuid, Activity> = HashMap::new();
    for chunk in ids.chunks(IDS) {
        let literals: Vec<String> = chunk.iter().map(|id| dialect::id_literal(*id)).collect();
        let list = literals.join(", ");
        let members: Vec<String> = chunk.iter().map(Uuid::to_string).collect();
        dialect::snapshot(conn, |conn| {
            for row in last_used(conn, table, column, &list)? {
                let used_at = row.logged_at.max(row.bucket);
                found.entry(row.id.0).or_default().last_used_at = used_at.map(|at| at.0);
            }
            for (id, (month, today)) in sums(conn, group, &members, span)? {
                let activity = found.entry(id).or_default();
                (activity.month, activity.today) = (month, today);
            }
            Ok(())
        })?;
    }
    Ok(found)
}

/// By index; where logs have been pruned, the rollups still know the quarter of an hour.
fn last_used(conn: &mut Conn, table: &str, column: &str, list: &str) -> Result<Vec<LastUsedRow>, QueryError> {
    let query = format!(
        "SELECT it.id AS id,
            (SELECT MAX(l.occurred_at) FROM request_logs l WHERE l.{column} = it.id) AS logged_at,
            (SELECT MAX(r.bucket) FROM rollups r WHERE r.{column} = it.id) AS bucket
        FROM {table} it WHERE it.id IN ({list})"
    );
    Ok(sql_query(query).load(conn)?)
}

/// Of whole days of the accounting zone.
fn sums(
    conn: &mut Conn,
    group: SumGroup,
    members: &[String],
    span: ActivitySpan,
) -> Result<HashMap<Uuid, (RollupValues, RollupValues)>, QueryError> {
    let zone = derived::zone(conn)?;
    let days = |(from, until)| {
        Reading::of(Piece {
            span: RollupSpan::Day,
            from,
            until,
        })
    };
    let filter = SumFilter::default();
    let asked = Asked {
        group: Some(group),
        filter: &filter,
        members: Some(members),
    };
    let mut found: HashMap<Uuid, (RollupValues, RollupValues)> = HashMap::new();
    let Some(cube) = asked.cube() else {
        return Ok(found);
    };
    let (today, month) = (days(span.today), days(span.month));
    // Today is of this month.
    let held = (Holds::Sums, zone);
    frames::read(conn, (asked, cube), held, &month, |member, buckets| {
        let id = Uuid::parse_str(&member).map_err(Corrupt::of("rollup member"))?;
        let (of_month, of_today) = found.entry(id).or_default();
        for bucket in buckets {
            let (day, bytes) = bucket?;
            let values = Sums::unpack_values(bytes)?;
            *of_month = of_month.checked_add(values).map_err(Corrupt::of("sum"))?;
            if today.has(day) {
                *of_today = of_today.checked_add(values).map_err(Corrupt::of("sum"))?;
            }
        }
        Ok(())
    })?;
    Ok(found)
}
