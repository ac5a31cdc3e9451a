//! `/api/admin/billing`: what was spent, and why exactly that much.

mod overview;
mod receipt;

use tollgate_domain::ports::Health;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::AdminState;

pub(crate) fn routes() -> OpenApiRouter<AdminState> {
    OpenApiRouter::default()
        .routes(routes!(overview::get_billing_overview))
        .routes(routes!(receipt::get_receipt))
}

/// The stable name of a state of health.
pub(crate) fn health_name(health: Health) -> &'static str {
    match health {
        Health::Ready => "ready",
        Health::Degraded => "degraded",
    }
}
