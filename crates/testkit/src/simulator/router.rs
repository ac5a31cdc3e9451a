//! Which endpoint a request is for.

use std::sync::Arc;

use http::header::CONTENT_TYPE;
use http::{HeaderMap, Method, Request, Response, StatusCode};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use serde_json::Value;

use crate::protocol::{Dialect, Protocol};

use super::body::{self, SimBody};
use super::exchange::{self, Call};
use super::state::State;
use super::{auth, control, errors, models};

/// Answers a request; `None` closes the connection without an answer.
pub(super) async fn route(state: Arc<State>, request: Request<Incoming>) -> Option<Response<SimBody>> {
    let (parts, incoming) = request.into_parts();
    let path = parts.uri.path().to_owned();
    if let Some(operation) = path.strip_prefix("/_sim/") {
        let body = incoming.collect().await.ok()?.to_bytes();
        return Some(control::answer(&state, &parts.method, operation, &body));
    }
    if parts.method == Method::GET {
        return Some(list_models(&state, &path, parts.uri.query(), &parts.headers));
    }
    let Some((protocol, target)) = endpoint(&path).filter(|_| parts.method == Method::POST) else {
        return Some(error(dialect_of(&path, &parts.headers), 404));
    };
    let ticket = state.admit();
    let body = incoming.collect().await.ok()?.to_bytes();
    let stream = target.is_some_and(|target| target.stream);
    let call = Call {
        protocol,
        model_in_path: target.map(|target| target.model.to_owned()),
        stream_in_path: stream,
        query: parts.uri.query().map(str::to_owned),
        headers: parts.headers,
        body,
        path: path.clone(),
    };
    exchange::answer(ticket, call).await
}

/// Both versions of the Gemini API are in use: the current SDK's default is the first.
const GEMINI_PREFIXES: [&str; 2] = ["/v1/models/", "/v1beta/models/"];

/// A Gemini path names the model and the method.
#[derive(Debug, Clone, Copy)]
struct Target<'p> {
    model: &'p str,
    stream: bool,
}

fn endpoint(path: &str) -> Option<(Protocol, Option<Target<'_>>)> {
    match path {
        "/v1/chat/completions" => return Some((Protocol::OpenaiChat, None)),
        "/v1/responses" => return Some((Protocol::OpenaiResponses, None)),
        "/v1/embeddings" => return Some((Protocol::OpenaiEmbeddings, None)),
        "/v1/messages" => return Some((Protocol::AnthropicMessages, None)),
        _ => {}
    }
    let below = GEMINI_PREFIXES
        .iter()
        .find_map(|prefix| path.strip_prefix(prefix))?;
    let (model, method) = below.rsplit_once(':')?;
    let (protocol, stream) = match method {
        "generateContent" => (Protocol::GeminiGenerate, false),
        "streamGenerateContent" => (Protocol::GeminiGenerate, true),
        "embedContent" | "batchEmbedContents" => (Protocol::GeminiEmbed, false),
        _ => return None,
    };
    Some((protocol, Some(Target { model, stream })))
}

fn dialect_of(path: &str, headers: &HeaderMap) -> Dialect {
    if path.starts_with("/v1beta/") || headers.contains_key("x-goog-api-key") {
        Dialect::Gemini
    } else if headers.contains_key("anthropic-version") {
        Dialect::Anthropic
    } else {
        Dialect::OpenAi
    }
}

fn list_models(state: &State, path: &str, query: Option<&str>, headers: &HeaderMap) -> Response<SimBody> {
    let dialect = dialect_of(path, headers);
    if !matches!(path, "/v1/models" | "/v1beta/models") {
        return error(dialect, 404);
    }
    match auth::credential(dialect, headers, query) {
        Some(credential) if state.credentials.contains(&credential) => {
            json(StatusCode::OK, &models::list(dialect, &state.prices))
        }
        _ => error(dialect, 401),
    }
}

fn error(dialect: Dialect, status: u16) -> Response<SimBody> {
    let code = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    json(
        code,
        &errors::body(dialect, status, errors::message(status), "req_sim"),
    )
}

/// A JSON answer that is not on the invoice.
pub(super) fn json(status: StatusCode, value: &Value) -> Response<SimBody> {
    let mut response = Response::new(body::plain(value.to_string()));
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(CONTENT_TYPE, http::HeaderValue::from_static("application/json"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gemini_paths_name_model_and_method() {
        let (protocol, target) = endpoint("/v1beta/models/gemini-2.5-pro:streamGenerateContent").unwrap();
        assert_eq!(protocol, Protocol::GeminiGenerate);
        assert_eq!(
            target.map(|t| (t.model, t.stream)),
            Some(("gemini-2.5-pro", true))
        );
        let (protocol, _) = endpoint("/v1/models/gemini-embedding-001:batchEmbedContents").unwrap();
        assert_eq!(protocol, Protocol::GeminiEmbed);
        assert!(endpoint("/v1beta/models/gemini-2.5-pro:countTokens").is_none());
        assert!(endpoint("/v1/completions").is_none());
    }
}
