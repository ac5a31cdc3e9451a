//! `{"error":{"message","type","param","code"}}`

use serde_json::{Value, json};

use crate::error::ProxyError;

pub(super) fn body(error: &ProxyError) -> Value {
    let kind = match error.status().as_u16() {
        400..=499 => "invalid_request_error",
        _ => "server_error",
    };
    // The names an OpenAI caller knows, where there is one.
    let code = match error {
        ProxyError::KeyMissing
        | ProxyError::KeyUnknown
        | ProxyError::KeyDisabled
        | ProxyError::KeyExpired
        | ProxyError::KeyReplaced => "invalid_api_key",
        ProxyError::ModelNotFound { .. }
        | ProxyError::ModelNotReachable { .. }
        | ProxyError::ModelUnknown { .. } => "model_not_found",
        ProxyError::UnknownPath { .. } => "unknown_url",
        other => other.label(),
    };
    let param = match error {
        ProxyError::ModelNotFound { .. }
        | ProxyError::ModelUnknown { .. }
        | ProxyError::ModelUnpriced { .. }
        | ProxyError::ModelNotGranted { .. }
        | ProxyError::ModelNotNamed { .. }
        | ProxyError::ModelNotReachable { .. }
        | ProxyError::ModelMissing { .. } => Some("model"),
        ProxyError::BackgroundUnsupported => Some("background"),
        ProxyError::ParameterInvalid { name, .. } => Some(*name),
        _ => None,
    };
    json!({"error": {"message": error.to_string(), "type": kind, "param": param, "code": code}})
}
