//! The body of a request that its head was enough to refuse.

use std::time::Duration;

use axum::body::Body;
use http::HeaderMap;
use http::header::EXPECT;
use http_body_util::BodyExt as _;

/// Bytes read away at most.
const BYTES: usize = 1 << 20;
/// How long they are waited for.
const WAIT: Duration = Duration::from_secs(1);

/// Reads a body and forgets it. Left unread it would have the connection closed under a client that is still sending or
/// about to use it again, and the refusal with it. What is too long or too slow is left, and so is a body whose client
/// waits for leave to send it.
pub(crate) async fn read_away(headers: &HeaderMap, mut body: Body) {
    if headers.contains_key(EXPECT) {
        return;
    }
    let all = async {
        let mut left = BYTES;
        while let Some(Ok(frame)) = body.frame().await {
            let length = frame.data_ref().map_or(0, bytes::Bytes::len);
            match left.checked_sub(length) {
                Some(rest) => left = rest,
                None => return,
            }
        }
    };
    // In time or not, the refusal follows.
    drop(tokio::time::timeout(WAIT, all).await);
}
