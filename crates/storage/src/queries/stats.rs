//! Statistics over rollups.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Text;
use tollgate_domain::ports::{StatsBy, StatsFilter, StatsGroup};
use tollgate_domain::{LatencyBin, LatencyMetric, RollupExtras, RollupValues};

use super::{Conn, dialect};
use crate::error::{Corrupt, QueryError};
use crate::rows::{ExtrasSumRow, HistogramSumRow, RequestSumRow, StatsRow};
use crate::schema::{api_keys, upstreams};
use crate::sql_type::{Instant, UniqueId};
use crate::value::{At, Id};

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
const EXTRAS: [&str; 4] = [
    "timed_output_tokens",
    "generation_us",
    "cache_known",
    "cache_unknown",
];
const AMOUNTS: [&str; 3] = ["list_cost", "cost", "charge"];
/// Ids a statement.
const IDS: usize = 1_000;

/// What a group is of.
type Of = (Option<Id>, String);

/// Every group's sums, in a snapshot.
pub(crate) fn stats(
    conn: &mut Conn,
    filter: &StatsFilter,
    by: StatsBy,
) -> Result<Vec<StatsGroup>, QueryError> {
    dialect::snapshot(conn, |conn| {
        let mut groups: BTreeMap<Of, StatsGroup> = BTreeMap::new();
        add_requests(conn, filter, by, &mut groups)?;
        add_sums(conn, filter, by, &mut groups)?;
        add_extras(conn, filter, by, &mut groups)?;
        add_latencies(conn, filter, by, &mut groups)?;
        let names = names(
            conn,
            by,
            &groups.keys().filter_map(|(id, _)| *id).collect::<Vec<_>>(),
        )?;
        let groups = groups.into_iter().map(|((id, text), group)| StatsGroup {
            // All zeros: nothing was sent.
            of: id.map_or(text, |id| {
                if id.0.is_nil() {
                    String::new()
                } else {
                    id.0.to_string()
                }
            }),
            name: id.and_then(|id| names.get(&id).cloned()),
            ..group
        });
        Ok(groups.collect())
    })
}

fn add_requests(
    conn: &mut Conn,
    filter: &StatsFilter,
    by: StatsBy,
    groups: &mut BTreeMap<Of, StatsGroup>,
) -> Result<(), QueryError> {
    let columns = format!(
        "{}, error_origin, status_class, CAST(SUM(requests) AS BIGINT) AS requests",
        group_columns(by)
    );
    let further = [group_column(by), "error_origin", "status_class"];
    let rows: Vec<RequestSumRow> = summed(&columns, "request_rollups", filter, &further).load(conn)?;
    for row in rows {
        let class = u8::try_from(row.status_class).map_err(Corrupt::of("status class"))?;
        let requests = u64::try_from(row.requests).map_err(Corrupt::of("requests"))?;
        let group = groups.entry(of(row.id, row.text)).or_default();
        group.requests.insert((row.error_origin, class), requests);
    }
    Ok(())
}

fn add_sums(
    conn: &mut Conn,
    filter: &StatsFilter,
    by: StatsBy,
    groups: &mut BTreeMap<Of, StatsGroup>,
) -> Result<(), QueryError> {
    let counts = COUNTS.map(|column| format!("CAST(COALESCE(SUM({column}), 0) AS BIGINT) AS {column}"));
    let amounts = AMOUNTS.map(|column| format!("{} AS {column}", dialect::money_sum(column)));
    let columns = format!(
        "{}, {}, {}",
        group_columns(by),
        counts.join(", "),
        amounts.join(", ")
    );
    let rows: Vec<StatsRow> = summed(&columns, "rollups", filter, &[group_column(by)]).load(conn)?;
    for row in rows {
        let values = values(&row)?;
        groups.entry(of(row.id, row.text)).or_default().values = values;
    }
    Ok(())
}

fn add_extras(
    conn: &mut Conn,
    filter: &StatsFilter,
    by: StatsBy,
    groups: &mut BTreeMap<Of, StatsGroup>,
) -> Result<(), QueryError> {
    let counts = EXTRAS.map(|column| format!("CAST(COALESCE(SUM({column}), 0) AS BIGINT) AS {column}"));
    let columns = format!(
        "{}, {}, {} AS cache_saved_cost",
        group_columns(by),
        counts.join(", "),
        dialect::money_sum("cache_saved_cost")
    );
    let rows: Vec<ExtrasSumRow> =
        summed(&columns, "rollup_extras", filter, &[group_column(by)]).load(conn)?;
    for row in rows {
        let extras = RollupExtras {
            timed_output_tokens: row.timed_output_tokens,
            generation_us: row.generation_us,
            cache_saved_cost: dialect::read_sum(&row.cache_saved_cost)?,
            cache_known: row.cache_known,
            cache_unknown: row.cache_unknown,
        };
        groups.entry(of(row.id, row.text)).or_default().extras = extras;
    }
    Ok(())
}

fn values(row: &StatsRow) -> Result<RollupValues, Corrupt> {
    Ok(RollupValues {
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
        ..RollupValues::default()
    })
}

fn add_latencies(
    conn: &mut Conn,
    filter: &StatsFilter,
    by: StatsBy,
    groups: &mut BTreeMap<Of, StatsGroup>,
) -> Result<(), QueryError> {
    let columns = format!(
        "{}, metric, bin, CAST(SUM(count) AS BIGINT) AS count",
        group_columns(by)
    );
    let further = [group_column(by), "metric", "bin"];
    let rows: Vec<HistogramSumRow> = summed(&columns, "rollup_histograms", filter, &further).load(conn)?;
    for row in rows {
        let metric = LatencyMetric::from_name(&row.metric)
            .ok_or_else(|| Corrupt::new("latency metric", format!("{:?} is not known", row.metric)))?;
        let bin = i16::try_from(row.bin).map_err(Corrupt::of("latency bin"))?;
        let group = groups.entry(of(row.id, row.text)).or_default();
        group.histogram.insert((metric, LatencyBin(bin)), row.count);
    }
    Ok(())
}

/// A query of sums over the buckets of a filter.
fn summed(
    columns: &str,
    table: &str,
    filter: &StatsFilter,
    grouping: &[&str],
) -> diesel::query_builder::BoxedSqlQuery<'static, dialect::Backend, diesel::query_builder::SqlQuery> {
    let narrowed = [
        ("key_id", filter.key_id.is_some()),
        ("upstream_id", filter.upstream_id.is_some()),
        ("team", filter.team.is_some()),
        ("model", filter.model.is_some()),
    ];
    let narrowed = narrowed.into_iter().filter(|(_, is_set)| *is_set).zip(3_u8..);
    let conditions: Vec<String> = narrowed
        .map(|((column, _), place)| format!(" AND {column} = ${place}"))
        .collect();
    let query = format!(
        "SELECT {columns} FROM {table} WHERE bucket >= $1 AND bucket < $2{} GROUP BY {}",
        conditions.concat(),
        grouping.join(", ")
    );
    let mut bound = sql_query(query)
        .into_boxed::<dialect::Backend>()
        .bind::<Instant, _>(At(filter.from))
        .bind::<Instant, _>(At(filter.until));
    if let Some(key) = filter.key_id {
        bound = bound.bind::<UniqueId, _>(Id(key.uuid()));
    }
    if let Some(upstream) = filter.upstream_id {
        bound = bound.bind::<UniqueId, _>(Id(upstream.uuid()));
    }
    if let Some(team) = filter.team.clone() {
        bound = bound.bind::<Text, _>(team);
    }
    if let Some(model) = filter.model.clone() {
        bound = bound.bind::<Text, _>(model);
    }
    bound
}

const fn group_column(by: StatsBy) -> &'static str {
    match by {
        StatsBy::Upstream => "upstream_id",
        StatsBy::Key => "key_id",
        StatsBy::Team => "team",
        StatsBy::Model => "model",
    }
}

/// The group as an id or as a text.
fn group_columns(by: StatsBy) -> String {
    let column = group_column(by);
    match by {
        StatsBy::Upstream | StatsBy::Key => format!("{column} AS id, NULL AS text"),
        StatsBy::Team | StatsBy::Model => format!("NULL AS id, {column} AS text"),
    }
}

fn of(id: Option<Id>, text: Option<String>) -> Of {
    (id, text.unwrap_or_default())
}

/// What the ids are called now; whoever was removed keeps its last name.
fn names(conn: &mut Conn, by: StatsBy, ids: &[Id]) -> Result<BTreeMap<Id, String>, QueryError> {
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
        names.extend(found);
    }
    Ok(names)
}
