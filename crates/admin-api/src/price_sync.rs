//! `/api/admin/billing/prices/sync`: fetches the public price map on demand.

mod start;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::AdminState;

pub(crate) fn routes() -> OpenApiRouter<AdminState> {
    OpenApiRouter::default().routes(routes!(start::start_price_sync))
}
