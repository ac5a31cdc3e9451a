//! What happened to an attempt that was answered.

use billing_core::Reading;
use http::StatusCode;
use tollgate_domain::OutcomeKind;

/// How reading an answer ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BodyEnd {
    /// At its end, or at the protocol's terminal event.
    Ended,
    /// The connection failed.
    Broken,
    /// Nothing came for too long.
    Silent,
    /// The caller went away and reading stopped.
    CallerGone,
}

/// `ends_with_body` tells that the end of the body is the end of the answer, whatever the meter made of it: it is one
/// JSON value, sound or plain text.
pub(crate) fn outcome(
    status: StatusCode,
    ends_with_body: bool,
    end: BodyEnd,
    reading: &Reading,
) -> OutcomeKind {
    if !status.is_success() {
        return OutcomeKind::UpstreamError;
    }
    if reading.stream_error.is_some() {
        return OutcomeKind::StreamError;
    }
    if reading.complete {
        return OutcomeKind::Completed;
    }
    match end {
        BodyEnd::Ended if ends_with_body => OutcomeKind::Completed,
        BodyEnd::Ended | BodyEnd::Broken => OutcomeKind::Cut,
        BodyEnd::Silent => OutcomeKind::TimedOut,
        BodyEnd::CallerGone => OutcomeKind::ClientGone,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_complete_by_its_terminal_event_or_by_the_end_of_its_body() {
        let (ok, nothing) = (StatusCode::OK, Reading::default());
        assert_eq!(
            outcome(ok, true, BodyEnd::Ended, &nothing),
            OutcomeKind::Completed
        );
        assert_eq!(outcome(ok, false, BodyEnd::Ended, &nothing), OutcomeKind::Cut);
        assert_eq!(outcome(ok, true, BodyEnd::Broken, &nothing), OutcomeKind::Cut);
        assert_eq!(
            outcome(ok, false, BodyEnd::Silent, &nothing),
            OutcomeKind::TimedOut
        );
        assert_eq!(
            outcome(ok, false, BodyEnd::CallerGone, &nothing),
            OutcomeKind::ClientGone
        );
        let complete = Reading {
            complete: true,
            ..Reading::default()
        };
        assert_eq!(
            outcome(ok, false, BodyEnd::Broken, &complete),
            OutcomeKind::Completed
        );
        let failed = Reading {
            stream_error: Some("overloaded".to_owned()),
            ..complete
        };
        assert_eq!(
            outcome(ok, false, BodyEnd::Ended, &failed),
            OutcomeKind::StreamError
        );
        for end in [BodyEnd::Ended, BodyEnd::CallerGone] {
            let refused = outcome(StatusCode::TOO_MANY_REQUESTS, true, end, &nothing);
            assert_eq!(refused, OutcomeKind::UpstreamError);
        }
    }
}
