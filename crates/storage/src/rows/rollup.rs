//! Rollups and sums over them.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use tollgate_domain::{LatencyBin, LatencyMetric, RollupKey, RollupValues};

use crate::error::Corrupt;
use crate::schema::{rollup_histograms, rollup_late, rollup_spans, rollups};
use crate::sql_type::Instant;
use crate::value::{At, Id, Money};

/// Declares the rows of the tables that sum the same columns.
macro_rules! rows {
    ($($(#[$doc:meta])* $row:ident of $table:ident { $($own:ident: $kind:ty),* })+) => {$(
        $(#[$doc])*
        #[derive(Debug, Insertable)]
        #[diesel(table_name = $table, treat_none_as_default_value = false)]
        pub(crate) struct $row {
            $($own: $kind,)*
            bucket: At,
            writer: Id,
            key_id: Id,
            team: String,
            upstream_id: Id,
            model: String,
            requests: i64,
            attempts: i64,
            billed: i64,
            unbilled: i64,
            no_charge: i64,
            estimated: i64,
            input_tokens: i64,
            cache_read_tokens: i64,
            cache_write_tokens: i64,
            output_tokens: i64,
            reasoning_tokens: i64,
            unbilled_input_tokens: i64,
            unbilled_output_tokens: i64,
            list_cost: Money,
            cost: Money,
            charge: Money,
            estimated_list_cost: Money,
            estimated_cost: Money,
            estimated_charge: Money,
        }

        impl $row {
            /// What is added to the row of a key.
            pub(crate) fn new($($own: $kind,)* key: &RollupKey, values: &RollupValues) -> Self {
                Self {
                    $($own,)*
                    bucket: At(key.bucket),
                    writer: Id(key.writer.uuid()),
                    key_id: Id(key.key_id.uuid()),
                    team: key.team.clone(),
                    upstream_id: Id(key.upstream_id.uuid()),
                    model: key.model.clone(),
                    requests: values.requests,
                    attempts: values.attempts,
                    billed: values.billed,
                    unbilled: values.unbilled,
                    no_charge: values.no_charge,
                    estimated: values.estimated,
                    input_tokens: values.input_tokens,
                    cache_read_tokens: values.cache_read_tokens,
                    cache_write_tokens: values.cache_write_tokens,
                    output_tokens: values.output_tokens,
                    reasoning_tokens: values.reasoning_tokens,
                    unbilled_input_tokens: values.unbilled_input_tokens,
                    unbilled_output_tokens: values.unbilled_output_tokens,
                    list_cost: Money(values.list_cost),
                    cost: Money(values.cost),
                    charge: Money(values.charge),
                    estimated_list_cost: Money(values.estimated_list_cost),
                    estimated_cost: Money(values.estimated_cost),
                    estimated_charge: Money(values.estimated_charge),
                }
            }
        }
    )+};
}

rows! {
    /// A row of `rollups`, or what is added to one.
    RollupRow of rollups {}
    /// A row of `rollup_spans`, or what is added to one.
    SpanSumRow of rollup_spans { span: &'static str }
    /// A row of `rollup_late`, or what is added to one.
    LateRow of rollup_late { recorded: At }
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

/// Sums of a bucket and a member of a group; money as text, for neither database's sum fits a column of the other.
#[derive(Debug, QueryableByName)]
pub(crate) struct SumRow {
    #[diesel(sql_type = Instant)]
    pub(crate) bucket: At,
    #[diesel(sql_type = Text)]
    pub(crate) member: String,
    #[diesel(sql_type = BigInt)]
    requests: i64,
    #[diesel(sql_type = BigInt)]
    attempts: i64,
    #[diesel(sql_type = BigInt)]
    billed: i64,
    #[diesel(sql_type = BigInt)]
    unbilled: i64,
    #[diesel(sql_type = BigInt)]
    no_charge: i64,
    #[diesel(sql_type = BigInt)]
    estimated: i64,
    #[diesel(sql_type = BigInt)]
    input_tokens: i64,
    #[diesel(sql_type = BigInt)]
    cache_read_tokens: i64,
    #[diesel(sql_type = BigInt)]
    cache_write_tokens: i64,
    #[diesel(sql_type = BigInt)]
    output_tokens: i64,
    #[diesel(sql_type = BigInt)]
    reasoning_tokens: i64,
    #[diesel(sql_type = BigInt)]
    unbilled_input_tokens: i64,
    #[diesel(sql_type = BigInt)]
    unbilled_output_tokens: i64,
    #[diesel(sql_type = Text)]
    list_cost: String,
    #[diesel(sql_type = Text)]
    cost: String,
    #[diesel(sql_type = Text)]
    charge: String,
    #[diesel(sql_type = Text)]
    estimated_list_cost: String,
    #[diesel(sql_type = Text)]
    estimated_cost: String,
    #[diesel(sql_type = Text)]
    estimated_charge: String,
}

impl SumRow {
    /// The columns that are counts.
    pub(crate) const COUNTS: [&'static str; 13] = [
        "requests",
        "attempts",
        "billed",
        "unbilled",
        "no_charge",
        "estimated",
        "input_tokens",
        "cache_read_tokens",
        "cache_write_tokens",
        "output_tokens",
        "reasoning_tokens",
        "unbilled_input_tokens",
        "unbilled_output_tokens",
    ];
    /// The columns that are amounts.
    pub(crate) const AMOUNTS: [&'static str; 6] = [
        "list_cost",
        "cost",
        "charge",
        "estimated_list_cost",
        "estimated_cost",
        "estimated_charge",
    ];

    /// The sums, read by the database's own reader of amounts.
    pub(crate) fn values(
        &self,
        usd: impl Fn(&str) -> Result<tollgate_domain::Usd, Corrupt>,
    ) -> Result<RollupValues, Corrupt> {
        Ok(RollupValues {
            requests: self.requests,
            attempts: self.attempts,
            billed: self.billed,
            unbilled: self.unbilled,
            no_charge: self.no_charge,
            estimated: self.estimated,
            input_tokens: self.input_tokens,
            cache_read_tokens: self.cache_read_tokens,
            cache_write_tokens: self.cache_write_tokens,
            output_tokens: self.output_tokens,
            reasoning_tokens: self.reasoning_tokens,
            unbilled_input_tokens: self.unbilled_input_tokens,
            unbilled_output_tokens: self.unbilled_output_tokens,
            list_cost: usd(&self.list_cost)?,
            cost: usd(&self.cost)?,
            charge: usd(&self.charge)?,
            estimated_list_cost: usd(&self.estimated_list_cost)?,
            estimated_cost: usd(&self.estimated_cost)?,
            estimated_charge: usd(&self.estimated_charge)?,
        })
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
