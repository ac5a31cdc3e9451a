//! Plays an answer's frames and records on the invoice how far it got.

use std::collections::VecDeque;
use std::io;
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream;
use http_body::Frame;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, Full, StreamBody};

use crate::invoice::Outcome;

use super::script::{HoldPoint, Script};
use super::state::Ticket;

/// The body of every answer.
pub(super) type SimBody = UnsyncBoxBody<Bytes, io::Error>;

struct Playback {
    frames: VecDeque<Bytes>,
    sent: usize,
    delay: Duration,
    hold: Option<HoldPoint>,
    cut: bool,
    ticket: Ticket,
}

/// A body that is not on the invoice.
pub(super) fn plain(bytes: impl Into<Bytes>) -> SimBody {
    Full::new(bytes.into())
        .map_err(|never| match never {})
        .boxed_unsync()
}

/// A body that records its end; `ticket` lives as long as it does.
pub(super) fn play(frames: Vec<Bytes>, cut: bool, script: &Script, mut ticket: Ticket) -> SimBody {
    ticket.fall_back_to(if cut { Outcome::Cut } else { Outcome::CallerGone });
    if frames.is_empty() && !cut {
        ticket.end(Outcome::Completed);
    }
    let playback = Playback {
        frames: frames.into(),
        sent: 0,
        delay: Duration::from_millis(script.chunk_delay_ms),
        hold: script.hold,
        cut,
        ticket,
    };
    StreamBody::new(stream::unfold(playback, Playback::step)).boxed_unsync()
}

impl Playback {
    async fn step(mut self) -> Option<(io::Result<Frame<Bytes>>, Self)> {
        if self.hold == Some(HoldPoint::AfterFrames(self.sent)) {
            self.hold = None;
            self.ticket.state.hold.wait().await;
        }
        let Some(frame) = self.frames.pop_front() else {
            if !self.cut {
                return None;
            }
            // Pending once, so that the server flushes what it has before it learns of the end.
            tokio::task::yield_now().await;
            self.cut = false;
            self.ticket.end(Outcome::Cut);
            return Some((Err(io::ErrorKind::ConnectionReset.into()), self));
        };
        if self.sent > 0 && !self.delay.is_zero() {
            tokio::time::sleep(self.delay).await;
        }
        self.sent += 1;
        // A body with an announced length is not asked again after its last byte.
        if self.frames.is_empty() && !self.cut && !self.holds_later() {
            self.ticket.end(Outcome::Completed);
        }
        Some((Ok(Frame::data(frame)), self))
    }

    fn holds_later(&self) -> bool {
        matches!(self.hold, Some(HoldPoint::AfterFrames(after)) if after >= self.sent)
    }
}
