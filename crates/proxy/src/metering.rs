//! Reading usage from an answer as it passes, and settling it once.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use billing_core::{Reading, ResponseMeter};
use http::{HeaderMap, StatusCode};
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tollgate_domain::{DeferredOperation, OutcomeKind};
use tollgate_ledger::{AttemptEnd, OpenAttempt, Settled};

use crate::deferred::Watch;
use crate::estimation::{self, Estimation};
use crate::outcome::{BodyEnd, outcome};

mod watched;

/// The billing side of one answer. Dropping it unsettled leaves the attempt to settle itself as interrupted.
pub(crate) struct Metering {
    attempt: Option<OpenAttempt>,
    /// `None` once settled, or after a fault of the meter's own.
    meter: Option<ResponseMeter>,
    status: StatusCode,
    ends_with_body: bool,
    /// The upstream's own id of the request, from its headers.
    request_id: Option<String>,
    dispatched: Instant,
    first_content: Option<Instant>,
    estimation: Option<Estimation>,
    /// The entry follows once it has been estimated.
    estimating: bool,
    /// Reads along, where the answer has to do with a deferred operation.
    watch: Option<Watch>,
    /// What the attempt has become while its answer goes on.
    operation: Option<Arc<DeferredOperation>>,
    /// What the answer waits for beside its entry.
    followup: Option<JoinHandle<()>>,
    deferred: bool,
}

/// What a piece of an answer told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Seen {
    /// The protocol's terminal event has passed.
    pub(crate) terminal: bool,
    /// There has been content.
    pub(crate) content: bool,
}

impl Metering {
    /// `ends_with_body` tells that the answer has no end of its own: it is one JSON value, sound or plain text.
    pub(crate) fn new(
        attempt: OpenAttempt,
        meter: ResponseMeter,
        status: StatusCode,
        ends_with_body: bool,
        dispatched: Instant,
    ) -> Self {
        Self {
            attempt: Some(attempt),
            meter: Some(meter),
            status,
            ends_with_body,
            request_id: None,
            dispatched,
            first_content: None,
            estimation: None,
            estimating: false,
            watch: None,
            operation: None,
            followup: None,
            deferred: false,
        }
    }

    /// Has a deferred operation made, or its end seen.
    pub(crate) fn with_watch(mut self, watch: Option<Watch>) -> Self {
        self.watch = watch;
        self
    }

    /// What the next piece of the answer waits for, once.
    pub(crate) fn followup(&mut self) -> Option<JoinHandle<()>> {
        self.followup.take()
    }

    /// Whether the usage comes later than the answer.
    pub(crate) fn is_deferred(&self) -> bool {
        self.deferred
    }

    /// Has usage that the answer does not tell estimated.
    pub(crate) fn with_estimation(mut self, estimation: Option<Estimation>) -> Self {
        self.estimation = estimation;
        self
    }

    /// Whether the attempt has ended and its entry is still to come.
    pub(crate) fn is_estimating(&self) -> bool {
        self.estimating
    }

    /// Keeps the id in the upstream's headers for answers that carry none in their body, as embeddings and
    /// refusals do: it is what the provider's support and invoice go by.
    pub(crate) fn with_request_id(mut self, headers: &HeaderMap) -> Self {
        let id = ["x-request-id", "request-id"]
            .into_iter()
            .find_map(|name| headers.get(name));
        self.request_id = id.and_then(|id| id.to_str().ok()).map(ToOwned::to_owned);
        self
    }

    pub(crate) fn is_settled(&self) -> bool {
        self.attempt.is_none() && self.operation.is_none()
    }

    /// When the first content passed.
    pub(crate) fn first_content(&self) -> Option<Instant> {
        self.first_content
    }

    /// Reads a piece. A fault in there costs the reading, never the answer.
    pub(crate) fn push(&mut self, bytes: &[u8]) -> Seen {
        let seen = self.read(bytes);
        self.read_along(bytes);
        seen
    }

    fn read(&mut self, bytes: &[u8]) -> Seen {
        let Some(meter) = self.meter.as_mut() else {
            return Seen::default();
        };
        let Ok(progress) = catch_unwind(AssertUnwindSafe(|| meter.push(bytes))) else {
            tracing::error!("the meter failed on an answer; it is settled without usage");
            self.meter = None;
            return Seen::default();
        };
        if progress.content {
            self.first_content.get_or_insert_with(Instant::now);
        }
        Seen {
            terminal: progress.terminal,
            content: progress.content,
        }
    }

    /// Settles the attempt; `None` when it is settled already, or will be once its usage has been estimated.
    pub(crate) fn settle(&mut self, end: BodyEnd) -> Option<Settled> {
        if let Some(operation) = self.operation.take() {
            self.end_stream(operation, end);
            return None;
        }
        self.end_watch(end);
        let attempt = self.attempt.take()?;
        let mut reading = self.reading();
        reading.response_id = reading.response_id.or_else(|| self.request_id.take());
        let kind = outcome(self.status, self.ends_with_body, end, &reading);
        let ttft = self
            .first_content
            .map(|at| micros(at.saturating_duration_since(self.dispatched)));
        let wanted = estimation::is_wanted(kind, Some(self.status), &reading);
        let end = AttemptEnd {
            kind,
            http_status: Some(self.status.as_u16()),
            ttft_us: ttft,
            reading: Some(reading),
            detail: None,
        };
        let (attempt, end) = match self.estimation.take().filter(|_| wanted) {
            None => (attempt, end),
            Some(estimation) => {
                let given_back = estimation.start(attempt, end);
                self.estimating = given_back.is_none();
                given_back?
            }
        };
        Some(attempt.settle(end))
    }

    fn reading(&mut self) -> Reading {
        let reading = self
            .meter
            .take()
            .map(|meter| catch_unwind(AssertUnwindSafe(|| meter.finish())));
        reading.and_then(Result::ok).unwrap_or_else(|| Reading {
            problem: Some("the meter failed on the answer".to_owned()),
            ..Reading::default()
        })
    }
}

/// Ends an attempt that got no answer; `None` where its entry follows with an estimate.
pub(crate) fn settle_unanswered(
    attempt: OpenAttempt,
    kind: OutcomeKind,
    estimation: Option<Estimation>,
) -> Option<Settled> {
    let reading = Reading::default();
    let estimation = estimation.filter(|_| estimation::is_wanted(kind, None, &reading));
    let end = AttemptEnd {
        kind,
        http_status: None,
        ttft_us: None,
        reading: estimation.is_some().then_some(reading),
        detail: None,
    };
    let (attempt, end) = match estimation {
        None => (attempt, end),
        Some(estimation) => estimation.start(attempt, end)?,
    };
    Some(attempt.settle(end))
}

/// Whole microseconds; at most 2^64.
pub(crate) fn micros(duration: std::time::Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}
