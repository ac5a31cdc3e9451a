//! Rollups and sums over them.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use tollgate_domain::{LatencyBin, LatencyMetric, RollupExtras, RollupKey, RollupValues, Usd};

use super::columns::{ExtrasColumns, KeyColumns, ValueColumns};
use crate::error::Corrupt;
use crate::schema::{request_rollups, rollup_extras, rollup_histograms, rollup_late, rollups};
use crate::sql_type::Instant;
use crate::sum_columns::with_columns;
use crate::value::At;

/// Declares the rows of tables that are keyed alike: what is added to one of theirs.
macro_rules! rows {
    ($($(#[$doc:meta])* $row:ident of $table:ident { $($own:ident: $kind:ty),* } $sums:ident $columns:ident)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Insertable)]
        #[diesel(table_name = $table, treat_none_as_default_value = false)]
        pub(crate) struct $row {
            $($own: $kind,)*
            #[diesel(embed)]
            key: KeyColumns,
            #[diesel(embed)]
            sums: $columns,
        }

        impl $row {
            pub(crate) fn new($($own: $kind,)* key: &RollupKey, sums: &$sums) -> Self {
                Self {
                    $($own,)*
                    key: key.into(),
                    sums: sums.into(),
                }
            }
        }
    )+};
}

rows! {
    /// A row of `rollups`, or what is added to one.
    RollupRow of rollups {} RollupValues ValueColumns
    /// A row of `rollup_late`, or what is added to one.
    LateRow of rollup_late { recorded: At } RollupValues ValueColumns
    /// A row of `rollup_extras`, or what is added to one.
    ExtrasRow of rollup_extras {} RollupExtras ExtrasColumns
}

/// A row of `rollup_histograms`, or what is added to one.
#[derive(Debug, Insertable)]
#[diesel(table_name = rollup_histograms, treat_none_as_default_value = false)]
pub(crate) struct HistogramRow {
    #[diesel(embed)]
    key: KeyColumns,
    metric: &'static str,
    bin: i32,
    count: i64,
}

/// A row of `request_rollups`, or what is added to one.
#[derive(Debug, Insertable)]
#[diesel(table_name = request_rollups, treat_none_as_default_value = false)]
pub(crate) struct RequestRollupRow {
    #[diesel(embed)]
    key: KeyColumns,
    error_origin: String,
    status_class: i32,
    requests: i64,
}

/// How a request ended, and what it is counted with.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct RequestRollupKey {
    pub(crate) key: RollupKey,
    pub(crate) error_origin: String,
    pub(crate) status_class: i32,
}

/// Declares the row of a statement that sums.
macro_rules! sum_row {
    ($($count:ident),+; $($amount:ident),+) => {
        /// Sums of a bucket and a member of a group; money as text, for neither database's sum fits a column of the
        /// other.
        #[derive(Debug, QueryableByName)]
        pub(crate) struct SumRow {
            #[diesel(sql_type = Instant)]
            pub(crate) bucket: At,
            #[diesel(sql_type = Text)]
            pub(crate) member: String,
            $(#[diesel(sql_type = BigInt)]
            $count: i64,)+
            $(#[diesel(sql_type = Text)]
            $amount: String,)+
        }

        impl SumRow {
            /// The columns that are counts.
            pub(crate) const COUNTS: [&'static str; [$(stringify!($count)),+].len()] = [$(stringify!($count)),+];
            /// The columns that are amounts.
            pub(crate) const AMOUNTS: [&'static str; [$(stringify!($amount)),+].len()] = [$(stringify!($amount)),+];

            /// The sums, read by the database's own reader of amounts.
            pub(crate) fn values(
                &self,
                usd: impl Fn(&str) -> Result<Usd, Corrupt>,
            ) -> Result<RollupValues, Corrupt> {
                Ok(RollupValues {
                    $($count: self.$count,)+
                    $($amount: usd(&self.$amount)?,)+
                })
            }
        }
    };
}

with_columns!(values sum_row!);

/// Sums of a group of extras; money as text, for neither database's sum fits a column of the other.
#[derive(Debug, QueryableByName)]
pub(crate) struct ExtrasSumRow {
    #[diesel(sql_type = Text)]
    pub(crate) member: String,
    #[diesel(sql_type = BigInt)]
    pub(crate) timed_output_tokens: i64,
    #[diesel(sql_type = BigInt)]
    pub(crate) generation_us: i64,
    #[diesel(sql_type = BigInt)]
    pub(crate) cache_known: i64,
    #[diesel(sql_type = BigInt)]
    pub(crate) cache_unknown: i64,
    #[diesel(sql_type = Text)]
    pub(crate) cache_saved_cost: String,
}

impl HistogramRow {
    pub(crate) fn new(key: &RollupKey, metric: LatencyMetric, bin: LatencyBin, count: i64) -> Self {
        Self {
            key: key.into(),
            metric: metric.as_str(),
            bin: i32::from(bin.0),
            count,
        }
    }
}

impl RequestRollupRow {
    pub(crate) fn new(key: &RollupKey, error_origin: String, status_class: u8, requests: u64) -> Self {
        Self {
            key: key.into(),
            error_origin,
            status_class: i32::from(status_class),
            requests: i64::try_from(requests).unwrap_or(i64::MAX),
        }
    }
}
