//! Request logs, the ledger and its rollups.

use crate::sum_columns::{sum_table, with_columns};

diesel::table! {
    use diesel::sql_types::{Bool, BigInt, Binary, Integer, Nullable, Text};
    use crate::sql_type::{Instant, Numeric, UniqueId};

    request_logs (request_id) {
        request_id -> UniqueId,
        occurred_at -> Instant,
        ended_at -> Nullable<Instant>,
        key_id -> UniqueId,
        key_name -> Text,
        key_owner -> Nullable<Text>,
        key_team -> Nullable<Text>,
        upstream_id -> Nullable<UniqueId>,
        upstream_name -> Nullable<Text>,
        protocol -> Text,
        path -> Nullable<Text>,
        stream -> Bool,
        model_requested -> Nullable<Text>,
        http_status -> Nullable<Integer>,
        error_origin -> Nullable<Text>,
        error -> Nullable<Text>,
        attempts -> Integer,
        ttft_us -> Nullable<BigInt>,
        duration_us -> Nullable<BigInt>,
        caller_request_id -> Nullable<Text>,
        status -> Text,
        reason -> Nullable<Text>,
        reasons -> Text,
        detail -> Nullable<Text>,
        list_cost -> Nullable<Numeric>,
        cost -> Nullable<Numeric>,
        charge -> Nullable<Numeric>,
        model_served -> Nullable<Text>,
        finish_reason -> Nullable<Text>,
        input_tokens -> Nullable<BigInt>,
        cache_read_tokens -> Nullable<BigInt>,
        cache_write_tokens -> Nullable<BigInt>,
        output_tokens -> Nullable<BigInt>,
        reasoning_tokens -> Nullable<BigInt>,
        changed_at -> Nullable<Instant>,
        routing -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::{Bool, BigInt, Binary, Integer, Nullable, Text};
    use crate::sql_type::{Instant, Numeric, UniqueId};

    ledger_entries (event_id, revision) {
        event_id -> UniqueId,
        revision -> Integer,
        request_id -> UniqueId,
        attempt -> Integer,
        kind -> Text,
        status -> Text,
        reason -> Nullable<Text>,
        detail -> Nullable<Text>,
        usage_source -> Text,
        outcome -> Text,
        http_status -> Nullable<Integer>,
        key_id -> UniqueId,
        key_name -> Text,
        key_owner -> Nullable<Text>,
        key_team -> Nullable<Text>,
        key_tags -> Text,
        upstream_id -> UniqueId,
        upstream_name -> Text,
        provider -> Text,
        account_label -> Nullable<Text>,
        credential_fingerprint -> Nullable<Text>,
        protocol -> Text,
        stream -> Bool,
        model_requested -> Nullable<Text>,
        model_sent -> Nullable<Text>,
        model_served -> Nullable<Text>,
        priced_as -> Nullable<Text>,
        tier_requested -> Nullable<Text>,
        tier_served -> Nullable<Text>,
        price_source -> Nullable<Text>,
        price_version -> BigInt,
        band_above_tokens -> Nullable<BigInt>,
        input_multiplier -> Nullable<Numeric>,
        output_multiplier -> Nullable<Numeric>,
        input_tokens -> Nullable<BigInt>,
        cache_read_tokens -> Nullable<BigInt>,
        cache_write_tokens -> Nullable<BigInt>,
        output_tokens -> Nullable<BigInt>,
        reasoning_tokens -> Nullable<BigInt>,
        list_cost -> Nullable<Numeric>,
        cost -> Nullable<Numeric>,
        charge -> Nullable<Numeric>,
        zero_reason -> Nullable<Text>,
        provider_reported_cost -> Nullable<Numeric>,
        currency -> Text,
        response_id -> Nullable<Text>,
        end_user -> Nullable<Text>,
        caller_request_id -> Nullable<Text>,
        idempotency_key -> Nullable<Text>,
        sdk_retry_count -> Nullable<BigInt>,
        metadata -> Text,
        ttft_us -> Nullable<BigInt>,
        occurred_at -> Instant,
        ended_at -> Instant,
        recorded_at -> Instant,
        accounting_period -> Text,
        run_id -> Nullable<UniqueId>,
        author -> Nullable<Text>,
        note -> Nullable<Text>,
        journal_id -> UniqueId,
        journal_seq -> BigInt,
        content_hash -> Binary,
        lines -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{Bool, BigInt, Binary, Integer, Nullable, Text};
    use crate::sql_type::{Instant, Numeric, UniqueId};

    ledger_batches (journal_id, ordinal) {
        journal_id -> UniqueId,
        ordinal -> BigInt,
        first_seq -> BigInt,
        last_seq -> BigInt,
        entry_count -> Integer,
        cost -> Numeric,
        previous -> Binary,
        digest -> Binary,
        recorded_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::{Bool, BigInt, Binary, Integer, Nullable, Text};
    use crate::sql_type::{Instant, Numeric, UniqueId};

    ledger_conflicts (event_id, revision, content_hash) {
        event_id -> UniqueId,
        revision -> Integer,
        content_hash -> Binary,
        stored_hash -> Binary,
        journal_id -> UniqueId,
        journal_seq -> BigInt,
        body -> Text,
        recorded_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::BigInt;
    use crate::sql_type::{Instant, UniqueId};

    journal_gaps (journal_id, position, first_at) {
        journal_id -> UniqueId,
        position -> BigInt,
        first_at -> Instant,
        last_at -> Instant,
        attempts -> BigInt,
        recorded_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::{Bool, BigInt, Binary, Integer, Nullable, Text};
    use crate::sql_type::{Instant, Numeric, UniqueId};

    rollup_histograms (bucket, writer, key_id, team, upstream_id, model, metric, bin) {
        bucket -> Instant,
        writer -> UniqueId,
        key_id -> UniqueId,
        team -> Text,
        upstream_id -> UniqueId,
        model -> Text,
        metric -> Text,
        bin -> Integer,
        count -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Integer, Text};
    use crate::sql_type::{Instant, UniqueId};

    request_rollups (bucket, writer, key_id, team, upstream_id, model, error_origin, status_class) {
        bucket -> Instant,
        writer -> UniqueId,
        key_id -> UniqueId,
        team -> Text,
        upstream_id -> UniqueId,
        model -> Text,
        error_origin -> Text,
        status_class -> Integer,
        requests -> BigInt,
    }
}

with_columns!(extras sum_table! rollup_extras (bucket, writer, key_id, team, upstream_id, model) {
    bucket -> Instant,
    writer -> UniqueId,
    key_id -> UniqueId,
    team -> Text,
    upstream_id -> UniqueId,
    model -> Text,
});
