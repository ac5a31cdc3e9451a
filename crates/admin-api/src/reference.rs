//! `/api/openapi.json` and `/api/docs`: the API's own description.

mod document;
mod page;
mod render;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::AdminState;

pub(crate) fn routes() -> OpenApiRouter<AdminState> {
    OpenApiRouter::default()
        .routes(routes!(document::get_openapi))
        .routes(routes!(page::get_docs))
}
