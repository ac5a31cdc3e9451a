//! Configuration.

diesel::table! {
    use diesel::sql_types::{Bool, BigInt, Binary, Integer, Nullable, Text};
    use crate::sql_type::{Instant, Numeric, UniqueId};

    meta (name) {
        name -> Text,
        value -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{Bool, BigInt, Binary, Integer, Nullable, Text};
    use crate::sql_type::{Instant, Numeric, UniqueId};

    config_version (only_row) {
        only_row -> Integer,
        config -> BigInt,
        prices -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{Bool, BigInt, Binary, Integer, Nullable, Text};
    use crate::sql_type::{Instant, Numeric, UniqueId};

    upstreams (id) {
        id -> UniqueId,
        name -> Text,
        provider -> Text,
        protocols -> Text,
        base_url -> Text,
        account_label -> Nullable<Text>,
        sealed_credential -> Nullable<Text>,
        credential_fingerprint -> Nullable<Text>,
        priority -> Integer,
        weight -> Integer,
        models -> Text,
        bill_by -> Text,
        reported_cost -> Text,
        input_multiplier -> Numeric,
        output_multiplier -> Numeric,
        allow_free -> Bool,
        enabled -> Bool,
        created_at -> Instant,
        updated_at -> Instant,
        updated_by -> Text,
        deleted_at -> Nullable<Instant>,
        revision -> BigInt,
        model_multipliers -> Text,
        price_modifiers -> Text,
        on_unpriced -> Nullable<Text>,
        estimate_missing_usage -> Nullable<Bool>,
    }
}

diesel::table! {
    use diesel::sql_types::{Bool, BigInt, Binary, Integer, Nullable, Text};
    use crate::sql_type::{Instant, Numeric, UniqueId};

    api_keys (id) {
        id -> UniqueId,
        name -> Text,
        token_hash -> Nullable<Binary>,
        token_hint -> Text,
        owner -> Nullable<Text>,
        team -> Nullable<Text>,
        tags -> Text,
        enabled -> Bool,
        expires_at -> Nullable<Instant>,
        created_at -> Instant,
        updated_at -> Instant,
        updated_by -> Text,
        deleted_at -> Nullable<Instant>,
        revision -> BigInt,
        on_unpriced -> Nullable<Text>,
        retiring_hash -> Nullable<Binary>,
        retiring_hint -> Nullable<Text>,
        retiring_until -> Nullable<Instant>,
        rotated_at -> Nullable<Instant>,
        granted_upstreams -> Nullable<Text>,
        granted_models -> Nullable<Text>,
    }
}
