//! Joining what has already arrived.
//!
//! The client hands an answer's chunks over one by one, and each one passed on alone costs the server a system
//! call and the caller a packet. So after a chunk this body lets the connection's task run a few more times before
//! it passes on what it has; in a burst that joins dozens of small events, and a lone event waits for a few turns
//! of the scheduler only, never for a timer.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{Bytes, BytesMut};
use http_body::Body;

/// How many turns of the scheduler a piece waits for company. One would do if the connection's task always ran on
/// this thread; on another one it needs a few microseconds to hand the next chunk over.
const TURNS: u8 = 4;

/// From here on a joined piece is passed on.
const MAX_JOINED: usize = 64 << 10;

/// A body whose small frames are joined. Trailers are dropped: no provider sends any.
pub(crate) struct Coalesced<B: Body> {
    inner: B,
    gathered: Gathered,
    /// How many turns the connection's task has had since the last frame.
    turns: u8,
    end: Option<Result<(), B::Error>>,
}

#[derive(Default)]
enum Gathered {
    #[default]
    Nothing,
    /// Passed on as it came, without a copy.
    One(Bytes),
    Many(BytesMut),
}

impl<B: Body<Data = Bytes> + Unpin> Coalesced<B> {
    pub(crate) fn new(inner: B) -> Self {
        Self {
            inner,
            gathered: Gathered::Nothing,
            turns: 0,
            end: None,
        }
    }

    /// Whether everything has been passed on, as far as that is known before the end is polled for: after the
    /// last byte of an announced length, not after the last chunk of an unannounced one.
    pub(crate) fn is_end_stream(&self) -> bool {
        self.gathered.len() == 0 && self.inner.is_end_stream()
    }

    /// Whether something has arrived that is not passed on yet.
    pub(crate) fn is_gathering(&self) -> bool {
        self.gathered.len() > 0
    }

    /// The next piece, never empty; `None` at the end. Not to be polled after that or after an error.
    pub(crate) fn poll_piece(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, B::Error>>> {
        while self.end.is_none() {
            match Pin::new(&mut self.inner).poll_frame(cx) {
                Poll::Ready(Some(Ok(frame))) => {
                    self.turns = 0;
                    if let Ok(data) = frame.into_data() {
                        self.gathered.add(data);
                    }
                    if self.gathered.len() >= MAX_JOINED || self.inner.is_end_stream() {
                        break;
                    }
                }
                Poll::Ready(Some(Err(error))) => self.end = Some(Err(error)),
                Poll::Ready(None) => self.end = Some(Ok(())),
                Poll::Pending if self.gathered.len() == 0 => return Poll::Pending,
                Poll::Pending if self.turns >= TURNS => break,
                Poll::Pending => {
                    self.turns += 1;
                    cx.waker().wake_by_ref();
                    return Poll::Pending;
                }
            }
        }
        self.turns = 0;
        match self.gathered.take() {
            Some(piece) => Poll::Ready(Some(Ok(piece))),
            None => Poll::Ready(self.end.take().and_then(Result::err).map(Err)),
        }
    }

    /// The next piece, as a future.
    pub(crate) async fn piece(&mut self) -> Option<Result<Bytes, B::Error>> {
        std::future::poll_fn(|cx| self.poll_piece(cx)).await
    }
}

impl Gathered {
    fn len(&self) -> usize {
        match self {
            Self::Nothing => 0,
            Self::One(bytes) => bytes.len(),
            Self::Many(bytes) => bytes.len(),
        }
    }

    fn add(&mut self, data: Bytes) {
        if data.is_empty() {
            return;
        }
        *self = match std::mem::take(self) {
            Self::Nothing => Self::One(data),
            Self::One(first) => {
                let mut many = BytesMut::with_capacity((first.len() + data.len()).max(4 << 10));
                many.extend_from_slice(&first);
                many.extend_from_slice(&data);
                Self::Many(many)
            }
            Self::Many(mut many) => {
                many.extend_from_slice(&data);
                Self::Many(many)
            }
        };
    }

    fn take(&mut self) -> Option<Bytes> {
        match std::mem::take(self) {
            Self::Nothing => None,
            Self::One(bytes) => Some(bytes),
            Self::Many(bytes) => Some(bytes.freeze()),
        }
    }
}

#[cfg(test)]
mod tests;
