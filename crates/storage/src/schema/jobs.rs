//! Background jobs.

diesel::table! {
    use diesel::sql_types::Text;
    use crate::sql_type::Instant;

    job_pauses (job) {
        job -> Text,
        paused_at -> Instant,
        paused_by -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{Nullable, Text};
    use crate::sql_type::{Instant, UniqueId};

    job_runs (id) {
        id -> UniqueId,
        job -> Text,
        cause -> Text,
        author -> Text,
        holder -> UniqueId,
        started_at -> Instant,
        ended_at -> Nullable<Instant>,
        outcome -> Nullable<Text>,
        detail -> Nullable<Text>,
    }
}
