//! `{"type":"error","error":{"type","message"},"request_id"}`

use serde_json::{Value, json};

use crate::error::ProxyError;

pub(super) fn body(error: &ProxyError, request_id: &str) -> Value {
    let kind = match error.status().as_u16() {
        401 => "authentication_error",
        403 => "permission_error",
        404 => "not_found_error",
        413 => "request_too_large",
        400..=499 => "invalid_request_error",
        503 => "overloaded_error",
        504 => "timeout_error",
        _ => "api_error",
    };
    json!({"type": "error", "error": {"type": kind, "message": error.to_string()}, "request_id": request_id})
}
