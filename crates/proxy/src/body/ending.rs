//! The end of a body that broke off.

use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::Frame;

use super::BodyError;

/// Ends a body, with a failure if there was one. The server closes the connection on a failure and drops what it
/// has not written yet, so it gets one more turn to write first: the caller is to see every byte that came.
#[derive(Default)]
pub(super) struct Ending {
    failure: Option<BodyError>,
    yielded: bool,
}

impl Ending {
    pub(super) fn new(failure: Option<BodyError>) -> Self {
        Self {
            failure,
            yielded: false,
        }
    }

    pub(super) fn is_clean(&self) -> bool {
        self.failure.is_none()
    }

    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        if !self.is_clean() && !self.yielded {
            self.yielded = true;
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(self.failure.take().map(Err))
    }
}
