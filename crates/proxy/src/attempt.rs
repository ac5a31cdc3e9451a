//! One try at one upstream.

use std::sync::Arc;

use billing_core::{BodyKind, ContentCoding, MeterSpec, ResponseMeter, UsageEventFilter};
use bytes::Bytes;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, Request, Response, response};
use http_body::Body as _;
use http_body_util::Full;
use hyper::body::Incoming;
use tokio::time::Instant;
use tollgate_domain::{
    AttemptContext, DeferredKind, EndpointBilling, EventId, KeyRef, OutcomeKind, Protocol, ProviderName,
    RequestFacts, RequestId,
};
use tollgate_ledger::{OpenAttempt, OpenError};

use crate::admit::Call;
use crate::answer::{Answer, Content};
use crate::body::{BodyError, Coalesced, Drainage, Held, Stream, hold};
use crate::deferred::{Plan, Watch, begin_upload, without_address};
use crate::endpoint::CallPath;
use crate::error::ProxyError;
use crate::estimation::{Estimation, MAX_TEXT, is_text};
use crate::forward::{SendFailure, for_upstream};
use crate::log::RequestScribe;
use crate::metering::{Metering, settle_unanswered};
use crate::outcome::BodyEnd;
use crate::patience::Patience;
use crate::prepare::prepare;
use crate::select::Target;
use crate::state::Shared;
use crate::tally::Tally;

/// A request while upstreams are tried for it.
pub(crate) struct Job {
    pub(crate) shared: Arc<Shared>,
    pub(crate) request_id: RequestId,
    pub(crate) key: Arc<KeyRef>,
    pub(crate) call: Call,
    pub(crate) patience: Patience,
    pub(crate) scribe: RequestScribe,
    pub(crate) tally: Tally,
    /// Tries so far, whether sent or not.
    pub(crate) tries: u16,
    /// What the answer has to do with a deferred operation.
    pub(crate) plan: Option<Plan>,
}

/// How a try went.
pub(crate) enum Attempted {
    /// The upstream answered, with whatever status.
    Answered(Answer),
    /// It did not.
    Failed(ProxyError),
    /// The journal would not take the attempt, so it was not made.
    NotRecordable,
    /// The caller has gone for too long; the attempt is settled.
    CallerGone,
}

impl Job {
    /// Opens the attempt in the journal, sends the request and sees to it that the attempt ends exactly once.
    pub(crate) async fn attempt(&mut self, target: &Target) -> Attempted {
        let prepared = match prepare(&self.call, target) {
            Ok(prepared) => prepared,
            Err(error) => return Attempted::Failed(error),
        };
        let Some(request) = self.request(target, prepared.body) else {
            return Attempted::Failed(ProxyError::NotForwardable {
                problem: "its path cannot be sent upstream",
            });
        };
        let attempt = match self.open(target).await {
            Ok(attempt) => attempt,
            Err(error) => {
                tracing::error!(request_id = %self.request_id, %error, "an attempt could not be journaled");
                return Attempted::NotRecordable;
            }
        };
        let dispatched = Instant::now();
        let limit = self.shared.config.response_timeout;
        match self
            .shared
            .client()
            .send(request, limit, &mut self.patience)
            .await
        {
            Ok(response) => {
                self.answered(target, attempt, dispatched, response, prepared.usage_added)
                    .await
            }
            Err(failure) => self.failed(target, attempt, failure),
        }
    }

    async fn open(&mut self, target: &Target) -> Result<OpenAttempt, OpenError> {
        self.tries = self.tries.saturating_add(1);
        let now = self.shared.clock.now();
        let book = self.shared.prices.load_full();
        let context = AttemptContext {
            event_id: EventId::new(self.shared.ids.new_id(now)),
            request_id: self.request_id,
            attempt: self.tries,
            occurred_at: now,
            key: Arc::clone(&self.key),
            upstream: Arc::clone(&target.route.reference),
            protocol: self.call.path.protocol,
            stream: self.call.stream,
            model_requested: self.call.model.clone(),
            model_sent: target.model_sent.clone(),
            tier_requested: self.call.peek.tier.clone(),
            caller: Arc::clone(&self.call.caller),
            facts: RequestFacts {
                billing: billing(&self.call.path, &target.route.upstream.provider),
                ..self.call.facts.clone()
            },
            price_version: book.version(),
        };
        self.shared.recorder.open(context, book).await
    }

    fn request(&self, target: &Target, body: Bytes) -> Option<Request<Full<Bytes>>> {
        let path = &self.call.path;
        let mut request = Request::new(Full::new(body));
        *request.method_mut() = path.method.clone();
        *request.uri_mut() =
            target
                .route
                .uri(path, target.model_sent.as_ref(), self.call.query.as_deref())?;
        let dialect = self.call.path.protocol.dialect();
        *request.headers_mut() = for_upstream(&self.call.headers, &target.route, dialect);
        Some(request)
    }

    fn failed(&mut self, target: &Target, attempt: OpenAttempt, failure: SendFailure) -> Attempted {
        let kind = match failure {
            SendFailure::Unreachable | SendFailure::ConnectTimedOut | SendFailure::Lost => {
                OutcomeKind::ConnectionLost
            }
            SendFailure::TimedOut { .. } => OutcomeKind::TimedOut,
            SendFailure::CallerGone { .. } => OutcomeKind::ClientGone,
        };
        if failure.sent() {
            self.scribe.sent();
            let estimation = self.estimation(target, &attempt);
            match settle_unanswered(attempt, kind, estimation) {
                Some(settled) => self.tally.add(&settled.entry),
                None => self.tally.leave_open(),
            }
        } else {
            attempt.not_sent();
        }
        match failure {
            SendFailure::Unreachable => Attempted::Failed(ProxyError::UpstreamUnreachable),
            SendFailure::ConnectTimedOut | SendFailure::TimedOut { sent: false } => {
                Attempted::Failed(ProxyError::ConnectTimedOut)
            }
            SendFailure::Lost => Attempted::Failed(ProxyError::UpstreamLost),
            SendFailure::TimedOut { sent: true } => Attempted::Failed(ProxyError::UpstreamTimedOut),
            SendFailure::CallerGone { .. } => Attempted::CallerGone,
        }
    }

    async fn answered(
        &mut self,
        target: &Target,
        attempt: OpenAttempt,
        dispatched: Instant,
        response: Response<Incoming>,
        usage_added: bool,
    ) -> Attempted {
        self.scribe.sent();
        let (mut head, body) = response.into_parts();
        self.lead_back(target, &mut head).await;
        let provider = target.route.upstream.provider.clone();
        let spec = MeterSpec {
            protocol: self.call.path.protocol,
            provider,
        };
        let kind = if attempt.context().facts.billing.is_metered() {
            BodyKind::from_content_type(&spec, text(&head.headers, &CONTENT_TYPE), self.call.stream)
        } else {
            BodyKind::Opaque
        };
        let coding = ContentCoding::from_header(text(&head.headers, &CONTENT_ENCODING));
        let plain = coding == ContentCoding::Identity;
        let json = kind == BodyKind::Json || is_json(&head.headers);
        let filtered = usage_added && head.status.is_success() && kind == BodyKind::Sse && plain;
        let estimation = self.estimation(target, &attempt);
        let meter = match &estimation {
            Some(_) => ResponseMeter::keeping_text(&spec, kind, coding, MAX_TEXT),
            None => ResponseMeter::new(&spec, kind, coding),
        };
        // One value, sound or plain text has no end but the body's.
        let ends_with_body = matches!(kind, BodyKind::Json | BodyKind::Opaque);
        let metering = Metering::new(attempt, meter, head.status, ends_with_body, dispatched)
            .with_request_id(&head.headers)
            .with_estimation(estimation)
            .with_watch(self.watch(target, &spec, &head));

        let limit = self.shared.config.hold_bytes;
        let short = body
            .size_hint()
            .exact()
            .is_none_or(|length| length <= limit as u64);
        let stream = Stream {
            prefix: Bytes::new(),
            upstream: Coalesced::new(body),
            metering,
            filter: filtered.then(UsageEventFilter::new),
            drainage: self.drainage(),
        };
        let whole = short && (json || !head.status.is_success());
        let content = if whole {
            self.held(stream).await
        } else {
            Some(Content::Streaming(Box::new(stream)))
        };
        let Some(content) = content else {
            return Attempted::CallerGone;
        };
        let route = Arc::clone(&target.route);
        Attempted::Answered(Answer {
            status: head.status,
            headers: head.headers,
            route,
            usage_added,
            content,
        })
    }

    /// Reads a short answer whole and settles it; `None` when the caller has gone.
    async fn held(&mut self, mut stream: Stream) -> Option<Content> {
        let limit = self.shared.config.hold_bytes;
        let idle = self.shared.config.idle_timeout;
        let held = hold(
            &mut stream.upstream,
            &mut stream.metering,
            limit,
            idle,
            &mut self.patience,
        )
        .await;
        let (bytes, failure) = match held {
            Held::Whole(bytes) => (bytes, None),
            Held::Broken(bytes, failure) => (bytes, Some(failure)),
            Held::Long(prefix) => return Some(Content::Streaming(Box::new(Stream { prefix, ..stream }))),
            Held::CallerGone => {
                drop(stream.metering.settle(BodyEnd::CallerGone));
                return None;
            }
        };
        let end = failure.as_ref().map_or(BodyEnd::Ended, BodyError::end);
        if let Some(settled) = stream.metering.settle(end) {
            self.tally.add(&settled.entry);
            settled.wait().await;
        } else if stream.metering.is_estimating() || stream.metering.is_deferred() {
            self.tally.leave_open();
        }
        if let Some(handing) = stream.metering.followup() {
            handing.await.ok();
        }
        let local = self.shows_messages().then(|| without_address(&bytes)).flatten();
        Some(Content::Whole {
            rewritten: local.is_some(),
            bytes: local.map_or(bytes, Bytes::from),
            failure,
            first_content: stream.metering.first_content(),
        })
    }

    /// Leads a client that is told where to send a file back to the gateway.
    async fn lead_back(&mut self, target: &Target, head: &mut response::Parts) {
        let Some(Plan::BeginsUpload { as_called }) = &self.plan else {
            return;
        };
        if let (Some(desk), true) = (self.shared.desk(), head.status.is_success()) {
            let at = (target.route.upstream.id, self.key.id);
            begin_upload(desk, &mut head.headers, as_called, at).await;
        }
    }

    /// What reads along with an answer that has to do with a deferred operation.
    fn watch(&self, target: &Target, spec: &MeterSpec, head: &response::Parts) -> Option<Watch> {
        let (desk, plan) = (self.shared.desk()?, self.plan.clone()?);
        Some(Watch::new(
            Arc::clone(desk),
            plan,
            spec,
            head.status,
            text(&head.headers, &CONTENT_TYPE),
            (target.route.upstream.id, self.key.id),
        ))
    }

    /// Whether the answer is a batch of messages.
    fn shows_messages(&self) -> bool {
        matches!(&self.plan, Some(Plan::Shows(operation)) if operation.kind == DeferredKind::AnthropicBatch)
    }

    /// What an estimate needs, where the operator wants one and the answer is text.
    fn estimation(&self, target: &Target, attempt: &OpenAttempt) -> Option<Estimation> {
        let protocol = self.call.path.protocol;
        let policy = target.route.upstream.estimate_missing_usage;
        let wanted = policy.unwrap_or(self.shared.config.estimate_missing_usage)
            && is_text(protocol)
            && attempt.context().facts.billing.is_metered();
        wanted.then(|| Estimation {
            protocol,
            body: self.call.body.clone(),
            tracker: self.shared.tracker.clone(),
            turn: Arc::clone(self.shared.estimations()),
        })
    }

    fn drainage(&self) -> Drainage {
        Drainage {
            policy: self.shared.config.client_gone,
            idle: self.shared.config.idle_timeout,
            tracker: self.shared.tracker.clone(),
        }
    }
}

/// How a call is billed at a provider. OpenAI documents its moderations as free; what others offer under the same
/// path is billed by what they report.
pub(crate) fn billing(path: &CallPath, provider: &ProviderName) -> EndpointBilling {
    const FREE_MODERATIONS: [&str; 2] = ["openai", "azure"];
    let is_free =
        path.protocol == Protocol::OpenaiModerations && FREE_MODERATIONS.contains(&provider.as_str());
    if is_free {
        EndpointBilling::Free
    } else {
        path.billing
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    text(headers, &CONTENT_TYPE).is_some_and(|kind| kind.trim_start().starts_with("application/json"))
}

fn text<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}
