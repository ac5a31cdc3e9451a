//! The request log, written once, when the request is over.

use std::sync::Arc;

use http::StatusCode;
use tokio::time::Instant;
use tollgate_domain::{
    CallerRef, Clock, ErrorOrigin, ModelName, RequestLog, RoutingDecision, RoutingResult, UpstreamId,
    UpstreamRef,
};
use tollgate_ledger::Recorder;

use crate::body::BodyError;
use crate::error::ProxyError;
use crate::metering::micros;
use crate::select::Target;

/// What is logged for a caller that went away before it was answered; the number is the customary one.
const CLIENT_CLOSED_REQUEST: u16 = 499;

/// Collects what is known of a request; its log is journaled when this is dropped, which is when the last byte is
/// out or the caller has gone.
pub(crate) struct RequestScribe {
    recorder: Recorder,
    clock: Arc<dyn Clock>,
    started: Instant,
    log: Option<Box<RequestLog>>,
}

impl RequestScribe {
    /// Begins with what is known at admission. Until an answer is noted, the caller counts as gone.
    pub(crate) fn new(
        recorder: Recorder,
        clock: Arc<dyn Clock>,
        started: Instant,
        mut log: RequestLog,
    ) -> Self {
        log.http_status = CLIENT_CLOSED_REQUEST;
        Self {
            recorder,
            clock,
            started,
            log: Some(Box::new(log)),
        }
    }

    pub(crate) fn call(&mut self, stream: bool, model: Option<&ModelName>, caller: &Arc<CallerRef>) {
        self.edit(|log| {
            log.stream = stream;
            log.model_requested = model.cloned();
            log.caller = Arc::clone(caller);
        });
    }

    /// Which upstreams are to be tried, and which were passed over.
    pub(crate) fn routed(&mut self, mut routing: RoutingDecision, targets: &[Target]) {
        for target in targets {
            routing.add(target.route.candidate(RoutingResult::NotReached));
        }
        self.edit(|log| log.routing = routing);
    }

    /// What came of trying an upstream: the status of its answer, or why there was none.
    pub(crate) fn tried(&mut self, upstream: UpstreamId, outcome: Result<StatusCode, &'static str>) {
        self.edit(|log| log.routing.tried(upstream, outcome.map(|status| status.as_u16())));
    }

    /// An attempt was sent.
    pub(crate) fn sent(&mut self) {
        self.edit(|log| log.attempts = log.attempts.saturating_add(1));
    }

    /// The upstream that answers, and with what.
    pub(crate) fn answered(&mut self, upstream: &UpstreamRef, status: StatusCode) {
        self.edit(|log| {
            log.upstream = Some((upstream.id, Arc::clone(&upstream.name)));
            log.http_status = status.as_u16();
            if !status.is_success() {
                log.error_origin = Some(ErrorOrigin::Upstream);
                log.error = Some(format!("the upstream answered {}", status.as_u16()));
            }
        });
    }

    /// The gateway answers by itself.
    pub(crate) fn served(&mut self) {
        self.edit(|log| log.http_status = StatusCode::OK.as_u16());
    }

    /// The gateway answers with an error of its own.
    pub(crate) fn refused(&mut self, error: &ProxyError) {
        self.edit(|log| {
            log.http_status = error.status().as_u16();
            log.error_origin = Some(error.origin());
            log.error = Some(error.to_string());
        });
    }

    pub(crate) fn first_content(&mut self) {
        let started = self.started;
        self.edit(|log| {
            log.ttft_us.get_or_insert_with(|| micros(started.elapsed()));
        });
    }

    pub(crate) fn first_content_at(&mut self, at: Option<Instant>) {
        let Some(at) = at else { return };
        let since = at.saturating_duration_since(self.started);
        self.edit(|log| {
            log.ttft_us.get_or_insert_with(|| micros(since));
        });
    }

    pub(crate) fn upstream_failed(&mut self, error: &BodyError) {
        self.edit(|log| {
            log.error_origin = Some(ErrorOrigin::Upstream);
            log.error = Some(error.to_string());
        });
    }

    /// The caller went away before the end of its answer.
    pub(crate) fn caller_left(&mut self) {
        self.edit(|log| {
            if log.error.is_none() {
                log.error_origin = Some(ErrorOrigin::Client);
                log.error = Some("the caller went away before the end of the answer".to_owned());
            }
        });
    }

    fn edit(&mut self, change: impl FnOnce(&mut RequestLog)) {
        if let Some(log) = &mut self.log {
            change(log);
        }
    }
}

impl Drop for RequestScribe {
    fn drop(&mut self) {
        let Some(mut log) = self.log.take() else { return };
        if log.http_status == CLIENT_CLOSED_REQUEST && log.error.is_none() {
            log.error_origin = Some(ErrorOrigin::Client);
            log.error = Some("the caller went away before it was answered".to_owned());
        }
        log.ended_at = self.clock.now();
        log.duration_us = micros(self.started.elapsed());
        self.recorder.log(*log);
    }
}
