//! The gateway's own look at objects whose end nobody asks for.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::Incoming;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tollgate_domain::ports::{DeferredClaim, DeferredRelease, DeferredRow};
use tollgate_domain::{
    DeferredKind, DeferredOperation, Dialect, EndpointBilling, OutcomeKind, Timestamp, UpstreamObject,
};
use tollgate_ledger::{AttemptEnd, DeferredEnd};

use super::desk::Desk;
use super::items::{ItemReader, Shape};
use super::object::{ObjectFacts, ObjectScan};
use super::watch;
use crate::body::Coalesced;
use crate::endpoint::{CallPath, Place};
use crate::forward::for_upstream;
use crate::patience::Patience;
use crate::route::Route;
use crate::state::Shared;
use crate::{ClientGone, ProxyState};

/// How often it is looked for what is due.
const TICK: Duration = Duration::from_secs(1);
/// How many objects are looked at at a time.
const AT_ONCE: usize = 4;
/// How many items of a batch are settled together.
const ITEMS: usize = 500;
/// How long an object that is not found may still be about to appear.
const MAY_APPEAR: Duration = Duration::from_mins(10);
/// What Anthropic's API wants named.
const ANTHROPIC_VERSION: (&str, &str) = ("anthropic-version", "2023-06-01");

/// What a look at an object found.
enum Found {
    /// It goes on.
    Goes { state: Option<String> },
    /// It has ended and is settled.
    Settled,
    /// The upstream does not know it.
    Missing,
    /// It could not be looked at.
    Trouble(String),
}

/// Looks after what is due until told to stop. `caught_up` ends once the database holds all that was journaled before
/// the start: only then are claims from before it void.
pub async fn poll(state: ProxyState, caught_up: impl Future<Output = ()> + Send, stop: CancellationToken) {
    let shared = Arc::clone(state.shared());
    let Some(desk) = shared.desk().cloned() else {
        return;
    };
    tokio::select! {
        () = stop.cancelled() => return,
        () = caught_up => {}
    }
    let mut released = false;
    let turns = Arc::new(Semaphore::new(AT_ONCE));
    loop {
        if !released {
            released = desk.release_held().await.is_ok();
        }
        let free = turns.available_permits();
        let due = match u16::try_from(free) {
            Ok(0) | Err(_) => Vec::new(),
            Ok(free) if released => desk.claim_due(free).await,
            Ok(_) => Vec::new(),
        };
        for (claim, row) in due {
            let (shared, desk, turns) = (Arc::clone(&shared), Arc::clone(&desk), Arc::clone(&turns));
            let stopped = stop.clone();
            shared.tracker.clone().spawn(async move {
                let turn = turns.acquire_owned().await;
                tokio::select! {
                    () = look(&shared, &desk, claim, &row) => {}
                    // Whatever was journaled until then stays; the rest is found again.
                    () = stopped.cancelled() => {}
                }
                drop(turn);
            });
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(TICK) => {}
        }
    }
}

/// Looks at one operation now, unless somebody else does.
pub(crate) async fn look_at(shared: &Shared, desk: &Desk, operation: &DeferredOperation) {
    let Some(claim) = desk.claim(operation).await else {
        return;
    };
    if let Ok(Some(row)) = desk.row(operation.attempt.event_id).await {
        look(shared, desk, claim, &row).await;
    }
}

async fn look(shared: &Shared, desk: &Desk, claim: DeferredClaim, row: &DeferredRow) {
    let operation = &row.operation;
    let next = || desk.now() + pause(desk, row.polls);
    if desk.is_settled(operation.attempt.event_id) {
        // On its way to the database.
        let release = DeferredRelease {
            next_poll_at: next(),
            provider_state: row.provider_state.clone(),
            problem: None,
        };
        return desk.release(claim, release).await;
    }
    if row.duplicate {
        let end = free("another request made the same object and is billed for it");
        return desk.settle_claimed(operation, end, None).await;
    }
    let found = observe(shared, desk, claim, operation).await;
    let age = (desk.now() - operation.created_at).to_std().unwrap_or_default();
    let over = desk.now() >= operation.expires_at;
    let (state, problem) = match found {
        Found::Settled => return,
        Found::Missing if over || age >= MAY_APPEAR => {
            let end = lost("the upstream does not know it any more, and its end was never seen");
            return desk.settle_claimed(operation, end, None).await;
        }
        Found::Missing => (None, Some("the upstream does not know it".to_owned())),
        Found::Trouble(problem) => (None, Some(problem)),
        Found::Goes { state } => (state, None),
    };
    if over {
        let last = problem.as_deref().or(state.as_deref()).unwrap_or("nothing");
        let end = lost(&format!(
            "its end was not seen in time; the last that was seen: {last}"
        ));
        return desk.settle_claimed(operation, end, None).await;
    }
    let release = DeferredRelease {
        next_poll_at: next(),
        provider_state: state.or_else(|| row.provider_state.clone()),
        problem,
    };
    desk.release(claim, release).await;
}

/// Twice as long each time.
fn pause(desk: &Desk, polls: u32) -> Duration {
    let config = desk.config();
    let factor = 1_u32.checked_shl(polls.min(16)).unwrap_or(u32::MAX);
    config.first_look.saturating_mul(factor).min(config.longest_pause)
}

async fn observe(shared: &Shared, desk: &Desk, claim: DeferredClaim, operation: &DeferredOperation) -> Found {
    let table = shared.routes.load();
    let Some(route) = table.serving(operation.attempt.upstream.id) else {
        return Found::Trouble("its upstream is disabled or gone".to_owned());
    };
    let id = crate::endpoint::escaped(&operation.object_id).to_string();
    let (path, results) = match operation.kind {
        DeferredKind::OpenaiBatch => (format!("/v1/batches/{id}"), None),
        DeferredKind::AnthropicBatch => {
            let path = format!("/v1/messages/batches/{id}");
            let results = format!("{path}/results");
            (path, Some(results))
        }
        _ => (format!("/v1/responses/{id}"), None),
    };
    let mut scan = ObjectScan::new(false);
    let mut meter =
        (!operation.kind.has_items()).then(|| watch::meter(operation, &route.upstream.provider, false));
    let mut pieces = match Pieces::fetch(shared, route, operation, &path).await {
        Ok(pieces) => pieces,
        Err(found) => return found,
    };
    loop {
        let piece = match pieces.next().await {
            Ok(Some(piece)) => piece,
            Ok(None) => break,
            Err(found) => return found,
        };
        scan.push(&piece);
        if let Some(meter) = &mut meter {
            meter.push(&piece);
        }
    }
    let state = scan.facts().status().map(ToOwned::to_owned);
    if !scan.is_whole() || !scan.facts().is_terminal() {
        return Found::Goes { state };
    }
    if !operation.kind.has_items() {
        let Some(ended) = watch::ended(&scan, meter) else {
            return Found::Goes { state };
        };
        desk.settle_claimed(operation, ended.end, ended.at).await;
        return Found::Settled;
    }
    let facts = scan.facts();
    let files: Vec<String> = match results {
        Some(results) => vec![results],
        None => facts
            .files()
            .map(|file| format!("/v1/files/{}/content", crate::endpoint::escaped(file)))
            .collect(),
    };
    let objects = facts.files().map(|file| UpstreamObject {
        upstream_id: route.upstream.id,
        object_id: file.to_owned(),
        key_id: operation.attempt.key.id,
        model: None,
        event_id: Some(operation.attempt.event_id),
        created_at: desk.now(),
    });
    let objects: Vec<_> = objects.collect();
    if !objects.is_empty() {
        desk.note_files(objects).await;
    }
    let mut batch = Batch::new(desk, claim, operation, route, facts).await;
    for file in files {
        if let Err(found) = batch.settle_file(shared, &file).await {
            return found;
        }
    }
    let ended = state.unwrap_or_default();
    let end = free(&format!(
        "the batch ended as {ended}; its {} items are billed one by one",
        batch.items
    ));
    desk.settle_claimed(operation, end, batch.ended_at).await;
    Found::Settled
}

/// A batch whose items are being settled.
struct Batch<'a> {
    desk: &'a Desk,
    claim: DeferredClaim,
    operation: &'a DeferredOperation,
    route: &'a Arc<Route>,
    book: Arc<billing_core::PriceBook>,
    ended_at: Option<Timestamp>,
    items: u64,
}

impl<'a> Batch<'a> {
    async fn new(
        desk: &'a Desk,
        claim: DeferredClaim,
        operation: &'a DeferredOperation,
        route: &'a Arc<Route>,
        facts: &ObjectFacts,
    ) -> Self {
        Self {
            desk,
            claim,
            operation,
            route,
            book: desk.book(operation).await,
            // The same whoever reads it: an item that is settled twice is the same entry twice.
            ended_at: facts.ended_at().or(Some(operation.created_at)),
            items: 0,
        }
    }

    /// Settles the items of a file as they arrive.
    async fn settle_file(&mut self, shared: &Shared, path: &str) -> Result<(), Found> {
        let shape = match self.operation.kind {
            DeferredKind::AnthropicBatch => Shape::Anthropic,
            _ => Shape::Openai,
        };
        let provider = &self.route.upstream.provider;
        let mut reader = ItemReader::new(shape, self.operation.item_protocol, provider);
        let mut items = Vec::new();
        let mut pieces = Pieces::fetch(shared, self.route, self.operation, path).await?;
        while let Some(piece) = pieces.next().await? {
            reader.push(&piece, &mut items);
            if items.len() >= ITEMS {
                self.settle(&mut items).await?;
            }
        }
        items.extend(reader.finish());
        self.settle(&mut items).await
    }

    async fn settle(&mut self, items: &mut Vec<DeferredEnd>) -> Result<(), Found> {
        let taken = || Found::Trouble("somebody else settles it".to_owned());
        if !self.desk.keep(self.claim).await {
            return Err(taken());
        }
        let ids = items.iter().filter_map(|item| item.item_id.as_deref());
        let events: Vec<_> = ids.map(|id| self.operation.item_event(id)).collect();
        let known = self.desk.in_ledger(events).await;
        let known = known.map_err(|error| Found::Trouble(error.to_string()))?;
        let mut last = None;
        for mut item in items.drain(..) {
            self.items += 1;
            let id = item.item_id.as_deref().unwrap_or_default();
            if known.contains(&self.operation.item_event(id)) {
                continue;
            }
            item.ended_at = self.ended_at;
            last = Some(self.desk.settle_item(self.operation, &self.book, item));
        }
        // They are journaled in order.
        if let Some(last) = last {
            last.wait().await;
        }
        Ok(())
    }
}

/// An answer of an upstream's, piece by piece.
struct Pieces {
    body: Coalesced<Incoming>,
    idle: Duration,
}

impl Pieces {
    /// Asks the operation's upstream for something, with its credential.
    async fn fetch(
        shared: &Shared,
        route: &Route,
        operation: &DeferredOperation,
        path: &str,
    ) -> Result<Self, Found> {
        let response = fetch(shared, route, operation, path).await?;
        match response.status() {
            StatusCode::NOT_FOUND | StatusCode::GONE => return Err(Found::Missing),
            status if !status.is_success() => {
                let problem = format!("the upstream answered {}", status.as_u16());
                return Err(Found::Trouble(problem));
            }
            _ => {}
        }
        Ok(Self {
            body: Coalesced::new(response.into_body()),
            idle: shared.config.idle_timeout,
        })
    }

    async fn next(&mut self) -> Result<Option<Bytes>, Found> {
        let problem = match tokio::time::timeout(self.idle, self.body.piece()).await {
            Ok(Some(Ok(piece))) => return Ok(Some(piece)),
            Ok(None) => return Ok(None),
            Ok(Some(Err(_))) => "the upstream's answer broke off",
            Err(_) => "the upstream's answer stopped arriving",
        };
        Err(Found::Trouble(problem.to_owned()))
    }
}

async fn fetch(
    shared: &Shared,
    route: &Route,
    operation: &DeferredOperation,
    path: &str,
) -> Result<Response<Incoming>, Found> {
    let dialect = operation.attempt.protocol.dialect();
    let call = CallPath {
        protocol: operation.attempt.protocol,
        method: Method::GET,
        billing: EndpointBilling::Free,
        model: None,
        place: Place::Object(path.to_owned()),
    };
    let uri = route.uri(&call, None, None);
    let uri = uri.ok_or_else(|| Found::Trouble("its name cannot be sent upstream".to_owned()))?;
    let mut asked = HeaderMap::new();
    if dialect == Dialect::Anthropic {
        let (name, value) = ANTHROPIC_VERSION;
        asked.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    let mut request = Request::new(Full::new(Bytes::new()));
    *request.uri_mut() = uri;
    *request.headers_mut() = for_upstream(&asked, route, dialect);
    let mut patience = Patience::new(CancellationToken::new(), ClientGone::Cancel);
    let limit = shared.config.response_timeout.min(Duration::from_mins(2));
    let sent = shared.client().send(request, limit, &mut patience).await;
    sent.map_err(|_| Found::Trouble("the upstream could not be reached".to_owned()))
}

/// The end of an operation that costs nothing itself.
fn free(detail: &str) -> AttemptEnd {
    AttemptEnd {
        kind: OutcomeKind::Completed,
        http_status: Some(200),
        ttft_us: None,
        reading: None,
        detail: Some(detail.to_owned()),
    }
}

/// The end of an operation whose end was not seen.
fn lost(detail: &str) -> AttemptEnd {
    AttemptEnd {
        kind: OutcomeKind::TimedOut,
        ..free(detail)
    }
}
