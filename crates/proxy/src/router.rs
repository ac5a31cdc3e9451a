//! The client-facing paths.

use axum::Router;
use axum::routing::any;

use crate::ProxyState;
use crate::handler::handle;

/// All client-facing paths: the SDKs' natural ones (`/v1/…`, `/v1beta/…` and so on) and the same under `/api/proxy/…`.
/// Everything below them is answered here, in the caller's dialect, paths that do not exist included.
pub fn router(state: ProxyState) -> Router {
    let trees = [
        "/v1",
        "/v1/{*rest}",
        "/v1beta",
        "/v1beta/{*rest}",
        "/v1alpha",
        "/v1alpha/{*rest}",
        "/v1internal:generateContent",
        "/v1internal:streamGenerateContent",
        "/v1internal:countTokens",
        "/v2",
        "/v2/{*rest}",
        "/openai",
        "/openai/{*rest}",
        "/upload/{*rest}",
        "/download/{*rest}",
        "/ws/{*rest}",
        "/api/proxy",
        "/api/proxy/{*rest}",
    ];
    trees
        .into_iter()
        .fold(Router::new(), |router, tree| router.route(tree, any(handle)))
        .with_state(state)
}
