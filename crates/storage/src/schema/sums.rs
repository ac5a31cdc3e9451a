//! Sums with fewer dimensions, and what is to be added to all sums.

diesel::table! {
    use diesel::sql_types::{Binary, Nullable, Text};
    use crate::sql_type::{Instant, UniqueId};

    attention_months (month, writer, id) {
        month -> Instant,
        writer -> UniqueId,
        id -> Text,
        kind -> Text,
        upstream_id -> Nullable<UniqueId>,
        upstream_name -> Nullable<Text>,
        provider -> Nullable<Text>,
        model_sent -> Nullable<Text>,
        model_served -> Nullable<Text>,
        journal_id -> Nullable<UniqueId>,
        sums -> Binary,
        days -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Text};
    use crate::sql_type::{Instant, UniqueId};

    rollup_combined (span, bucket, writer, key_id, team, upstream_id, model) {
        span -> Text,
        bucket -> Instant,
        writer -> UniqueId,
        key_id -> UniqueId,
        team -> Text,
        upstream_id -> UniqueId,
        model -> Text,
        buckets -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Text};
    use crate::sql_type::{Instant, UniqueId};

    rollup_frames (dims, holds, span, one, bucket, two, writer) {
        dims -> Text,
        holds -> Text,
        span -> Text,
        one -> Text,
        bucket -> Instant,
        two -> Text,
        writer -> UniqueId,
        buckets -> Binary,
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
