//! `/api/admin/billing/prices/sync`: fetches the public price map on demand.

mod start;

use utoipa_axum::routes;

use crate::guarded::Guarded;

pub(crate) fn routes() -> Guarded {
    Guarded::default().finance(routes!(start::start_price_sync))
}
