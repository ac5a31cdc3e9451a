//! `/api/admin/request-logs`: what happened to each request, and what it cost.

mod attempt;
mod columns;
mod export;
mod filter;
mod get;
mod json;
mod list;
mod routing;
mod stream;

pub(crate) use filter::{one_of, parse_id};
pub(crate) use json::thousandths;

use utoipa_axum::routes;

use crate::guarded::Guarded;

pub(crate) fn routes() -> Guarded {
    Guarded::default()
        .viewer(routes!(list::list_request_logs))
        .finance(routes!(export::export_request_logs))
        .viewer(routes!(stream::stream_request_logs))
        .viewer(routes!(get::get_request_log))
}
