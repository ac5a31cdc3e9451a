//! Estimating what an answer used where it does not say, or where none came, if the operator wants that.

use std::sync::Arc;

use billing_core::{Estimator, Reading, prompt_text};
use bytes::Bytes;
use http::StatusCode;
use tokio::sync::Semaphore;
use tokio_util::task::TaskTracker;
use tollgate_domain::{ModelName, OutcomeKind, Protocol, UsageSource};
use tollgate_ledger::{AttemptEnd, OpenAttempt, lacks_usage};

/// At most this much of a prompt, and of what was generated, is looked at; the rest is taken to be like it.
pub(crate) const MAX_TEXT: usize = 1 << 20;

/// What an estimate needs of a request. The tokenizer takes tenths of a second for a long text, so it runs beside the
/// requests, one text at a time, and the entry follows the answer.
pub(crate) struct Estimation {
    pub(crate) protocol: Protocol,
    pub(crate) body: Bytes,
    pub(crate) tracker: TaskTracker,
    pub(crate) turn: Arc<Semaphore>,
}

/// Whether the answers of a protocol are text that a tokenizer can count.
pub(crate) const fn is_text(protocol: Protocol) -> bool {
    matches!(
        protocol,
        Protocol::OpenaiChat
            | Protocol::OpenaiCompletions
            | Protocol::OpenaiResponses
            | Protocol::OpenaiEmbeddings
            | Protocol::AnthropicMessages
            | Protocol::GeminiGenerate
            | Protocol::GeminiEmbed
    )
}

/// Whether an attempt would be left unbilled for want of usage. Counters that were reported, if only in part, are never
/// replaced, and neither is a cost the provider named.
pub(crate) fn is_wanted(kind: OutcomeKind, status: Option<StatusCode>, reading: &Reading) -> bool {
    let silent =
        reading.usage.is_none() && reading.provider_reported_cost.is_none() && reading.problem.is_none();
    silent && lacks_usage(kind, status.map(|status| status.as_u16()), reading.has_output)
}

impl Estimation {
    /// Settles an attempt later, with an estimate. Gives it back where nothing can run any more.
    pub(crate) fn start(self, attempt: OpenAttempt, end: AttemptEnd) -> Option<(OpenAttempt, AttemptEnd)> {
        if tokio::runtime::Handle::try_current().is_err() {
            return Some((attempt, end));
        }
        let Self {
            protocol,
            body,
            tracker,
            turn,
        } = self;
        let blocking = tracker.clone();
        tracker.spawn(async move {
            // The semaphore is never closed.
            let turn = turn.acquire_owned().await;
            blocking.spawn_blocking(move || {
                let end = estimated(protocol, &body, attempt.context().model_sent.as_ref(), end);
                drop(attempt.settle(end));
                drop(turn);
            });
        });
        None
    }
}

fn estimated(protocol: Protocol, body: &[u8], model: Option<&ModelName>, mut end: AttemptEnd) -> AttemptEnd {
    let Some(reading) = &mut end.reading else {
        return end;
    };
    let estimator = Estimator::of(reading.model_served.as_ref().or(model));
    let prompt = prompt_text(protocol, body, MAX_TEXT);
    let usage = estimator.usage(Some(&prompt), reading.generated.as_ref());
    if usage.is_some() {
        reading.usage = usage;
        reading.usage_source = UsageSource::Estimated;
        let media = if prompt.media > 0 {
            "; pictures, sound and files in the prompt are not counted"
        } else {
            ""
        };
        end.detail = Some(format!(
            "estimated with {}, within about {} %{media}{}",
            estimator.tokenizer(),
            estimator.margin_percent(),
            beyond(end.kind, reading.has_output)
        ));
    }
    end
}

/// What an estimate cannot know: a model goes on without anybody reading.
const fn beyond(kind: OutcomeKind, has_output: bool) -> &'static str {
    match kind {
        OutcomeKind::Completed | OutcomeKind::StreamError => "",
        _ if has_output => "; what was generated and did not arrive is not counted",
        _ => "; no answer arrived, so that only the prompt is counted",
    }
}
