//! What an upstream answered.

use std::sync::Arc;

use axum::body::Body;
use bytes::Bytes;
use http::{HeaderMap, Response, StatusCode};
use memchr::memmem;
use tokio::time::Instant;
use tollgate_domain::RequestId;

use crate::body::{BodyError, MeteredBody, Stream, WholeBody};
use crate::forward::for_caller;
use crate::log::RequestScribe;
use crate::outcome::BodyEnd;
use crate::respond;
use crate::route::Route;
use crate::tally::Tally;

/// An upstream's answer, headers as they came.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) route: Arc<Route>,
    /// The request asked for usage where the caller did not.
    pub(crate) usage_added: bool,
    pub(crate) content: Content,
}

/// How much of an answer is there.
pub(crate) enum Content {
    /// All there will be, settled.
    Whole {
        bytes: Bytes,
        /// They are not those the upstream sent.
        rewritten: bool,
        /// What the caller is to meet after the bytes.
        failure: Option<BodyError>,
        first_content: Option<Instant>,
    },
    /// More is to come.
    Streaming(Box<Stream>),
}

impl Answer {
    /// Whether another upstream may do better: it is overloaded or broken, not the request wrong.
    pub(crate) fn is_retryable(&self) -> bool {
        self.status == StatusCode::TOO_MANY_REQUESTS || self.status.is_server_error()
    }

    /// Whether the upstream refuses what the gateway, not the caller, put into the request.
    pub(crate) fn refuses_addition(&self) -> bool {
        let refused = matches!(
            self.status,
            StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY
        );
        let named = |bytes: &[u8]| {
            memmem::find(bytes, b"stream_options").is_some()
                || memmem::find(bytes, b"include_usage").is_some()
        };
        self.usage_added && refused && matches!(&self.content, Content::Whole { bytes, .. } if named(bytes))
    }

    /// The answer if it is whole; one that is not is settled as it stands and given up, which `tally` is told.
    pub(crate) fn kept(mut self, tally: &mut Tally) -> Option<Self> {
        match &mut self.content {
            Content::Whole { .. } => Some(self),
            Content::Streaming(stream) => {
                if let Some(settled) = stream.metering.settle(BodyEnd::Broken) {
                    tally.add(&settled.entry);
                } else if stream.metering.is_estimating() {
                    tally.leave_open();
                }
                None
            }
        }
    }

    /// The response to the caller. Only a held answer can say what it cost.
    pub(crate) fn into_response(
        self,
        request_id: RequestId,
        tally: &Tally,
        mut scribe: RequestScribe,
    ) -> Response<Body> {
        scribe.answered(&self.route.reference, self.status);
        let same_length = match &self.content {
            Content::Streaming(stream) => stream.filter.is_none(),
            Content::Whole { rewritten, .. } => !rewritten,
        };
        let mut headers = for_caller(&self.headers, same_length);
        respond::insert_request_id(&mut headers, request_id);
        let body = match self.content {
            Content::Whole {
                bytes,
                failure,
                first_content,
                ..
            } => {
                respond::insert_cost(&mut headers, tally);
                scribe.first_content_at(first_content);
                if let Some(failure) = &failure {
                    scribe.upstream_failed(failure);
                }
                Body::new(WholeBody::new(bytes, failure, Some(scribe)))
            }
            Content::Streaming(stream) => {
                scribe.first_content_at(stream.metering.first_content());
                Body::new(MeteredBody::new(*stream, scribe))
            }
        };
        let mut response = Response::new(body);
        *response.status_mut() = self.status;
        *response.headers_mut() = headers;
        response
    }
}
