//! Sums with fewer dimensions.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Text};
use tollgate_domain::RollupValues;

use super::Tally;
use super::columns::{ExtrasColumns, PlaceColumns, ValueColumns};
use crate::cube::Place;
use crate::schema::{rollup_groups, rollup_tallies};
use crate::value::Money;

/// A row of `rollup_groups`, or what is added to one.
#[derive(Debug, Insertable)]
#[diesel(table_name = rollup_groups, treat_none_as_default_value = false)]
pub(crate) struct GroupRow {
    span: &'static str,
    #[diesel(embed)]
    place: PlaceColumns,
    #[diesel(embed)]
    values: ValueColumns,
}

/// A row of `rollup_tallies`.
#[derive(Debug, Insertable)]
#[diesel(table_name = rollup_tallies, treat_none_as_default_value = false)]
pub(crate) struct TallyRow {
    span: &'static str,
    #[diesel(embed)]
    place: PlaceColumns,
    requests: i64,
    #[diesel(embed)]
    extras: ExtrasColumns,
    counts: Vec<u8>,
}

/// What is stored at one of the places asked for.
#[derive(Debug, QueryableByName)]
pub(crate) struct StoredBytesRow {
    /// The place's number among those asked for.
    #[diesel(sql_type = BigInt)]
    pub(crate) place: i64,
    #[diesel(sql_type = Binary)]
    pub(crate) bytes: Vec<u8>,
}

/// What one bucket tallied of one member.
#[derive(Debug, QueryableByName)]
pub(crate) struct MemberTallyRow {
    #[diesel(sql_type = Text)]
    pub(crate) member: String,
    #[diesel(sql_type = BigInt)]
    pub(crate) timed_output_tokens: i64,
    #[diesel(sql_type = BigInt)]
    pub(crate) generation_us: i64,
    #[diesel(sql_type = crate::sql_type::Numeric)]
    pub(crate) cache_saved_cost: Money,
    #[diesel(sql_type = BigInt)]
    pub(crate) cache_known: i64,
    #[diesel(sql_type = BigInt)]
    pub(crate) cache_unknown: i64,
    #[diesel(sql_type = Binary)]
    pub(crate) counts: Vec<u8>,
}

/// How many finished requests a member has.
#[derive(Debug, QueryableByName)]
pub(crate) struct MemberRequestsRow {
    #[diesel(sql_type = Text)]
    pub(crate) member: String,
    #[diesel(sql_type = BigInt)]
    pub(crate) requests: i64,
}

impl GroupRow {
    /// What is added at a place.
    pub(crate) fn new(place: Place, values: &RollupValues) -> Self {
        Self {
            span: place.span,
            place: place.into(),
            values: values.into(),
        }
    }
}

impl TallyRow {
    /// What is added at a place; the counts are all there are.
    pub(crate) fn new(place: Place, tally: &Tally, counts: Vec<u8>) -> Self {
        Self {
            span: place.span,
            place: place.into(),
            requests: tally.requests(),
            extras: (&tally.extras).into(),
            counts,
        }
    }
}
