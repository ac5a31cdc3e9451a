//! `/api/admin/deferred-operations`: what is used later than it is asked for, and what of it is not settled yet.

mod json;
mod list;

use utoipa_axum::routes;

use crate::guarded::Guarded;

pub(crate) fn routes() -> Guarded {
    Guarded::default().viewer(routes!(list::list_deferred_operations))
}
