//! `GET /api/docs`

use std::sync::LazyLock;

use axum::response::IntoResponse;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use ring::digest::{SHA256, digest};

use super::render;

/// The page has one inline style sheet, known by its hash, and nothing else: no script, no foreign resource.
static POLICY: LazyLock<String> = LazyLock::new(|| {
    let hash = STANDARD.encode(digest(&SHA256, render::STYLE.as_bytes()));
    format!(
        "default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
});

static PAGE: LazyLock<String> = LazyLock::new(|| {
    let document = serde_json::to_value(crate::openapi()).unwrap_or_default();
    render::page(&document)
});

/// This reference as a page that needs nothing from elsewhere.
#[utoipa::path(
    get, path = "/api/docs", tag = "reference",
    responses((status = 200, description = "The page", content_type = "text/html", body = String)),
)]
pub(super) async fn get_docs() -> impl IntoResponse {
    let headers = [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CONTENT_SECURITY_POLICY, POLICY.as_str()),
    ];
    (headers, PAGE.as_str())
}
