//! Sums with fewer dimensions.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Text};
use tollgate_domain::RollupValues;

use crate::cube::Place;
use crate::rows::Tally;
use crate::schema::{rollup_groups, rollup_tallies};
use crate::value::{At, Id, Money};

/// A row of `rollup_groups`, or what is added to one.
#[derive(Debug, Insertable)]
#[diesel(table_name = rollup_groups, treat_none_as_default_value = false)]
pub(crate) struct GroupRow {
    dims: &'static str,
    span: &'static str,
    one: String,
    bucket: At,
    two: String,
    writer: Id,
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

/// A row of `rollup_tallies`.
#[derive(Debug, Insertable)]
#[diesel(table_name = rollup_tallies, treat_none_as_default_value = false)]
pub(crate) struct TallyRow {
    dims: &'static str,
    span: &'static str,
    one: String,
    bucket: At,
    two: String,
    writer: Id,
    requests: i64,
    timed_output_tokens: i64,
    generation_us: i64,
    cache_saved_cost: Money,
    cache_known: i64,
    cache_unknown: i64,
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
            dims: place.dims,
            span: place.span,
            one: place.one,
            bucket: At(place.bucket),
            two: place.two,
            writer: Id(place.writer.uuid()),
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

impl TallyRow {
    /// What is added at a place; the counts are all there are.
    pub(crate) fn new(place: Place, tally: &Tally, counts: Vec<u8>) -> Self {
        Self {
            dims: place.dims,
            span: place.span,
            one: place.one,
            bucket: At(place.bucket),
            two: place.two,
            writer: Id(place.writer.uuid()),
            requests: tally.requests(),
            timed_output_tokens: tally.extras.timed_output_tokens,
            generation_us: tally.extras.generation_us,
            cache_saved_cost: Money(tally.extras.cache_saved_cost),
            cache_known: tally.extras.cache_known,
            cache_unknown: tally.extras.cache_unknown,
            counts,
        }
    }
}
