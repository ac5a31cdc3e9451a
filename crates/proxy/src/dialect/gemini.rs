//! `{"error":{"code","message","status"}}`

use serde_json::{Value, json};

use crate::error::ProxyError;

pub(super) fn body(error: &ProxyError) -> Value {
    let code = error.status().as_u16();
    let status = match code {
        401 => "UNAUTHENTICATED",
        403 => "PERMISSION_DENIED",
        404 => "NOT_FOUND",
        400..=499 => "INVALID_ARGUMENT",
        500 => "INTERNAL",
        504 => "DEADLINE_EXCEEDED",
        _ => "UNAVAILABLE",
    };
    json!({"error": {"code": code, "message": error.to_string(), "status": status}})
}
