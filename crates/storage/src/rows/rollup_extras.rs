//! Sums beside a rollup's.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use tollgate_domain::{RollupExtras, RollupKey};

use crate::schema::rollup_extras;
use crate::value::{At, Id, Money};

/// A row of `rollup_extras`, or what is added to one.
#[derive(Debug, Insertable)]
#[diesel(table_name = rollup_extras, treat_none_as_default_value = false)]
pub(crate) struct ExtrasRow {
    bucket: At,
    writer: Id,
    key_id: Id,
    team: String,
    upstream_id: Id,
    model: String,
    timed_output_tokens: i64,
    generation_us: i64,
    cache_saved_cost: Money,
    cache_known: i64,
    cache_unknown: i64,
}

/// Sums of a group of them; money as text, for neither database's sum fits a column of the other.
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

impl ExtrasRow {
    pub(crate) fn new(key: &RollupKey, extras: &RollupExtras) -> Self {
        Self {
            bucket: At(key.bucket),
            writer: Id(key.writer.uuid()),
            key_id: Id(key.key_id.uuid()),
            team: key.team.clone(),
            upstream_id: Id(key.upstream_id.uuid()),
            model: key.model.clone(),
            timed_output_tokens: extras.timed_output_tokens,
            generation_us: extras.generation_us,
            cache_saved_cost: Money(extras.cache_saved_cost),
            cache_known: extras.cache_known,
            cache_unknown: extras.cache_unknown,
        }
    }
}
