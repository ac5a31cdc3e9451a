//! `/api/admin/request-logs`: what happened to each request, and what it cost.

mod get;
mod json;
mod list;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::AdminState;

pub(crate) fn routes() -> OpenApiRouter<AdminState> {
    OpenApiRouter::default()
        .routes(routes!(list::list_request_logs))
        .routes(routes!(get::get_request_log))
}
