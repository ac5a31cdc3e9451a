//! What is derived from the ledger for reports.

use crate::sum_columns::{sum_table, with_columns};

with_columns!(values sum_table! rollups (bucket, writer, key_id, team, upstream_id, model) {
    bucket -> Instant,
    writer -> UniqueId,
    key_id -> UniqueId,
    team -> Text,
    upstream_id -> UniqueId,
    model -> Text,
});

with_columns!(values sum_table! rollup_late (bucket, recorded, writer, key_id, team, upstream_id, model) {
    bucket -> Instant,
    recorded -> Instant,
    writer -> UniqueId,
    key_id -> UniqueId,
    team -> Text,
    upstream_id -> UniqueId,
    model -> Text,
});

with_columns!(attention sum_table! attention_days (day, writer, id) {
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
    first_at -> Instant,
    last_at -> Instant,
});

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
