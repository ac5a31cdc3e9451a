//! Errors in the three dialects' shapes.

use serde_json::{Value, json};

use crate::protocol::Dialect;

/// A whole error body.
pub(super) fn body(dialect: Dialect, status: u16, message: &str, request_id: &str) -> Value {
    match dialect {
        Dialect::OpenAi => {
            json!({"error": {"message": message, "type": openai_type(status), "param": null, "code": openai_code(status)}})
        }
        Dialect::Anthropic => {
            json!({"type": "error", "error": {"type": anthropic_type(status), "message": message}, "request_id": request_id})
        }
        Dialect::Gemini => {
            json!({"error": {"code": status, "message": message, "status": gemini_status(status)}})
        }
    }
}

/// What a provider says with this status.
pub(super) const fn message(status: u16) -> &'static str {
    match status {
        400 => "the request is not valid",
        401 | 403 => "the credential is not valid",
        404 => "there is nothing at this path",
        429 => "too many requests, slow down",
        503 | 529 => "the model is overloaded, try again later",
        _ => "the server had an error while processing the request",
    }
}

const fn openai_type(status: u16) -> &'static str {
    match status {
        429 => "requests",
        400..=499 => "invalid_request_error",
        _ => "server_error",
    }
}

const fn openai_code(status: u16) -> Option<&'static str> {
    match status {
        401 => Some("invalid_api_key"),
        429 => Some("rate_limit_exceeded"),
        500..=599 => Some("server_error"),
        _ => None,
    }
}

const fn anthropic_type(status: u16) -> &'static str {
    match status {
        401 => "authentication_error",
        403 => "permission_error",
        404 => "not_found_error",
        413 => "request_too_large",
        429 => "rate_limit_error",
        400..=499 => "invalid_request_error",
        503 | 529 => "overloaded_error",
        _ => "api_error",
    }
}

const fn gemini_status(status: u16) -> &'static str {
    match status {
        401 => "UNAUTHENTICATED",
        403 => "PERMISSION_DENIED",
        404 => "NOT_FOUND",
        429 => "RESOURCE_EXHAUSTED",
        400..=499 => "INVALID_ARGUMENT",
        503 => "UNAVAILABLE",
        504 => "DEADLINE_EXCEEDED",
        _ => "INTERNAL",
    }
}
