//! Holding a short answer until it is settled.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http_body::Body;

use super::{BodyError, Coalesced};
use crate::metering::Metering;
use crate::outcome::BodyEnd;
use crate::patience::Patience;

/// What became of an answer while it was held.
pub(crate) enum Held {
    /// It is whole.
    Whole(Bytes),
    /// It broke off after this much.
    Broken(Bytes, BodyError),
    /// It is longer than what is held; this is its beginning.
    Long(Bytes),
    /// The caller has gone for too long.
    CallerGone,
}

/// Reads an answer up to `limit` bytes, metering it; `idle` bounds each silence.
pub(crate) async fn hold<B: Body<Data = Bytes> + Unpin>(
    upstream: &mut Coalesced<B>,
    metering: &mut Metering,
    limit: usize,
    idle: Duration,
    patience: &mut Patience,
) -> Held {
    let mut held = Bytes::new();
    loop {
        let piece = tokio::select! {
            biased;
            piece = tokio::time::timeout(idle, upstream.piece()) => piece,
            () = patience.exhausted() => return Held::CallerGone,
        };
        match piece {
            Ok(Some(Ok(piece))) => {
                metering.push(&piece);
                held = joined(held, piece);
                if upstream.is_end_stream() {
                    return Held::Whole(held);
                }
                if held.len() > limit {
                    return Held::Long(held);
                }
            }
            Ok(Some(Err(_))) => return Held::Broken(held, BodyError::Broken),
            Ok(None) => return Held::Whole(held),
            Err(_) => return Held::Broken(held, BodyError::Silent),
        }
    }
}

impl BodyError {
    /// The same as the meter's end.
    pub(crate) const fn end(&self) -> BodyEnd {
        match self {
            Self::Broken => BodyEnd::Broken,
            Self::Silent => BodyEnd::Silent,
        }
    }
}

/// Most answers come in one piece and are not copied.
fn joined(held: Bytes, piece: Bytes) -> Bytes {
    if held.is_empty() {
        return piece;
    }
    let mut both = held
        .try_into_mut()
        .unwrap_or_else(|shared| BytesMut::from(shared.as_ref()));
    both.extend_from_slice(&piece);
    both.freeze()
}
