//! `/api/admin/session`: signing in at the console.

mod create;
mod delete;
mod get;
mod json;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::AdminState;
use crate::guarded::Guarded;

pub(crate) fn routes() -> Guarded {
    Guarded::default().viewer(routes!(get::get_session, delete::delete_session))
}

/// The way in: whoever calls it has no session yet.
pub(crate) fn public_routes() -> OpenApiRouter<AdminState> {
    OpenApiRouter::default().routes(routes!(create::create_session))
}
