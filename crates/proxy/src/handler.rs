//! One request, from its arrival to the response.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use http::header::UPGRADE;
use http::{HeaderMap, Request, Response, request};
use tokio::sync::oneshot;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tollgate_domain::{
    CallerRef, DeferredKind, Dialect, KeyRef, RequestId, RequestLog, RoutingDecision, Timestamp,
};

use crate::admit::{Call, admit};
use crate::attempt::Job;
use crate::deferred::{DeferredUse, Plan};
use crate::endpoint::{self, CallPath, Endpoint};
use crate::error::ProxyError;
use crate::grants::Granted;
use crate::log::RequestScribe;
use crate::patience::Patience;
use crate::relay::relay;
use crate::select::{Target, targets};
use crate::state::Shared;
use crate::tally::Tally;
use crate::unpriced::Unpriced;
use crate::unread::read_away;
use crate::{ProxyState, auth, dialect, models, respond};

mod listing;
mod making;
mod object;

/// What is known of a request on its arrival.
struct Arrival {
    shared: Arc<Shared>,
    request_id: RequestId,
    at: Timestamp,
    started: Instant,
}

/// Answers every request below the client-facing paths.
pub(crate) async fn handle(State(state): State<ProxyState>, request: Request<Body>) -> Response<Body> {
    let shared = Arc::clone(state.shared());
    let at = shared.clock.now();
    let request_id = RequestId::new(shared.ids.new_id(at));
    let arrival = Arrival {
        shared,
        request_id,
        at,
        started: Instant::now(),
    };

    let (head, body) = request.into_parts();
    let path = endpoint::natural(head.uri.path());
    let guessed = dialect::guess(path, &head.headers, head.uri.query());
    let found = if wants_websocket(&head.headers) {
        Err(ProxyError::WebsocketUnsupported)
    } else {
        match endpoint::find_object(&head.method, path, guessed, |wanted| {
            arrival.shared.allows(wanted)
        }) {
            Some(found) => found.map(Endpoint::Object),
            None => endpoint::find(&head.method, path, &arrival.shared.config.unmetered_paths),
        }
    };
    let dialect = found.as_ref().ok().and_then(Endpoint::dialect).unwrap_or(guessed);
    let authenticated = found.and_then(|endpoint| {
        if arrival.shared.stopping.is_cancelled() {
            return Err(ProxyError::Stopping);
        }
        let table = arrival.shared.routes.load();
        let key = match auth::authenticate(&table, &head.headers, head.uri.query(), at) {
            Err(ProxyError::KeyMissing) if endpoint.goes_on(head.uri.query()) => {
                auth::uploading(&table, head.uri.query(), at)?
            }
            known => known?,
        };
        Ok((endpoint, key))
    });
    match authenticated {
        Err(error) => {
            arrival.shared.recorder.refused(error.label());
            read_away(&head.headers, body).await;
            respond::refusal(dialect, request_id, &error, None)
        }
        Ok((Endpoint::Call(call), key)) => arrival.call(call, key, head, body).await,
        Ok((Endpoint::Object(object), key)) => arrival.object(object, key, head, body).await,
        Ok((Endpoint::Models { .. }, key)) => arrival.models(dialect, &key),
        Ok((Endpoint::Model { model, .. }, key)) => arrival.model(dialect, &key, model),
    }
}

/// Upgrades to other protocols are ignored, as HTTP allows; a WebSocket client would not understand the answer.
fn wants_websocket(headers: &HeaderMap) -> bool {
    let upgrade = headers.get(UPGRADE).and_then(|value| value.to_str().ok());
    upgrade.is_some_and(|name| name.trim().eq_ignore_ascii_case("websocket"))
}

impl Arrival {
    async fn call(
        self,
        path: CallPath,
        key: Arc<KeyRef>,
        head: request::Parts,
        body: Body,
    ) -> Response<Body> {
        let (shared, dialect) = (&self.shared, path.protocol.dialect());
        let mut scribe = self.scribe(&path, &key, head.uri.path());
        let background = shared.allows(DeferredUse::BackgroundResponses);
        let admitted = admit(path, head, body, &shared.config, background).await;
        let mut routing = RoutingDecision::default();
        let admitted = admitted.and_then(|call| {
            scribe.call(call.stream, call.model.as_ref(), &call.caller);
            let table = shared.routes.load();
            let granted = Granted::of(&table, key.id);
            granted.check_model(call.model.as_ref())?;
            let (model, rng) = (call.model.as_ref(), || shared.rng());
            let targets = targets(&table, granted, &call.path, model, rng, &mut routing)?;
            let policy = Unpriced::of(shared, table.on_unpriced(key.id));
            Ok((policy.keep(targets, &call, &mut routing)?, call))
        });
        let tried = admitted.as_ref().map_or(&[][..], |(targets, _)| targets);
        scribe.routed(routing, tried);
        let (targets, call) = match admitted {
            Ok(admitted) => admitted,
            Err(error) => return respond::refusal(dialect, self.request_id, &error, Some(scribe)),
        };
        let plan = call.peek.background.then_some(Plan::Makes {
            kind: DeferredKind::Response,
            item_protocol: call.path.protocol,
            model: None,
        });
        self.relayed(key, call, targets, plan, scribe).await
    }

    /// Tries the upstreams and gives back the answer.
    async fn relayed(
        &self,
        key: Arc<KeyRef>,
        call: Call,
        targets: Vec<Target>,
        plan: Option<Plan>,
        scribe: RequestScribe,
    ) -> Response<Body> {
        let (shared, dialect) = (&self.shared, call.path.protocol.dialect());
        let gone = CancellationToken::new();
        let job = Job {
            shared: Arc::clone(shared),
            request_id: self.request_id,
            key,
            call,
            patience: Patience::new(gone.clone(), shared.config.client_gone),
            scribe,
            tally: Tally::default(),
            tries: 0,
            plan,
        };
        // When the caller goes away this future is dropped, and with it the guard.
        let guard = gone.drop_guard();
        let (reply, answer) = oneshot::channel();
        shared.tracker.spawn(relay(job, targets, reply));
        let answer = answer.await;
        drop(guard);
        answer.unwrap_or_else(|_| respond::refusal(dialect, self.request_id, &ProxyError::Lost, None))
    }

    fn models(&self, dialect: Dialect, key: &KeyRef) -> Response<Body> {
        let table = self.shared.routes.load();
        let granted = Granted::of(&table, key.id);
        respond::json(self.request_id, &models::list(&table, granted, dialect))
    }

    fn model(&self, dialect: Dialect, key: &KeyRef, model: String) -> Response<Body> {
        let table = self.shared.routes.load();
        match models::get(&table, Granted::of(&table, key.id), dialect, &model) {
            Some(found) => respond::json(self.request_id, &found),
            None => respond::refusal(
                dialect,
                self.request_id,
                &ProxyError::ModelUnknown { model },
                None,
            ),
        }
    }

    fn scribe(&self, path: &CallPath, key: &Arc<KeyRef>, as_called: &str) -> RequestScribe {
        let log = RequestLog {
            request_id: self.request_id,
            occurred_at: self.at,
            ended_at: self.at,
            key: Arc::clone(key),
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
        RequestScribe::new(
            self.shared.recorder.clone(),
            Arc::clone(&self.shared.clock),
            self.started,
            log,
        )
    }
}
