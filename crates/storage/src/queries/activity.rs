//! What single keys and upstreams did.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_query;
use tollgate_domain::RollupValues;
use tollgate_domain::Timestamp;
use tollgate_domain::ports::{Activity, ActivitySpan};
use uuid::Uuid;

use super::sums::{Columns, summed};
use super::{Conn, dialect};
use crate::cube::id_member;
use crate::error::{Corrupt, QueryError};
use crate::rows::{LastUsedRow, SumRow};
use crate::sql_type::Instant;
use crate::value::At;

/// Ids a statement.
const IDS: usize = 200;

/// Activity of keys.
pub(crate) fn of_keys(
    conn: &mut Conn,
    ids: &[Uuid],
    span: ActivitySpan,
) -> Result<HashMap<Uuid, Activity>, QueryError> {
    activity(conn, ("api_keys", "key_id", "key"), ids, span)
}

/// Activity of upstreams.
pub(crate) fn of_upstreams(
    conn: &mut Conn,
    ids: &[Uuid],
    span: ActivitySpan,
) -> Result<HashMap<Uuid, Activity>, QueryError> {
    activity(conn, ("upstreams", "upstream_id", "upstream"), ids, span)
}

fn activity(
    conn: &mut Conn,
    (table, column, dims): (&str, &str, &str),
    ids: &[Uuid],
    span: ActivitySpan,
) -> Result<HashMap<Uuid, Activity>, QueryError> {
    let mut found: HashMap<Uuid, Activity> = HashMap::new();
    for chunk in ids.chunks(IDS) {
        let literals: Vec<String> = chunk.iter().map(|id| dialect::id_literal(*id)).collect();
        let list = literals.join(", ");
        let members: Vec<String> = chunk.iter().map(|id| format!("'{}'", id_member(*id))).collect();
        let members = members.join(", ");
        dialect::snapshot(conn, |conn| {
            for row in last_used(conn, table, column, &list)? {
                let used_at = row.logged_at.max(row.bucket);
                found.entry(row.id.0).or_default().last_used_at = used_at.map(|at| at.0);
            }
            for (id, sums) in sums(conn, dims, &members, span.month)? {
                found.entry(id).or_default().month = sums;
            }
            for (id, sums) in sums(conn, dims, &members, span.today)? {
                found.entry(id).or_default().today = sums;
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
    dims: &str,
    members: &str,
    (from, until): (Timestamp, Timestamp),
) -> Result<Vec<(Uuid, RollupValues)>, QueryError> {
    let query = format!(
        "SELECT MIN(bucket) AS bucket, two AS member, {} FROM rollup_groups
        WHERE bucket >= $1 AND bucket < $2 AND dims = '{dims}' AND span = 'day' AND two IN ({members})
        GROUP BY two",
        summed(Columns::All),
    );
    let rows: Vec<SumRow> = sql_query(query)
        .bind::<Instant, _>(At(from))
        .bind::<Instant, _>(At(until))
        .load(conn)?;
    rows.iter()
        .map(|row| {
            let id = Uuid::parse_str(&row.member)
                .map_err(|error| Corrupt::new("rollup member", error.to_string()))?;
            Ok((id, row.values(dialect::read_sum)?))
        })
        .collect()
}
