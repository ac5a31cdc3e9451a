//! Rollups and sums over them.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};
use tollgate_domain::ports::UnbilledGroup;
use tollgate_domain::{LatencyBin, LatencyMetric, RollupDelta, RollupKey};

use super::stored::number;
use crate::error::Corrupt;
use crate::schema::{rollup_histograms, rollups};
use crate::sql_type::Instant;
use crate::value::{At, Id, Money};

/// A row of `rollups`, or what is added to one.
#[derive(Debug, Insertable)]
#[diesel(table_name = rollups, treat_none_as_default_value = false)]
pub(crate) struct RollupRow {
    bucket: At,
    writer: Id,
    key_id: Id,
    team: String,
    upstream_id: Id,
    model: String,
    attempts: i64,
    billed: i64,
    unbilled: i64,
    no_charge: i64,
    input_tokens: i64,
    cache_read_tokens: i64,
    cache_write_tokens: i64,
    output_tokens: i64,
    reasoning_tokens: i64,
    list_cost: Money,
    cost: Money,
    charge: Money,
    estimated_cost: Money,
}

/// A row of `rollup_histograms`, or what is added to one.
#[derive(Debug, Insertable)]
#[diesel(table_name = rollup_histograms, treat_none_as_default_value = false)]
pub(crate) struct HistogramRow {
    bucket: At,
    writer: Id,
    key_id: Id,
    team: String,
    upstream_id: Id,
    model: String,
    metric: String,
    bin: i32,
    count: i64,
}

/// Sums over rollups; money as text, for neither database's sum fits a column of the other.
#[derive(Debug, QueryableByName)]
pub(crate) struct TotalsRow {
    #[diesel(sql_type = BigInt)]
    pub(crate) attempts: i64,
    #[diesel(sql_type = BigInt)]
    pub(crate) billed: i64,
    #[diesel(sql_type = BigInt)]
    pub(crate) unbilled: i64,
    #[diesel(sql_type = BigInt)]
    pub(crate) no_charge: i64,
    #[diesel(sql_type = BigInt)]
    pub(crate) input_tokens: i64,
    #[diesel(sql_type = BigInt)]
    pub(crate) cache_read_tokens: i64,
    #[diesel(sql_type = BigInt)]
    pub(crate) cache_write_tokens: i64,
    #[diesel(sql_type = BigInt)]
    pub(crate) output_tokens: i64,
    #[diesel(sql_type = BigInt)]
    pub(crate) reasoning_tokens: i64,
    #[diesel(sql_type = Text)]
    pub(crate) list_cost: String,
    #[diesel(sql_type = Text)]
    pub(crate) cost: String,
    #[diesel(sql_type = Text)]
    pub(crate) charge: String,
    #[diesel(sql_type = Text)]
    pub(crate) estimated_cost: String,
}

/// One group of unbilled attempts.
#[derive(Debug, QueryableByName)]
pub(crate) struct UnbilledRow {
    #[diesel(sql_type = Text)]
    reason: String,
    #[diesel(sql_type = Nullable<Text>)]
    model: Option<String>,
    #[diesel(sql_type = BigInt)]
    attempts: i64,
    #[diesel(sql_type = BigInt)]
    input_tokens: i64,
    #[diesel(sql_type = BigInt)]
    output_tokens: i64,
    #[diesel(sql_type = Instant)]
    last_seen: At,
    #[diesel(sql_type = Text)]
    last_upstream: String,
}

impl From<&RollupDelta> for RollupRow {
    fn from(delta: &RollupDelta) -> Self {
        let (key, values) = (&delta.key, delta.values);
        Self {
            bucket: At(key.bucket),
            writer: Id(key.writer.uuid()),
            key_id: Id(key.key_id.uuid()),
            team: key.team.clone(),
            upstream_id: Id(key.upstream_id.uuid()),
            model: key.model.clone(),
            attempts: values.attempts,
            billed: values.billed,
            unbilled: values.unbilled,
            no_charge: values.no_charge,
            input_tokens: values.input_tokens,
            cache_read_tokens: values.cache_read_tokens,
            cache_write_tokens: values.cache_write_tokens,
            output_tokens: values.output_tokens,
            reasoning_tokens: values.reasoning_tokens,
            list_cost: Money(values.list_cost),
            cost: Money(values.cost),
            charge: Money(values.charge),
            estimated_cost: Money(values.estimated_cost),
        }
    }
}

impl HistogramRow {
    pub(crate) fn new(key: &RollupKey, metric: LatencyMetric, bin: LatencyBin, count: i64) -> Self {
        Self {
            bucket: At(key.bucket),
            writer: Id(key.writer.uuid()),
            key_id: Id(key.key_id.uuid()),
            team: key.team.clone(),
            upstream_id: Id(key.upstream_id.uuid()),
            model: key.model.clone(),
            metric: metric.as_str().to_owned(),
            bin: i32::from(bin.0),
            count,
        }
    }
}

impl TryFrom<UnbilledRow> for UnbilledGroup {
    type Error = Corrupt;

    fn try_from(row: UnbilledRow) -> Result<Self, Corrupt> {
        Ok(Self {
            reason: row.reason,
            model: row.model,
            attempts: number("attempts", row.attempts)?,
            input_tokens: number("tokens", row.input_tokens)?,
            output_tokens: number("tokens", row.output_tokens)?,
            last_seen: row.last_seen.0,
            last_upstream: row.last_upstream,
        })
    }
}
