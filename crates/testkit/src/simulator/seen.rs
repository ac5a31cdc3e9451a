//! Requests as they came in, for tests of what a gateway sends upstream.

use std::collections::VecDeque;

use bytes::Bytes;
use http::HeaderMap;

/// One request to a model endpoint.
#[derive(Debug, Clone)]
pub struct SeenRequest {
    /// Order of arrival, the same number as on the invoice.
    pub number: u64,
    /// Path without query.
    pub path: String,
    /// Query without `?`.
    pub query: Option<String>,
    /// All headers.
    pub headers: HeaderMap,
    /// The credential, wherever the dialect carries it.
    pub credential: Option<String>,
    /// The whole body; empty above [`SeenRequest::BODY_KEPT`] bytes.
    pub body: Bytes,
}

#[derive(Debug, Default)]
pub(super) struct SeenLog(VecDeque<SeenRequest>);

impl SeenRequest {
    /// How many requests are kept.
    pub const KEPT: usize = 512;
    /// Bodies above this many bytes are not kept.
    pub const BODY_KEPT: usize = 256 * 1024;

    /// One header as text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The body as JSON; null when it is not.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

impl SeenLog {
    pub(super) fn push(&mut self, mut request: SeenRequest) {
        if request.body.len() > SeenRequest::BODY_KEPT {
            request.body = Bytes::new();
        }
        if self.0.len() == SeenRequest::KEPT {
            self.0.pop_front();
        }
        self.0.push_back(request);
    }

    pub(super) fn all(&self) -> Vec<SeenRequest> {
        self.0.iter().cloned().collect()
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }
}
