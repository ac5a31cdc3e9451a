//! Errors of the gateway's own, in the shape the caller's SDK understands.

mod anthropic;
mod gemini;
mod openai;

use http::HeaderMap;
use serde_json::Value;
use tollgate_domain::Dialect;

use crate::error::ProxyError;

/// The dialect a caller most likely speaks, for paths that do not say.
pub(crate) fn guess(path: &str, headers: &HeaderMap, query: Option<&str>) -> Dialect {
    let carries_gemini_key = || {
        headers.contains_key("x-goog-api-key")
            || query.is_some_and(|query| crate::query::key(query).is_some())
    };
    if [
        "/v1beta",
        "/v1alpha",
        "/v1internal",
        "/upload/",
        "/download/",
        "/ws/",
    ]
    .iter()
    .any(|tree| path.starts_with(tree))
    {
        Dialect::Gemini
    } else if path.starts_with("/v1/messages") || headers.contains_key("anthropic-version") {
        Dialect::Anthropic
    } else if carries_gemini_key() {
        Dialect::Gemini
    } else {
        Dialect::Openai
    }
}

/// The error's body.
pub(crate) fn render(dialect: Dialect, error: &ProxyError, request_id: &str) -> Value {
    match dialect {
        Dialect::Openai => openai::body(error),
        Dialect::Anthropic => anthropic::body(error, request_id),
        Dialect::Gemini => gemini::body(error),
    }
}

#[cfg(test)]
mod tests {
    use tollgate_domain::{ModelName, Protocol};

    use super::*;

    #[test]
    fn the_dialect_is_guessed_from_path_then_headers_then_key() {
        let mut anthropic = HeaderMap::new();
        anthropic.insert("anthropic-version", "2023-06-01".parse().unwrap());
        let none = HeaderMap::new();
        assert_eq!(guess("/v1beta/files", &anthropic, None), Dialect::Gemini);
        assert_eq!(
            guess("/v1/messages/count_tokens", &none, None),
            Dialect::Anthropic
        );
        assert_eq!(guess("/v1/models", &anthropic, None), Dialect::Anthropic);
        assert_eq!(guess("/v1/models", &none, Some("key=k")), Dialect::Gemini);
        assert_eq!(guess("/v1/completions", &none, None), Dialect::Openai);
    }

    #[test]
    fn each_dialect_has_its_own_shape() {
        let error = ProxyError::ModelNotFound {
            model: ModelName::new("m"),
            protocol: Protocol::AnthropicMessages,
        };
        let openai = render(Dialect::Openai, &error, "id");
        assert_eq!(openai["error"]["type"], "invalid_request_error");
        assert_eq!(openai["error"]["code"], "model_not_found");
        let anthropic = render(Dialect::Anthropic, &error, "id");
        assert_eq!(
            (&anthropic["type"], &anthropic["error"]["type"]),
            (&"error".into(), &"not_found_error".into())
        );
        assert_eq!(anthropic["request_id"], "id");
        let gemini = render(Dialect::Gemini, &error, "id");
        assert_eq!(
            (&gemini["error"]["code"], &gemini["error"]["status"]),
            (&404.into(), &"NOT_FOUND".into())
        );
        for body in [openai, anthropic, gemini] {
            assert_eq!(body["error"]["message"], error.to_string());
        }
    }
}
