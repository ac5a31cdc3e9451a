//! Sums with fewer dimensions, and what is to be added to all sums.

diesel::table! {
    use diesel::sql_types::{BigInt, Text};
    use crate::sql_type::{Instant, Numeric, UniqueId};

    rollup_groups (dims, span, one, bucket, two, writer) {
        dims -> Text,
        span -> Text,
        one -> Text,
        bucket -> Instant,
        two -> Text,
        writer -> UniqueId,
        requests -> BigInt,
        attempts -> BigInt,
        billed -> BigInt,
        unbilled -> BigInt,
        no_charge -> BigInt,
        estimated -> BigInt,
        input_tokens -> BigInt,
        cache_read_tokens -> BigInt,
        cache_write_tokens -> BigInt,
        output_tokens -> BigInt,
        reasoning_tokens -> BigInt,
        unbilled_input_tokens -> BigInt,
        unbilled_output_tokens -> BigInt,
        list_cost -> Numeric,
        cost -> Numeric,
        charge -> Numeric,
        estimated_list_cost -> Numeric,
        estimated_cost -> Numeric,
        estimated_charge -> Numeric,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Text};
    use crate::sql_type::{Instant, Numeric, UniqueId};

    rollup_tallies (dims, span, one, bucket, two, writer) {
        dims -> Text,
        span -> Text,
        one -> Text,
        bucket -> Instant,
        two -> Text,
        writer -> UniqueId,
        requests -> BigInt,
        timed_output_tokens -> BigInt,
        generation_us -> BigInt,
        cache_saved_cost -> Numeric,
        cache_known -> BigInt,
        cache_unknown -> BigInt,
        counts -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Nullable, Text};
    use crate::sql_type::{Instant, Numeric, UniqueId};

    attention_weeks (day, writer, id) {
        day -> Instant,
        writer -> UniqueId,
        id -> Text,
        kind -> Text,
        upstream_id -> Nullable<UniqueId>,
        upstream_name -> Nullable<Text>,
        provider -> Nullable<Text>,
        model_sent -> Nullable<Text>,
        model_served -> Nullable<Text>,
        journal_id -> Nullable<UniqueId>,
        count -> BigInt,
        input_tokens -> BigInt,
        cache_read_tokens -> BigInt,
        cache_write_tokens -> BigInt,
        output_tokens -> BigInt,
        reasoning_tokens -> BigInt,
        list_cost -> Numeric,
        cost -> Numeric,
        reported_cost -> Numeric,
        at_stake -> Numeric,
        first_at -> Instant,
        last_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Text};
    use crate::sql_type::{Instant, UniqueId};

    rollup_hours (dims, one, bucket, two, writer) {
        dims -> Text,
        one -> Text,
        bucket -> Instant,
        two -> Text,
        writer -> UniqueId,
        hours -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary};
    use crate::sql_type::Instant;

    pending_sums (id) {
        id -> BigInt,
        recorded_at -> Instant,
        entries -> BigInt,
        body -> Binary,
    }
}
