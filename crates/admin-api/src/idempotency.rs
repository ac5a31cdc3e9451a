//! `Idempotency-Key`: a request that may be sent twice and is carried out once.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use chrono::TimeDelta;
use http::header::{CONTENT_TYPE, ETAG, HeaderName, LOCATION};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use ring::digest::{Context, SHA256};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use tollgate_domain::ports::{Claim, Claimed, IdempotentRequest};
use uuid::Uuid;

use crate::AdminState;
use crate::auth::{Author, Gate};
use crate::problem::{Problem, ProblemType};
use crate::router::BODY_LIMIT;

/// The header.
pub(crate) const HEADER: HeaderName = HeaderName::from_static("idempotency-key");
/// Says that an answer was kept from before.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
/// Characters of a key.
const KEY_MAX: usize = 255;
/// The largest answer that is kept, in bytes.
const ANSWER_LIMIT: usize = 8 << 20;
/// How long an answer is kept.
const KEPT: TimeDelta = TimeDelta::hours(24);
/// When another attempt may take over from one that did not come back.
const TAKEOVER: TimeDelta = TimeDelta::minutes(1);
/// How often, and how many times, somebody who came second looks for the answer.
const LOOK: Duration = Duration::from_millis(100);
const LOOKS: u32 = 100;
/// Headers that belong to an answer.
const KEPT_HEADERS: [HeaderName; 3] = [CONTENT_TYPE, ETAG, LOCATION];

/// An answer as it is sealed.
#[derive(Serialize, Deserialize)]
struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

/// Carries a `POST` with an idempotency key out once. Later ones, also at the same time and at another gateway, get the
/// answer of the first. Only what succeeded is kept: a request that changed nothing may be tried again.
pub(crate) async fn idempotent(
    State((state, gate)): State<(AdminState, Arc<Gate>)>,
    author: Author,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let key = key(request.headers())?;
    let (Some(key), Some(token_id)) = (key, author.0.token_id) else {
        return Ok(next.run(request).await);
    };
    if request.method() != Method::POST {
        return Ok(next.run(request).await);
    }
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, BODY_LIMIT)
        .await
        .map_err(|_| Problem::new(ProblemType::BodyTooLarge, "a body may have at most 1 MiB"))?;
    let known = IdempotentRequest {
        token_id,
        key,
        request_hash: request_hash(&parts, &body),
    };
    let claim = state.ids.new_id(state.clock.now());
    if let Some(answer) = answer_of(&state, &known, claim).await? {
        return Ok(answer);
    }
    let request = Request::from_parts(parts, Body::from(body));
    // To its end, although the caller may go: the answer is what they come back for.
    let work = async move {
        let response = next.run(request).await;
        keep(&state, &known, claim, response).await
    };
    let done = gate.tasks.spawn(work).await;
    done.map_err(|error| Problem::internal(&error))
}

/// The answer of an earlier request of this key; `None` when this one is to be carried out.
async fn answer_of(
    state: &AdminState,
    known: &IdempotentRequest,
    claim: Uuid,
) -> Result<Option<Response>, Problem> {
    for look in 0..LOOKS {
        if look > 0 {
            tokio::time::sleep(LOOK).await;
        }
        let at = state.clock.now();
        let claim = Claim {
            id: claim,
            at,
            until: at + TAKEOVER,
            expires_at: at + KEPT,
        };
        match state.store.claim_request(known.clone(), claim).await? {
            Claimed::Yes => return Ok(None),
            Claimed::Answered(answer) => return replay(&answer).map(Some),
            Claimed::Running => {}
            Claimed::Different => {
                let detail = "the idempotency key was used for another request; take a new one";
                return Err(Problem::new(ProblemType::IdempotencyKeyReused, detail));
            }
            Claimed::Unreadable => {
                let detail =
                    "it was carried out, and the answer cannot be opened any more: its sealing key is gone";
                return Err(Problem::new(ProblemType::IdempotencyConflict, detail));
            }
        }
    }
    let detail = "the request of this idempotency key is still being carried out";
    Err(Problem::new(ProblemType::IdempotencyConflict, detail))
}

/// Keeps an answer that succeeded, and gives the claim back otherwise.
async fn keep(state: &AdminState, known: &IdempotentRequest, claim: Uuid, response: Response) -> Response {
    if !response.status().is_success() {
        release(state, known, claim).await;
        return response;
    }
    let (parts, body) = response.into_parts();
    let Ok(body) = to_bytes(body, ANSWER_LIMIT).await else {
        release(state, known, claim).await;
        return Problem::new(ProblemType::Internal, "the answer is too large to be kept").into_response();
    };
    match seal(parts.status, &parts.headers, &body) {
        Some(answer) => {
            if let Err(error) = state.store.answer_request(known, claim, answer).await {
                tracing::warn!(%error, "the answer of an idempotent request is not kept");
            }
        }
        None => release(state, known, claim).await,
    }
    Response::from_parts(parts, Body::from(body))
}

async fn release(state: &AdminState, known: &IdempotentRequest, claim: Uuid) {
    if let Err(error) = state.store.release_request(known, claim).await {
        tracing::warn!(%error, "an idempotency key is not given back; it is free again in a minute");
    }
}

fn seal(status: StatusCode, headers: &HeaderMap, body: &Bytes) -> Option<SecretString> {
    let headers = KEPT_HEADERS.iter().filter_map(|name| {
        let value = headers.get(name)?.to_str().ok()?;
        Some((name.as_str().to_owned(), value.to_owned()))
    });
    let answer = Answer {
        status: status.as_u16(),
        headers: headers.collect(),
        body: String::from_utf8(body.to_vec()).ok()?,
    };
    serde_json::to_string(&answer).ok().map(Into::into)
}

fn replay(answer: &SecretString) -> Result<Response, Problem> {
    let answer: Answer =
        serde_json::from_str(answer.expose_secret()).map_err(|error| Problem::internal(&error))?;
    let mut response = Response::new(Body::from(answer.body));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    let headers = response.headers_mut();
    for (name, value) in answer.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            headers.insert(name, value);
        }
    }
    headers.insert(REPLAYED, HeaderValue::from_static("true"));
    Ok(response)
}

fn key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let mut values = headers.get_all(HEADER).iter();
    let Some(value) = values.next() else {
        return Ok(None);
    };
    let field = "idempotency-key";
    if values.next().is_some() {
        return Err(Problem::invalid_field(field, "is given more than once"));
    }
    let text = value.to_str().unwrap_or_default();
    let length = text.len();
    if length == 0 || length > KEY_MAX || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        let message = format!("must have 1 to {KEY_MAX} visible ASCII characters without blanks");
        return Err(Problem::invalid_field(field, message));
    }
    Ok(Some(text.to_owned()))
}

/// Of everything that makes the request what it is, each part with its length before it.
fn request_hash(parts: &http::request::Parts, body: &[u8]) -> [u8; 32] {
    let target = parts.uri.path_and_query().map_or("/", |target| target.as_str());
    let condition = parts.headers.get(http::header::IF_MATCH);
    let mut hash = Context::new(&SHA256);
    for part in [
        target.as_bytes(),
        condition.map(HeaderValue::as_bytes).unwrap_or_default(),
        body,
    ] {
        hash.update(&(part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    let mut bytes = [0; 32];
    bytes.copy_from_slice(hash.finish().as_ref());
    bytes
}
