//! `/api/admin/keys`: who may send requests.

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
        .routes(routes!(list::list_keys, create::create_key))
        .routes(routes!(get::get_key, update::update_key, delete::delete_key))
}
