//! `/api/admin/stats`: how well it goes, from rollups.

mod get;
mod json;

use utoipa_axum::routes;

use crate::guarded::Guarded;

pub(crate) fn routes() -> Guarded {
    Guarded::default().viewer(routes!(get::get_stats))
}
