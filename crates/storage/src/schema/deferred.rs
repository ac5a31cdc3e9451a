//! What is used later than it is asked for.

diesel::table! {
    use diesel::sql_types::{Bool, BigInt, Integer, Nullable, Text};
    use crate::sql_type::{Instant, UniqueId};

    deferred_operations (event_id) {
        event_id -> UniqueId,
        upstream_id -> UniqueId,
        upstream_name -> Text,
        object_id -> Text,
        duplicate -> Bool,
        kind -> Text,
        state -> Text,
        request_id -> UniqueId,
        key_id -> UniqueId,
        key_name -> Text,
        protocol -> Text,
        model -> Nullable<Text>,
        tier -> Nullable<Text>,
        price_version -> BigInt,
        created_at -> Instant,
        expires_at -> Instant,
        next_poll_at -> Instant,
        polls -> Integer,
        holder -> Nullable<UniqueId>,
        held_until -> Nullable<Instant>,
        fence -> BigInt,
        provider_state -> Nullable<Text>,
        problem -> Nullable<Text>,
        settled_at -> Nullable<Instant>,
        operation -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{Nullable, Text};
    use crate::sql_type::{Instant, UniqueId};

    upstream_objects (upstream_id, object_id) {
        upstream_id -> UniqueId,
        object_id -> Text,
        key_id -> UniqueId,
        model -> Nullable<Text>,
        event_id -> Nullable<UniqueId>,
        created_at -> Instant,
        models -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::Text;
    use crate::sql_type::{Instant, UniqueId};

    hidden_objects (upstream_id, object_id) {
        upstream_id -> UniqueId,
        object_id -> Text,
        hidden_until -> Instant,
    }
}

diesel::allow_tables_to_appear_in_same_query!(deferred_operations, hidden_objects);
diesel::allow_tables_to_appear_in_same_query!(upstream_objects, hidden_objects);
