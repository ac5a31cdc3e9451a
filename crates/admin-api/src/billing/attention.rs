//! `/api/admin/billing/attention`: one queue of what wants somebody's eye, the most money first.

mod action;
mod held;
mod json;
mod list;
mod multipliers;
mod put;
mod queue;

use utoipa_axum::routes;

use crate::guarded::Guarded;

pub(super) fn routes() -> Guarded {
    Guarded::default()
        .viewer(routes!(list::list_attention))
        .finance(routes!(put::put_attention))
}
