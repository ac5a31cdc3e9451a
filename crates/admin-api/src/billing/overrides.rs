//! `/api/admin/billing/overrides`: prices the operator sets.

mod create;
mod delete;
mod draft;
mod get;
mod history;
mod json;
mod list;
mod reset;
mod update;
mod warnings;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::AdminState;

pub(super) fn routes() -> OpenApiRouter<AdminState> {
    OpenApiRouter::default()
        .routes(routes!(list::list_overrides, create::create_override))
        .routes(routes!(reset::reset_overrides))
        .routes(routes!(
            get::get_override,
            update::update_override,
            delete::delete_override
        ))
        .routes(routes!(history::list_override_versions))
}
