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

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::AdminState;

pub(crate) use json::{PriceReleaseResponse, example};

/// Where releases are.
pub(crate) const PATH: &str = "/api/admin/billing/prices/releases";

pub(crate) fn routes() -> OpenApiRouter<AdminState> {
    OpenApiRouter::default()
        .routes(routes!(list::list_price_releases))
        .routes(routes!(get::get_price_release))
        .routes(routes!(diff::get_price_release_diff))
        .routes(routes!(accept::accept_price_release))
        .routes(routes!(reject::reject_price_release))
        .routes(routes!(activate::activate_price_release))
}
