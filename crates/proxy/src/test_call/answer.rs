//! Reading a test's answer.

use std::time::Duration;

use axum::body::Body;
use http::Response;
use http_body_util::BodyExt as _;
use tokio::time::Instant;

use crate::respond::ERROR;

/// As much of an answer as is shown.
const SHOWN: usize = 4 << 10;
/// As much of an answer as is read; 16 tokens are far below it.
const READ: usize = 1 << 20;

/// An answer.
pub(super) struct Read {
    pub(super) status: u16,
    /// The name of an error of the gateway's own.
    pub(super) error: Option<String>,
    /// Its beginning.
    pub(super) text: String,
    /// Whether there was more.
    pub(super) is_cut: bool,
}

/// Reads a response to its end, or to the end of the time.
pub(super) async fn read(response: Response<Body>, limit: Duration) -> Read {
    let (head, mut body) = response.into_parts();
    let error = head.headers.get(ERROR).and_then(|name| name.to_str().ok());
    let mut error = error.map(ToOwned::to_owned);
    let deadline = Instant::now() + limit;
    let (mut shown, mut total) = (Vec::new(), 0);
    loop {
        match tokio::time::timeout_at(deadline, body.frame()).await {
            Ok(None) => break,
            Ok(Some(Ok(frame))) => {
                let data = frame.into_data().unwrap_or_default();
                total += data.len();
                let room = SHOWN.saturating_sub(shown.len()).min(data.len());
                shown.extend_from_slice(data.get(..room).unwrap_or_default());
                if total > READ {
                    break;
                }
            }
            Ok(Some(Err(_))) => {
                error = Some("answer_cut".to_owned());
                break;
            }
            Err(_) => {
                error = Some("answer_timed_out".to_owned());
                break;
            }
        }
    }
    Read {
        status: head.status.as_u16(),
        error,
        text: String::from_utf8_lossy(&shown).into_owned(),
        is_cut: total > shown.len(),
    }
}
