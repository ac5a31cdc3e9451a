//! Sums of a group of rollups.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Text};

/// Sums of `request_rollups`.
#[derive(Debug, QueryableByName)]
pub(crate) struct RequestSumRow {
    #[diesel(sql_type = Text)]
    pub(crate) member: String,
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
    #[diesel(sql_type = Text)]
    pub(crate) member: String,
    #[diesel(sql_type = Text)]
    pub(crate) metric: String,
    #[diesel(sql_type = Integer)]
    pub(crate) bin: i32,
    #[diesel(sql_type = BigInt)]
    pub(crate) count: i64,
}
