//! `/api/admin/billing/prices`: the catalog as it prices requests, and what it does not price.

mod json;
mod list;
mod unresolved;

use utoipa_axum::routes;

use crate::guarded::Guarded;

pub(super) fn routes() -> Guarded {
    Guarded::default()
        .viewer(routes!(list::list_prices))
        .viewer(routes!(unresolved::list_unresolved_models))
}
