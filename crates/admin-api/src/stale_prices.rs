//! `/api/admin/billing/prices/stale`: models gone from the map whose last price still serves.

mod list;
mod remove;

use utoipa_axum::routes;

use crate::guarded::Guarded;

pub(crate) fn routes() -> Guarded {
    Guarded::default()
        .viewer(routes!(list::list_stale_prices))
        .finance(routes!(remove::remove_stale_prices))
}
