//! Everything put together.

use std::sync::Arc;

use axum::Extension;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn_with_state, map_response};
use axum::response::Response;
use axum::routing::any;
use http::HeaderValue;
use http::header::{CACHE_CONTROL, X_CONTENT_TYPE_OPTIONS};
use utoipa_axum::router::OpenApiRouter;

use crate::auth::{Gate, require_admin};
use crate::guarded::Guarded;
use crate::idempotency::idempotent;
use crate::problem::{method_not_allowed, no_such_endpoint};
use crate::{
    AdminState, audit_log, billing, deferred_operations, health, keys, price_releases, price_sync, reference,
    request_logs, session, stale_prices, stats, system, tokens, upstreams,
};

/// The largest body, in bytes.
pub(crate) const BODY_LIMIT: usize = 1 << 20;

/// The management API with its OpenAPI document, its reference page and the health checks. It answers every path
/// under `/api` that nothing else does, so it is merged beside other routers, not nested.
pub fn router(state: AdminState) -> axum::Router {
    let (admin, _) = admin_routes().split_for_parts();
    let (public, _) = public_routes().split_for_parts();
    let gate = Arc::new(Gate::default());
    let guard = (state.clone(), Arc::clone(&gate));
    admin
        .route_layer(from_fn_with_state(guard.clone(), idempotent))
        .route_layer(from_fn_with_state(guard, require_admin))
        .merge(public)
        .route("/api", any(no_such_endpoint))
        .route("/api/", any(no_such_endpoint))
        .route("/api/{*rest}", any(no_such_endpoint))
        .method_not_allowed_fallback(method_not_allowed)
        .layer(map_response(keep_private))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(Extension(gate))
        .with_state(state)
}

/// The health checks alone, for a listener that has no management API.
pub fn health_router(state: AdminState) -> axum::Router {
    let (health, _) = health::routes().split_for_parts();
    health.layer(map_response(keep_private)).with_state(state)
}

/// What needs an admin token.
pub(crate) fn admin_routes() -> OpenApiRouter<AdminState> {
    Guarded::default()
        .merge(upstreams::routes())
        .merge(keys::routes())
        .merge(request_logs::routes())
        .merge(deferred_operations::routes())
        .merge(stats::routes())
        .merge(billing::routes())
        .merge(price_sync::routes())
        .merge(price_releases::routes())
        .merge(stale_prices::routes())
        .merge(system::routes())
        .merge(tokens::routes())
        .merge(session::routes())
        .merge(audit_log::routes())
        .into_router()
}

/// What needs none.
pub(crate) fn public_routes() -> OpenApiRouter<AdminState> {
    OpenApiRouter::default()
        .merge(health::routes())
        .merge(reference::routes())
        .merge(session::public_routes())
}

/// Answers hold bills and fresh tokens: nobody stores them, and nobody guesses at their type.
async fn keep_private(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}
