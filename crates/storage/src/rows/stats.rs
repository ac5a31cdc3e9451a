//! Sums of a group of rollups.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Nullable, Text};

use crate::sql_type::UniqueId;
use crate::value::Id;

/// Sums of `rollups`; money as text, for neither database's sum fits a column of the other.
#[derive(Debug, QueryableByName)]
pub(crate) struct StatsRow {
    #[diesel(sql_type = Nullable<UniqueId>)]
    pub(crate) id: Option<Id>,
    #[diesel(sql_type = Nullable<Text>)]
    pub(crate) text: Option<String>,
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
}

/// Sums of `request_rollups`.
#[derive(Debug, QueryableByName)]
pub(crate) struct RequestSumRow {
    #[diesel(sql_type = Nullable<UniqueId>)]
    pub(crate) id: Option<Id>,
    #[diesel(sql_type = Nullable<Text>)]
    pub(crate) text: Option<String>,
    #[diesel(sql_type = Text)]
    pub(crate) error_origin: String,
    #[diesel(sql_type = Integer)]
    pub(crate) status_class: i32,
    #[diesel(sql_type = BigInt)]
    pub(crate) requests: i64,
}

/// Sums of `rollup_histograms`.
#[derive(Debug, QueryableByName)]
pub(crate) struct HistogramSumRow {
    #[diesel(sql_type = Nullable<UniqueId>)]
    pub(crate) id: Option<Id>,
    #[diesel(sql_type = Nullable<Text>)]
    pub(crate) text: Option<String>,
    #[diesel(sql_type = Text)]
    pub(crate) metric: String,
    #[diesel(sql_type = Integer)]
    pub(crate) bin: i32,
    #[diesel(sql_type = BigInt)]
    pub(crate) count: i64,
}
