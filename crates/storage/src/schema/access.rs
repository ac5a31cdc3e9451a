//! Who manages the gateway, and who did what.

diesel::table! {
    use diesel::sql_types::{Bool, BigInt, Binary, Integer, Nullable, Text};
    use crate::sql_type::{Instant, Numeric, UniqueId};

    admin_tokens (id) {
        id -> UniqueId,
        name -> Text,
        token_hash -> Binary,
        role -> Text,
        created_at -> Instant,
        token_hint -> Text,
        expires_at -> Nullable<Instant>,
        previous_hash -> Nullable<Binary>,
        previous_until -> Nullable<Instant>,
        last_used_at -> Nullable<Instant>,
        updated_at -> Nullable<Instant>,
        revision -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{Bool, BigInt, Binary, Integer, Nullable, Text};
    use crate::sql_type::{Instant, Numeric, UniqueId};

    audit_log (id) {
        id -> BigInt,
        at -> Instant,
        actor_id -> Nullable<UniqueId>,
        actor_name -> Text,
        actor_role -> Text,
        origin -> Text,
        address -> Nullable<Text>,
        action -> Text,
        resource_kind -> Text,
        resource_id -> Nullable<Text>,
        resource_name -> Nullable<Text>,
        state_before -> Nullable<Text>,
        state_after -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::{Bool, BigInt, Binary, Integer, Nullable, Text};
    use crate::sql_type::{Instant, Numeric, UniqueId};

    admin_sessions (id) {
        id -> UniqueId,
        token_id -> UniqueId,
        secret_hash -> Binary,
        address -> Nullable<Text>,
        created_at -> Instant,
        last_seen_at -> Instant,
        expires_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::{Bool, BigInt, Binary, Integer, Nullable, Text};
    use crate::sql_type::{Instant, Numeric, UniqueId};

    idempotent_requests (token_id, request_key) {
        token_id -> UniqueId,
        request_key -> Text,
        request_hash -> Binary,
        claim_id -> UniqueId,
        claimed_until -> Instant,
        sealed_answer -> Nullable<Text>,
        expires_at -> Instant,
    }
}

diesel::allow_tables_to_appear_in_same_query!(admin_sessions, admin_tokens);
