//! `/api/admin/billing/prices/releases`: every run of the price sync, what it changed, what it held.

mod accept;
mod activate;
mod change_json;
mod decision;
mod diff;
mod get;
mod json;
mod list;
mod reject;

use utoipa_axum::routes;

use crate::guarded::Guarded;

pub(crate) use json::{PriceReleaseResponse, example};

/// Where releases are.
pub(crate) const PATH: &str = "/api/admin/billing/prices/releases";

pub(crate) fn routes() -> Guarded {
    Guarded::default()
        .viewer(routes!(list::list_price_releases))
        .viewer(routes!(get::get_price_release))
        .viewer(routes!(diff::get_price_release_diff))
        .finance(routes!(accept::accept_price_release))
        .finance(routes!(reject::reject_price_release))
        .finance(routes!(activate::activate_price_release))
}
