//! Reading on after the caller has gone.

use std::time::Duration;

use hyper::body::Incoming;
use tokio::time::Instant;
use tokio_util::task::TaskTracker;

use super::Coalesced;
use crate::ClientGone;
use crate::metering::Metering;
use crate::outcome::BodyEnd;

/// What happens to an answer that nobody waits for any more.
#[derive(Clone)]
pub(crate) struct Drainage {
    pub(crate) policy: ClientGone,
    pub(crate) idle: Duration,
    pub(crate) tracker: TaskTracker,
}

impl Drainage {
    /// Takes an unsettled answer over and sees to it that it is settled.
    pub(crate) fn start(&self, upstream: Coalesced<Incoming>, mut metering: Metering) {
        match self.policy {
            // Outside the runtime, when it is shut down around a body, nothing can be read.
            ClientGone::Drain { max_time, max_bytes } if tokio::runtime::Handle::try_current().is_ok() => {
                self.tracker
                    .spawn(drain(upstream, metering, max_time, max_bytes, self.idle));
            }
            _ => drop(metering.settle(BodyEnd::CallerGone)),
        }
    }
}

async fn drain(
    mut upstream: Coalesced<Incoming>,
    mut metering: Metering,
    max_time: Duration,
    mut bytes_left: u64,
    idle: Duration,
) {
    let limit = Instant::now() + max_time;
    let end = loop {
        let silence = Instant::now() + idle;
        let Ok(piece) = tokio::time::timeout_at(limit.min(silence), upstream.piece()).await else {
            break if limit <= silence {
                BodyEnd::CallerGone
            } else {
                BodyEnd::Silent
            };
        };
        match piece {
            Some(Ok(piece)) => {
                if metering.push(&piece).terminal || upstream.is_end_stream() {
                    break BodyEnd::Ended;
                }
                bytes_left = bytes_left.saturating_sub(piece.len() as u64);
                if bytes_left == 0 {
                    break BodyEnd::CallerGone;
                }
            }
            Some(Err(_)) => break BodyEnd::Broken,
            None => break BodyEnd::Ended,
        }
    };
    drop(metering.settle(end));
}
