//! The price book.

diesel::table! {
    use diesel::sql_types::{Bool, BigInt, Binary, Integer, Nullable, Text};
    use crate::sql_type::{Instant, Numeric, UniqueId};

    rate_cards (card_id) {
        card_id -> Binary,
        body -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{Bool, BigInt, Binary, Integer, Nullable, Text};
    use crate::sql_type::{Instant, Numeric, UniqueId};

    price_releases (id) {
        id -> UniqueId,
        origin -> Text,
        author -> Text,
        started_at -> Instant,
        added -> Integer,
        changed -> Integer,
        removed -> Integer,
        held -> Integer,
        unknown_fields -> Integer,
        unknown_field_names -> Text,
        content_hash -> Nullable<Text>,
        models -> Nullable<Integer>,
        state -> Text,
        set_off_by -> Text,
        finished_at -> Nullable<Instant>,
        url -> Nullable<Text>,
        etag -> Nullable<Text>,
        last_modified -> Nullable<Text>,
        grammar -> Nullable<Text>,
        refused -> Integer,
        reason -> Nullable<Text>,
        alarm -> Nullable<Text>,
        version -> Nullable<BigInt>,
    }
}

diesel::table! {
    use diesel::sql_types::{Bool, BigInt, Binary, Integer, Nullable, Text};
    use crate::sql_type::{Instant, Numeric, UniqueId};

    catalog_models (name, valid_from_version) {
        name -> Text,
        valid_from_version -> BigInt,
        valid_to_version -> Nullable<BigInt>,
        card_id -> Binary,
        provider -> Nullable<Text>,
        mode -> Nullable<Text>,
        stale -> Bool,
        max_input_tokens -> Nullable<BigInt>,
        max_output_tokens -> Nullable<BigInt>,
    }
}

diesel::table! {
    use diesel::sql_types::{Bool, BigInt, Binary, Integer, Nullable, Text};
    use crate::sql_type::{Instant, Numeric, UniqueId};

    price_holds (release_id, model) {
        release_id -> UniqueId,
        model -> Text,
        card_id -> Nullable<Binary>,
        provider -> Nullable<Text>,
        mode -> Nullable<Text>,
        max_input_tokens -> Nullable<BigInt>,
        max_output_tokens -> Nullable<BigInt>,
        current_card_id -> Nullable<Binary>,
        reason -> Text,
        detail -> Text,
        state -> Text,
        decided_at -> Nullable<Instant>,
        decided_by -> Nullable<Text>,
        decided_version -> Nullable<BigInt>,
    }
}

diesel::table! {
    use diesel::sql_types::{Bool, BigInt, Binary, Integer, Nullable, Text};
    use crate::sql_type::{Instant, Numeric, UniqueId};

    job_leases (job) {
        job -> Text,
        fence -> BigInt,
        holder -> Nullable<UniqueId>,
        expires_at -> Nullable<Instant>,
        last_started_at -> Nullable<Instant>,
        last_finished_at -> Nullable<Instant>,
        next_due_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::{Bool, BigInt, Binary, Integer, Nullable, Text};
    use crate::sql_type::{Instant, Numeric, UniqueId};

    price_book_versions (id) {
        id -> BigInt,
        created_at -> Instant,
        author -> Text,
        change -> Text,
        release_id -> Nullable<UniqueId>,
    }
}

diesel::table! {
    use diesel::sql_types::{Bool, BigInt, Binary, Integer, Nullable, Text};
    use crate::sql_type::{Instant, Numeric, UniqueId};

    price_overrides (id, valid_from_version) {
        id -> UniqueId,
        valid_from_version -> BigInt,
        valid_to_version -> Nullable<BigInt>,
        valid_from -> Instant,
        valid_to -> Nullable<Instant>,
        model -> Text,
        upstream_id -> Nullable<UniqueId>,
        card_id -> Binary,
        apply_multipliers -> Bool,
        note -> Nullable<Text>,
        author -> Text,
        ended_by -> Nullable<Text>,
        effective_from -> Nullable<Instant>,
        end_note -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::{Bool, BigInt, Binary, Integer, Nullable, Text};
    use crate::sql_type::{Instant, Numeric, UniqueId};

    price_aliases (id, valid_from_version) {
        id -> UniqueId,
        valid_from_version -> BigInt,
        valid_to_version -> Nullable<BigInt>,
        valid_from -> Instant,
        valid_to -> Nullable<Instant>,
        alias -> Text,
        target -> Text,
        upstream_id -> Nullable<UniqueId>,
        author -> Text,
        ended_by -> Nullable<Text>,
        note -> Nullable<Text>,
        end_note -> Nullable<Text>,
        effective_from -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::{Bool, BigInt, Binary, Integer, Nullable, Text};
    use crate::sql_type::{Instant, Numeric, UniqueId};

    price_multipliers (upstream_id, valid_from_version) {
        upstream_id -> UniqueId,
        valid_from_version -> BigInt,
        valid_to_version -> Nullable<BigInt>,
        valid_from -> Instant,
        valid_to -> Nullable<Instant>,
        input_multiplier -> Numeric,
        output_multiplier -> Numeric,
        allow_free -> Bool,
        author -> Text,
        ended_by -> Nullable<Text>,
        by_model -> Text,
        note -> Nullable<Text>,
        effective_from -> Nullable<Instant>,
    }
}

diesel::allow_tables_to_appear_in_same_query!(rate_cards, catalog_models, price_overrides);
