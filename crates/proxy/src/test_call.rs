//! An operator's test of an upstream. It goes the way of every request: opened in the journal, forwarded with the
//! upstream's credential, metered, settled, logged; only the key it stands under is the gateway's own.

mod answer;
mod mask;
mod plan;
mod prompt;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use axum::body::Body;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Request, request};
use tokio::sync::oneshot;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tollgate_domain::ports::{TestCall, TestCalls, TestOutcome, TestPlan, TestRefusal};
use tollgate_domain::{CallerRef, Dialect, KeyRef, RequestId, RequestLog, RoutingDecision};
use tollgate_ledger::{EntryWatch, Watched};

use crate::ProxyState;
use crate::admit::{Call, admit};
use crate::attempt::Job;
use crate::endpoint::{self, CallPath, Endpoint};
use crate::error::ProxyError;
use crate::log::RequestScribe;
use crate::patience::Patience;
use crate::relay::relay;
use crate::respond;
use crate::select::Target;
use crate::tally::Tally;

use answer::read;
use mask::masked;
use plan::{Planned, planned};

/// How long a test waits for its answer.
const PATIENCE: Duration = Duration::from_mins(1);
/// How long it waits for the entry once the answer is there.
const ENTRY: Duration = Duration::from_secs(5);

/// Sends test calls.
pub struct TestCaller {
    state: ProxyState,
    watch: Arc<EntryWatch>,
    key: Arc<KeyRef>,
}

impl TestCaller {
    /// `watch` has to observe the recorder that the state records with.
    pub fn new(state: ProxyState, watch: Arc<EntryWatch>) -> Self {
        Self {
            state,
            watch,
            key: Arc::new(KeyRef::console()),
        }
    }

    fn planned(&self, call: &TestCall) -> Result<Planned, TestRefusal> {
        planned(&self.state.shared().routes.load(), call)
    }
}

#[async_trait]
impl TestCalls for TestCaller {
    fn plan(&self, call: &TestCall) -> Result<TestPlan, TestRefusal> {
        self.planned(call).map(|planned| planned.plan)
    }

    async fn call(&self, call: TestCall) -> Result<TestOutcome, TestRefusal> {
        let planned = self.planned(&call)?;
        let shared = self.state.shared();
        let now = shared.clock.now();
        let request_id = RequestId::new(shared.ids.new_id(now));
        let mut entries = self.watch.watch(request_id);
        let started = Instant::now();
        let answered = tokio::time::timeout(PATIENCE, self.send(request_id, &planned, call.stream)).await;
        let response = answered.unwrap_or_else(|_| {
            let dialect = planned.plan.protocol.dialect();
            respond::refusal(dialect, request_id, &ProxyError::UpstreamTimedOut, None)
        });
        let left = PATIENCE.saturating_sub(started.elapsed()).max(ENTRY);
        let answer = read(response, left).await;
        let duration = started.elapsed();
        let said = masked(&answer.text, planned.route.secret());
        let entry = if may_be_sent(&answer) {
            entry(&mut entries).await
        } else {
            None
        };
        Ok(TestOutcome {
            request_id,
            status: answer.status,
            error: answer.error,
            said,
            is_cut: answer.is_cut,
            duration_us: crate::metering::micros(duration),
            entry,
        })
    }
}

impl TestCaller {
    /// Sends the request; the response as a caller would get it.
    async fn send(&self, request_id: RequestId, planned: &Planned, stream: bool) -> http::Response<Body> {
        let shared = self.state.shared();
        let dialect = planned.plan.protocol.dialect();
        let call = match self.call_of(planned, stream).await {
            Ok(call) => call,
            Err(error) => return respond::refusal(dialect, request_id, &error, None),
        };
        if shared.stopping.is_cancelled() {
            return respond::refusal(dialect, request_id, &ProxyError::Stopping, None);
        }
        let mut scribe = self.scribe(request_id, &call.path, &planned.path);
        scribe.call(call.stream, call.model.as_ref(), &call.caller);
        let gone = CancellationToken::new();
        let mut job = Job {
            shared: Arc::clone(shared),
            request_id,
            key: Arc::clone(&self.key),
            patience: Patience::new(gone.clone(), shared.config.client_gone),
            call,
            scribe,
            tally: Tally::default(),
            tries: 0,
            plan: None,
        };
        let target = Target {
            route: Arc::clone(&planned.route),
            model_sent: Some(planned.plan.model_sent.clone()),
            without_addition: false,
        };
        let targets = vec![target];
        job.scribe.routed(RoutingDecision::default(), &targets);
        let guard = gone.drop_guard();
        let (reply, answer) = oneshot::channel();
        shared.tracker.spawn(relay(job, targets, reply));
        let answer = answer.await;
        drop(guard);
        answer.unwrap_or_else(|_| respond::refusal(dialect, request_id, &ProxyError::Lost, None))
    }

    /// The request, read as a caller's would be.
    async fn call_of(&self, planned: &Planned, stream: bool) -> Result<Call, ProxyError> {
        let config = &self.state.shared().config;
        let head = head(planned, stream);
        let path = endpoint::natural(head.uri.path());
        let found = endpoint::find(&head.method, path, &config.unmetered_paths)?;
        let Endpoint::Call(call) = found else {
            return Err(ProxyError::UnknownPath {
                path: planned.path.clone(),
            });
        };
        admit(call, head, Body::from(planned.body.clone()), config, false).await
    }

    fn scribe(&self, request_id: RequestId, path: &CallPath, as_called: &str) -> RequestScribe {
        let shared = self.state.shared();
        let now = shared.clock.now();
        let log = RequestLog {
            request_id,
            occurred_at: now,
            ended_at: now,
            key: Arc::clone(&self.key),
            protocol: path.protocol,
            path: as_called.to_owned(),
            stream: false,
            model_requested: None,
            http_status: 0,
            error_origin: None,
            error: None,
            attempts: 0,
            upstream: None,
            ttft_us: None,
            duration_us: 0,
            caller: Arc::new(CallerRef::default()),
            routing: RoutingDecision::default(),
        };
        let (recorder, clock) = (shared.recorder.clone(), Arc::clone(&shared.clock));
        RequestScribe::new(recorder, clock, Instant::now(), log)
    }
}

fn head(planned: &Planned, stream: bool) -> request::Parts {
    let query = if stream && planned.plan.protocol.dialect() == Dialect::Gemini {
        "?alt=sse"
    } else {
        ""
    };
    let uri = format!("{}{query}", planned.path);
    let (mut head, ()) = Request::new(()).into_parts();
    head.method = http::Method::POST;
    // A path that is no URI is answered as one that is not known.
    head.uri = uri.parse().unwrap_or_default();
    head.headers
        .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if planned.plan.protocol.dialect() == Dialect::Anthropic {
        head.headers
            .insert("anthropic-version", HeaderValue::from_static("2023-06-01"));
    }
    head
}

/// Whether an attempt may have been sent, so that an entry follows.
fn may_be_sent(answer: &answer::Read) -> bool {
    let unsent = [
        "upstream_unreachable",
        "connect_timed_out",
        "not_recordable",
        "stopping",
        "not_forwardable",
    ];
    answer
        .error
        .as_deref()
        .is_none_or(|error| !unsent.contains(&error))
}

/// The last entry that comes in time: one attempt leaves one, and a second attempt follows only where the first was
/// refused for what the gateway had added.
async fn entry(entries: &mut Watched) -> Option<tollgate_domain::LedgerEntry> {
    let mut last = tokio::time::timeout(ENTRY, entries.entry()).await.ok().flatten();
    while let Ok(Some(next)) = tokio::time::timeout(Duration::ZERO, entries.entry()).await {
        last = Some(next);
    }
    last
}

impl std::fmt::Debug for TestCaller {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TestCaller").finish_non_exhaustive()
    }
}
