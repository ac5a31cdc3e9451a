//! Responses of the gateway's own, and the headers it adds.

use axum::body::Body;
use http::header::{ALLOW, CONNECTION, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};
use serde_json::Value;
use tollgate_domain::{Dialect, RequestId};

use crate::body::WholeBody;
use crate::dialect;
use crate::error::ProxyError;
use crate::log::RequestScribe;
use crate::tally::Tally;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-tollgate-request-id");
/// What the upstreams charge for the request, in USD, decimal; absent when that is not known.
const COST: HeaderName = HeaderName::from_static("x-tollgate-cost");
/// The request's billing status.
const BILLING_STATUS: HeaderName = HeaderName::from_static("x-tollgate-billing-status");
/// How many objects of a list are there in short, for their upstreams could not show them.
const UNSEEN: HeaderName = HeaderName::from_static("x-tollgate-unseen");
/// The stable name of an error of the gateway's own; tells it from an upstream's.
pub(crate) const ERROR: HeaderName = HeaderName::from_static("x-tollgate-error");

/// An error in the caller's dialect.
pub(crate) fn refusal(
    dialect: Dialect,
    request_id: RequestId,
    error: &ProxyError,
    scribe: Option<RequestScribe>,
) -> Response<Body> {
    let scribe = scribe.map(|mut scribe| {
        scribe.refused(error);
        scribe
    });
    let text = dialect::render(dialect, error, &request_id.to_string()).to_string();
    let mut response = Response::new(Body::new(WholeBody::new(text.into(), None, scribe)));
    *response.status_mut() = error.status();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(ERROR, HeaderValue::from_static(error.label()));
    insert_request_id(headers, request_id);
    if let Some(seconds) = error.retry_after() {
        headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    match error {
        ProxyError::MethodNotAllowed { allowed, .. } => {
            headers.insert(ALLOW, HeaderValue::from_static(allowed));
        }
        // The next request on this connection would meet the same.
        ProxyError::Stopping => {
            headers.insert(CONNECTION, HeaderValue::from_static("close"));
        }
        _ => {}
    }
    response
}

/// A JSON answer of the gateway's own.
pub(crate) fn json(request_id: RequestId, value: &Value) -> Response<Body> {
    let mut response = Response::new(Body::from(value.to_string()));
    *response.status_mut() = StatusCode::OK;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    insert_request_id(headers, request_id);
    response
}

/// A page of a list, which is logged.
pub(crate) fn page(
    request_id: RequestId,
    text: String,
    unseen: usize,
    mut scribe: RequestScribe,
) -> Response<Body> {
    scribe.served();
    let mut response = Response::new(Body::new(WholeBody::new(text.into(), None, Some(scribe))));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    insert_request_id(headers, request_id);
    if unseen > 0 {
        headers.insert(UNSEEN, HeaderValue::from(unseen));
    }
    response
}

pub(crate) fn insert_request_id(headers: &mut HeaderMap, request_id: RequestId) {
    insert(headers, REQUEST_ID, &request_id.to_string());
}

pub(crate) fn insert_cost(headers: &mut HeaderMap, tally: &Tally) {
    if let Some(status) = tally.status() {
        headers.insert(BILLING_STATUS, HeaderValue::from_static(status.as_str()));
    }
    if let Some(cost) = tally.cost() {
        insert(headers, COST, &cost.to_string());
    }
}

fn insert(headers: &mut HeaderMap, name: HeaderName, text: &str) {
    if let Ok(value) = HeaderValue::from_str(text) {
        headers.insert(name, value);
    }
}
