//! The console at `/` and below its own paths.

use axum::Router;
use axum::extract::Path;
use axum::http::header::{
    ACCEPT_ENCODING, ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE,
    REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::rand::{SecureRandom as _, SystemRandom};
use tollgate_console::{Language, PATHS, asset, content_security_policy, document};

/// Hashed names: what is kept is never wrong.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
const ASK_AGAIN: &str = "no-cache";
const NONCE_BYTES: usize = 16;

/// The document at `/` and at every path the console routes by itself, so that a deep link opens; its files below
/// `/assets`. Nothing else: what the console does not know is still answered as before.
pub(super) fn router() -> Router {
    let mut router = Router::new()
        .route("/", get(show))
        .route(
            "/favicon.svg",
            get(|headers| async move { file("favicon.svg", &headers) }),
        )
        .route("/assets/{file}", get(show_asset));
    for path in PATHS {
        router = router
            .route(&format!("/{path}"), get(show))
            .route(&format!("/{path}/{{*rest}}"), get(show));
    }
    router
}

async fn show(headers: HeaderMap) -> Response {
    let language = Language::from_accept(text_of(&headers, ACCEPT_LANGUAGE));
    let mut bytes = [0; NONCE_BYTES];
    if SystemRandom::new().fill(&mut bytes).is_err() {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let nonce = STANDARD.encode(bytes);
    let head = [
        (CONTENT_TYPE, "text/html; charset=utf-8".to_owned()),
        (CONTENT_SECURITY_POLICY, content_security_policy(&nonce)),
        (CACHE_CONTROL, ASK_AGAIN.to_owned()),
        (X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (REFERRER_POLICY, "no-referrer".to_owned()),
    ];
    (head, document(&nonce, language)).into_response()
}

async fn show_asset(Path(name): Path<String>, headers: HeaderMap) -> Response {
    file(&format!("assets/{name}"), &headers)
}

fn file(path: &str, headers: &HeaderMap) -> Response {
    let Some(asset) = asset(path) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let (encoding, bytes) = asset.for_client(text_of(headers, ACCEPT_ENCODING));
    let keep = if asset.is_immutable() { FOR_EVER } else { ASK_AGAIN };
    let head = [
        (CONTENT_TYPE, asset.content_type),
        (CACHE_CONTROL, keep),
        (VARY, "accept-encoding"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    let mut response = (head, bytes).into_response();
    if let Some(name) = encoding.name() {
        response
            .headers_mut()
            .insert(CONTENT_ENCODING, HeaderValue::from_static(name));
    }
    response
}

fn text_of(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}
