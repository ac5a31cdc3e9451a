//! `/healthz` and `/readyz`: for supervisors and load balancers, without a token.

mod live;
mod ready;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::AdminState;

pub(crate) fn routes() -> OpenApiRouter<AdminState> {
    OpenApiRouter::default()
        .routes(routes!(live::get_liveness))
        .routes(routes!(ready::get_readiness))
}
