//! `/api/admin/upstreams`: where requests go.

mod create;
mod delete;
mod draft;
mod get;
mod json;
mod list;
mod update;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::AdminState;

pub(crate) fn routes() -> OpenApiRouter<AdminState> {
    OpenApiRouter::default()
        .routes(routes!(list::list_upstreams, create::create_upstream))
        .routes(routes!(
            get::get_upstream,
            update::update_upstream,
            delete::delete_upstream
        ))
}
