//! `/api/admin/billing/prices/stale`: models gone from the map whose last price still serves.

mod list;
mod remove;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::AdminState;

pub(crate) fn routes() -> OpenApiRouter<AdminState> {
    OpenApiRouter::default()
        .routes(routes!(list::list_stale_prices))
        .routes(routes!(remove::remove_stale_prices))
}
