//! Sums for the admin API.

use diesel::prelude::*;
use diesel::sql_query;
use tollgate_domain::ports::{Totals, UnbilledGroup};
use tollgate_domain::{RollupValues, Timestamp};

use super::{Conn, dialect};
use crate::error::QueryError;
use crate::rows::{TotalsRow, UnbilledRow};
use crate::sql_type::Instant;
use crate::value::At;

const COUNTS: [&str; 9] = [
    "attempts",
    "billed",
    "unbilled",
    "no_charge",
    "input_tokens",
    "cache_read_tokens",
    "cache_write_tokens",
    "output_tokens",
    "reasoning_tokens",
];
const AMOUNTS: [&str; 4] = ["list_cost", "cost", "charge", "estimated_cost"];

/// Latest revisions that are unbilled, with the group's sums on each row, of which the latest is kept.
const UNBILLED: &str = "
    SELECT reason, model, attempts, input_tokens, output_tokens, last_seen, last_upstream
    FROM (
        SELECT
            reason, model, occurred_at AS last_seen, upstream_name AS last_upstream,
            COUNT(*) OVER same AS attempts,
            CAST(COALESCE(SUM(input_tokens) OVER same, 0) AS BIGINT) AS input_tokens,
            CAST(COALESCE(SUM(output_tokens) OVER same, 0) AS BIGINT) AS output_tokens,
            ROW_NUMBER() OVER (PARTITION BY reason, model ORDER BY occurred_at DESC, event_id DESC) AS place
        FROM (
            SELECT
                e.event_id, e.reason, e.occurred_at, e.upstream_name, e.input_tokens, e.output_tokens,
                COALESCE(e.model_served, e.model_sent, e.model_requested) AS model
            FROM ledger_entries e
            WHERE e.status = 'unbilled' AND e.occurred_at >= $1 AND e.occurred_at < $2
                AND NOT EXISTS (
                    SELECT 1 FROM ledger_entries later
                    WHERE later.event_id = e.event_id AND later.revision > e.revision
                )
        ) AS open_attempts
        WINDOW same AS (PARTITION BY reason, model)
    ) AS groups
    WHERE place = 1
    ORDER BY attempts DESC, last_seen DESC, reason, model";

/// Sums over the buckets of a range.
pub(crate) fn totals(conn: &mut Conn, from: Timestamp, until: Timestamp) -> Result<Totals, QueryError> {
    let counts = COUNTS.map(|column| format!("CAST(COALESCE(SUM({column}), 0) AS BIGINT) AS {column}"));
    let amounts = AMOUNTS.map(|column| format!("{} AS {column}", dialect::money_sum(column)));
    let query = format!(
        "SELECT {}, {} FROM rollups WHERE bucket >= $1 AND bucket < $2",
        counts.join(", "),
        amounts.join(", ")
    );
    let row: TotalsRow = sql_query(query)
        .bind::<Instant, _>(At(from))
        .bind::<Instant, _>(At(until))
        .get_result(conn)?;
    Ok(Totals {
        values: RollupValues {
            attempts: row.attempts,
            billed: row.billed,
            unbilled: row.unbilled,
            no_charge: row.no_charge,
            input_tokens: row.input_tokens,
            cache_read_tokens: row.cache_read_tokens,
            cache_write_tokens: row.cache_write_tokens,
            output_tokens: row.output_tokens,
            reasoning_tokens: row.reasoning_tokens,
            list_cost: dialect::read_sum(&row.list_cost)?,
            cost: dialect::read_sum(&row.cost)?,
            charge: dialect::read_sum(&row.charge)?,
            estimated_cost: dialect::read_sum(&row.estimated_cost)?,
        },
    })
}

/// Unbilled attempts of a range, by reason and model.
pub(crate) fn unbilled(
    conn: &mut Conn,
    from: Timestamp,
    until: Timestamp,
) -> Result<Vec<UnbilledGroup>, QueryError> {
    let rows: Vec<UnbilledRow> = sql_query(UNBILLED)
        .bind::<Instant, _>(At(from))
        .bind::<Instant, _>(At(until))
        .load(conn)?;
    let groups: Result<_, _> = rows.into_iter().map(UnbilledGroup::try_from).collect();
    Ok(groups?)
}
