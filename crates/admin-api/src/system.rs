//! `/api/admin/system`: the running process.

mod config;
mod jobs;
mod journal;
mod version;

use utoipa_axum::routes;

use crate::guarded::Guarded;

pub(crate) fn routes() -> Guarded {
    Guarded::default()
        .viewer(routes!(version::get_version))
        .viewer(routes!(config::get_config))
        .viewer(routes!(journal::get_journal))
        .merge(jobs::routes())
}
