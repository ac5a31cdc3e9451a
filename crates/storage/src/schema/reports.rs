//! What is derived from the ledger for reports.

diesel::table! {
    use diesel::sql_types::{BigInt, Text};
    use crate::sql_type::{Instant, Numeric, UniqueId};

    rollups (bucket, writer, key_id, team, upstream_id, model) {
        bucket -> Instant,
        writer -> UniqueId,
        key_id -> UniqueId,
        team -> Text,
        upstream_id -> UniqueId,
        model -> Text,
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
    use diesel::sql_types::{BigInt, Text};
    use crate::sql_type::{Instant, Numeric, UniqueId};

    rollup_spans (span, bucket, writer, key_id, team, upstream_id, model) {
        span -> Text,
        bucket -> Instant,
        writer -> UniqueId,
        key_id -> UniqueId,
        team -> Text,
        upstream_id -> UniqueId,
        model -> Text,
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
    use diesel::sql_types::{BigInt, Text};
    use crate::sql_type::{Instant, Numeric, UniqueId};

    rollup_late (bucket, recorded, writer, key_id, team, upstream_id, model) {
        bucket -> Instant,
        recorded -> Instant,
        writer -> UniqueId,
        key_id -> UniqueId,
        team -> Text,
        upstream_id -> UniqueId,
        model -> Text,
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
    use diesel::sql_types::{BigInt, Nullable, Text};
    use crate::sql_type::{Instant, Numeric, UniqueId};

    attention_days (day, writer, id) {
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
    use diesel::sql_types::{BigInt, Nullable, Text};
    use crate::sql_type::Instant;

    attention_states (id) {
        id -> Text,
        owner -> Nullable<Text>,
        snoozed_until -> Nullable<Instant>,
        note -> Nullable<Text>,
        updated_at -> Instant,
        updated_by -> Text,
        revision -> BigInt,
    }
}
