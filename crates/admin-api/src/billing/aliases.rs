//! `/api/admin/billing/aliases`: other names for models that have a price.

mod create;
mod delete;
mod draft;
mod get;
mod history;
mod json;
mod list;
mod update;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::AdminState;

pub(super) fn routes() -> OpenApiRouter<AdminState> {
    OpenApiRouter::default()
        .routes(routes!(list::list_aliases, create::create_alias))
        .routes(routes!(
            get::get_alias,
            update::update_alias,
            delete::delete_alias
        ))
        .routes(routes!(history::list_alias_versions))
}
