//! `/api/admin/request-logs`: what happened to each request, and what it cost.

mod get;
mod json;
mod list;

use utoipa_axum::routes;

use crate::guarded::Guarded;

pub(crate) fn routes() -> Guarded {
    Guarded::default()
        .viewer(routes!(list::list_request_logs))
        .viewer(routes!(get::get_request_log))
}
