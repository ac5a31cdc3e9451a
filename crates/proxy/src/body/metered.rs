//! An answer on its way to the caller, metered as it passes.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use billing_core::UsageEventFilter;
use bytes::Bytes;
use http_body::{Body, Frame};
use hyper::body::Incoming;
use tokio::task::JoinHandle;

use super::ending::Ending;
use super::idle::IdleTimer;
use super::{BodyError, Coalesced, Drainage};
use crate::log::RequestScribe;
use crate::metering::Metering;
use crate::outcome::BodyEnd;

/// What a metered body is made of.
pub(crate) struct Stream {
    /// What has been read and metered already.
    pub(crate) prefix: Bytes,
    pub(crate) upstream: Coalesced<Incoming>,
    pub(crate) metering: Metering,
    /// Removes the usage event the caller did not ask for.
    pub(crate) filter: Option<UsageEventFilter>,
    pub(crate) drainage: Drainage,
}

/// Passes an upstream's bytes on and settles the attempt exactly once: at the terminal event, the end, a failure,
/// or when the caller goes away. Nothing is read ahead of the caller, so a slow one slows the upstream down.
///
/// The server stops polling once the announced length is out, so the end is not waited for: the piece that
/// completes the answer is held back until the attempt is settled, and no other one is.
pub(crate) struct MeteredBody {
    /// `None` after its end.
    upstream: Option<Coalesced<Incoming>>,
    metering: Option<Metering>,
    filter: Option<UsageEventFilter>,
    idle: IdleTimer,
    drainage: Drainage,
    /// Goes out once nothing is waited for.
    next: Option<Bytes>,
    waiting: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
    ending: Ending,
    scribe: RequestScribe,
}

impl MeteredBody {
    pub(crate) fn new(stream: Stream, scribe: RequestScribe) -> Self {
        let mut body = Self {
            upstream: Some(stream.upstream),
            metering: Some(stream.metering),
            filter: stream.filter,
            idle: IdleTimer::new(stream.drainage.idle),
            drainage: stream.drainage,
            next: None,
            waiting: None,
            ending: Ending::default(),
            scribe,
        };
        body.next = body.filtered(stream.prefix);
        if body.upstream.as_ref().is_some_and(Coalesced::is_end_stream) {
            body.end(BodyEnd::Ended, None);
        }
        body
    }

    fn receive(&mut self, piece: Bytes, whole: bool) {
        self.idle.progress();
        let seen = self
            .metering
            .as_mut()
            .map(|metering| metering.push(&piece))
            .unwrap_or_default();
        if seen.content {
            self.scribe.first_content();
        }
        self.next = self.filtered(piece);
        let handing = self.metering.as_mut().and_then(Metering::followup);
        self.hold_back(handing);
        if whole {
            self.end(BodyEnd::Ended, None);
        } else if seen.terminal {
            self.settle(BodyEnd::Ended);
        }
    }

    fn filtered(&mut self, piece: Bytes) -> Option<Bytes> {
        let piece = match &mut self.filter {
            None => piece,
            Some(filter) => {
                let mut kept = Vec::with_capacity(piece.len());
                filter.push(&piece, &mut kept);
                kept.into()
            }
        };
        (!piece.is_empty()).then_some(piece)
    }

    fn end(&mut self, end: BodyEnd, failure: Option<BodyError>) {
        self.upstream = None;
        if let Some(failure) = &failure {
            self.scribe.upstream_failed(failure);
        }
        self.ending = Ending::new(failure);
        if let Some(mut filter) = self.filter.take() {
            let mut kept = self.next.take().map(Vec::from).unwrap_or_default();
            filter.finish(&mut kept);
            self.next = (!kept.is_empty()).then(|| kept.into());
        }
        self.settle(end);
    }

    fn settle(&mut self, end: BodyEnd) {
        let settled = self.metering.as_mut().and_then(|metering| metering.settle(end));
        let handing = self.metering.as_mut().and_then(Metering::followup);
        if let Some(settled) = settled {
            self.waiting = Some(Box::pin(settled.wait()));
        }
        self.hold_back(handing);
    }

    /// The next piece goes out once this is done, too.
    fn hold_back(&mut self, handing: Option<JoinHandle<()>>) {
        let Some(handing) = handing else { return };
        let before = self.waiting.take();
        self.waiting = Some(Box::pin(async move {
            if let Some(before) = before {
                before.await;
            }
            handing.await.ok();
        }));
    }

    /// Takes the next piece from the upstream, or its end.
    fn poll_upstream(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let Some(upstream) = &mut self.upstream else {
            return Poll::Ready(());
        };
        match upstream.poll_piece(cx) {
            Poll::Ready(Some(Ok(piece))) => {
                let whole = upstream.is_end_stream();
                self.receive(piece, whole);
            }
            Poll::Ready(Some(Err(_))) => self.end(BodyEnd::Broken, Some(BodyError::Broken)),
            Poll::Ready(None) => self.end(BodyEnd::Ended, None),
            Poll::Pending if upstream.is_gathering() => return Poll::Pending,
            Poll::Pending => {
                ready!(self.idle.poll_expired(cx));
                self.end(BodyEnd::Silent, Some(BodyError::Silent));
            }
        }
        Poll::Ready(())
    }
}

impl Body for MeteredBody {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        loop {
            if let Some(waiting) = &mut self.waiting {
                ready!(waiting.as_mut().poll(cx));
                self.waiting = None;
            }
            if let Some(piece) = self.next.take() {
                return Poll::Ready(Some(Ok(Frame::data(piece))));
            }
            if self.upstream.is_none() {
                return self.ending.poll(cx);
            }
            ready!(self.poll_upstream(cx));
        }
    }
}

impl Drop for MeteredBody {
    fn drop(&mut self) {
        let unsettled = self.metering.take().filter(|metering| !metering.is_settled());
        if self.next.is_some() || unsettled.is_some() {
            self.scribe.caller_left();
        }
        if let (Some(upstream), Some(metering)) = (self.upstream.take(), unsettled) {
            self.drainage.start(upstream, metering);
        }
    }
}
