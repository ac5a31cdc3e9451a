//! Which endpoint a request is for.

use std::sync::Arc;

use http::header::CONTENT_TYPE;
use http::{HeaderMap, Method, Request, Response, StatusCode};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use serde_json::{Value, json as object};

use crate::protocol::Dialect;

use super::body::{self, SimBody};
use super::exchange::{self, Call};
use super::operation::{self, Operation};
use super::state::State;
use super::{auth, control, errors, models, objects};

/// Something that is paid for elsewhere, and so not on this invoice.
const JOBS: &str = "/v1/fine_tuning/jobs";

/// Answers a request; `None` closes the connection without an answer.
pub(super) async fn route(state: Arc<State>, request: Request<Incoming>) -> Option<Response<SimBody>> {
    let (parts, incoming) = request.into_parts();
    let path = parts.uri.path().to_owned();
    if let Some(operation) = path.strip_prefix("/_sim/") {
        let body = incoming.collect().await.ok()?.to_bytes();
        return Some(control::answer(&state, &parts.method, operation, &body));
    }
    if objects::is_one(&path, &parts.method, &parts.headers) {
        let body = incoming.collect().await.ok()?.to_bytes();
        let asked = objects::Asked {
            method: parts.method,
            path,
            query: parts.uri.query().map(str::to_owned),
            headers: parts.headers,
            body,
        };
        return Some(exchange::deferred::answer(&state, &asked));
    }
    if parts.method == Method::GET {
        return Some(list_models(&state, &path, parts.uri.query(), &parts.headers));
    }
    if path == JOBS && parts.method == Method::POST {
        return Some(json(
            StatusCode::OK,
            &object!({"id": "ftjob-sim", "object": "fine_tuning.job"}),
        ));
    }
    let Some(endpoint) = operation::find(&path).filter(|_| parts.method == Method::POST) else {
        return Some(error(dialect_of(&path, &parts.headers), 404));
    };
    let ticket = state.admit();
    let body = incoming.collect().await.ok()?.to_bytes();
    let call = Call {
        protocol: endpoint.protocol,
        operation: endpoint.operation,
        model_in_path: endpoint.model.map(str::to_owned),
        stream_in_path: endpoint.operation == Operation::Stream,
        query: parts.uri.query().map(str::to_owned),
        headers: parts.headers,
        body,
        path: path.clone(),
    };
    exchange::answer(ticket, call).await
}

fn dialect_of(path: &str, headers: &HeaderMap) -> Dialect {
    if path.starts_with("/v1beta/")
        || path.starts_with("/v1internal")
        || headers.contains_key("x-goog-api-key")
    {
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
