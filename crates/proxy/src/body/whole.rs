//! A body that is there as a whole.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

use super::BodyError;
use super::ending::Ending;
use crate::log::RequestScribe;

/// Bytes, then the end or the failure that the upstream's answer had there. The request's log is written when it
/// is gone.
pub(crate) struct WholeBody {
    bytes: Option<Bytes>,
    ending: Ending,
    scribe: Option<RequestScribe>,
}

impl WholeBody {
    pub(crate) fn new(bytes: Bytes, failure: Option<BodyError>, scribe: Option<RequestScribe>) -> Self {
        Self {
            bytes: (!bytes.is_empty()).then_some(bytes),
            ending: Ending::new(failure),
            scribe,
        }
    }
}

impl Body for WholeBody {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        if let Some(bytes) = self.bytes.take() {
            return Poll::Ready(Some(Ok(Frame::data(bytes))));
        }
        self.ending.poll(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.is_none() && self.ending.is_clean()
    }

    fn size_hint(&self) -> SizeHint {
        if !self.ending.is_clean() {
            return SizeHint::default();
        }
        SizeHint::with_exact(self.bytes.as_ref().map_or(0, |bytes| bytes.len() as u64))
    }
}

impl Drop for WholeBody {
    fn drop(&mut self) {
        if self.bytes.is_some()
            && let Some(scribe) = &mut self.scribe
        {
            scribe.caller_left();
        }
    }
}
