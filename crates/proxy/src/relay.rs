//! Trying upstreams until one answers.

use std::collections::VecDeque;

use axum::body::Body;
use http::{Response, StatusCode};
use tokio::sync::oneshot;

use crate::answer::Answer;
use crate::attempt::{Attempted, Job};
use crate::error::ProxyError;
use crate::respond;
use crate::select::Target;

/// Finds an answer and hands it to the handler. Runs in a task of its own, so that an attempt outlives a caller
/// that goes away before it is answered.
pub(crate) async fn relay(job: Job, targets: Vec<Target>, reply: oneshot::Sender<Response<Body>>) {
    if let Some(response) = find_answer(job, targets.into()).await {
        // Dropping what nobody takes any more sees to its end: a streamed answer is drained.
        drop(reply.send(response));
    }
}

/// `None` when nobody is left to answer.
async fn find_answer(mut job: Job, mut targets: VecDeque<Target>) -> Option<Response<Body>> {
    let mut last_answer: Option<Answer> = None;
    let mut failure = ProxyError::UpstreamUnreachable;
    while let Some(mut target) = targets.pop_front() {
        if job.patience.caller_is_gone() {
            return None;
        }
        let attempted = job.attempt(&target).await;
        job.scribe.tried(target.route.upstream.id, outcome(&attempted));
        match attempted {
            Attempted::Answered(answer) if answer.refuses_addition() => {
                target.without_addition = true;
                targets.push_front(target);
            }
            Attempted::Answered(answer) if target.without_addition && answer.status.is_success() => {
                // Only a success without it proves that the addition was at fault, and not the caller's request.
                target.route.remember_refusal_of_stream_options();
                return Some(passed(job, answer));
            }
            Attempted::Answered(answer) if answer.is_retryable() && !targets.is_empty() => {
                last_answer = answer.kept(&mut job.tally).or(last_answer);
            }
            Attempted::Answered(answer) => return Some(passed(job, answer)),
            Attempted::Failed(error) => failure = error,
            Attempted::NotRecordable => return Some(refused(job, &ProxyError::NotRecordable)),
            Attempted::CallerGone => return None,
        }
    }
    Some(match last_answer {
        Some(answer) => passed(job, answer),
        None => refused(job, &failure),
    })
}

/// What came of a try, for the log.
fn outcome(attempted: &Attempted) -> Result<StatusCode, &'static str> {
    match attempted {
        Attempted::Answered(answer) => Ok(answer.status),
        Attempted::Failed(error) => Err(error.label()),
        Attempted::NotRecordable => Err(ProxyError::NotRecordable.label()),
        Attempted::CallerGone => Err("caller_gone"),
    }
}

fn passed(job: Job, answer: Answer) -> Response<Body> {
    answer.into_response(job.request_id, &job.tally, job.scribe)
}

fn refused(job: Job, error: &ProxyError) -> Response<Body> {
    respond::refusal(
        job.call.path.protocol.dialect(),
        job.request_id,
        error,
        Some(job.scribe),
    )
}
