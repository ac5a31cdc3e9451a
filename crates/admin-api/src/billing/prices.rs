//! `/api/admin/billing/prices`: the catalog as it prices requests, and what it does not price.

mod json;
mod list;
mod unresolved;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::AdminState;

pub(super) fn routes() -> OpenApiRouter<AdminState> {
    OpenApiRouter::default()
        .routes(routes!(list::list_prices))
        .routes(routes!(unresolved::list_unresolved_models))
}
