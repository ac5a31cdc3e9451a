//! Sums of single keys and upstreams.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};

use crate::sql_type::{Instant, UniqueId};
use crate::value::{At, Id};

/// Sums over the rollups of one key or upstream; money as text, for neither database's sum fits a column of the other.
#[derive(Debug, QueryableByName)]
pub(crate) struct SumsRow {
    #[diesel(sql_type = UniqueId)]
    pub(crate) id: Id,
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

/// When one of them was last used.
#[derive(Debug, QueryableByName)]
pub(crate) struct LastUsedRow {
    #[diesel(sql_type = UniqueId)]
    pub(crate) id: Id,
    #[diesel(sql_type = Nullable<Instant>)]
    pub(crate) logged_at: Option<At>,
    #[diesel(sql_type = Nullable<Instant>)]
    pub(crate) bucket: Option<At>,
}
