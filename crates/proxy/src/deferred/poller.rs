//! The gateway's own look at objects whose end nobody asks for.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tollgate_domain::ports::{DeferredClaim, DeferredRelease, DeferredRow, StoreError};
use tollgate_domain::{DeferredKind, DeferredOperation, OutcomeKind};
use tollgate_ledger::AttemptEnd;

use super::batch::{self, Batch};
use super::desk::Desk;
use super::object::ObjectScan;
use super::pieces::{Pieces, Unseen};
use super::watch;
use crate::ProxyState;
use crate::route::Route;
use crate::state::Shared;

/// How often it is looked for what else is due while something is looked at.
const TICK: Duration = Duration::from_secs(1);
/// How many objects are looked at at a time.
const AT_ONCE: u16 = 8;
/// How often a claim is renewed; it lasts three times as long.
const RENEWAL: Duration = Duration::from_secs(20);
/// How long an object that is not found may still be about to appear.
const MAY_APPEAR: Duration = Duration::from_mins(10);

/// What a round of looks came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DeferredLooks {
    /// Operations that have ended and are settled.
    pub settled: u64,
    /// Those that go on.
    pub going_on: u64,
    /// Those that could not be looked at; each says why.
    pub troubled: u64,
}

/// What a look at an object came to.
enum Looked {
    Settled,
    GoesOn,
    Troubled,
}

/// What a look at an object found.
enum Found {
    /// It goes on.
    Goes { state: Option<String> },
    /// It has ended and is settled.
    Settled,
    /// It could not be seen.
    Unseen(Unseen),
}

/// Looks at all that is due, and at what becomes due meanwhile. It may be cut short at any time: whatever was journaled
/// until then stays, the rest is found again.
pub async fn look_at_due(state: &ProxyState, stop: &CancellationToken) -> DeferredLooks {
    let mut looks = DeferredLooks::default();
    let shared = state.shared();
    let Some(desk) = shared.desk() else { return looks };
    let mut under_way = JoinSet::new();
    loop {
        let taken = u16::try_from(under_way.len()).unwrap_or(AT_ONCE);
        let due = match AT_ONCE.saturating_sub(taken) {
            0 => Vec::new(),
            free => desk.claim_due(free).await,
        };
        for (claim, row) in due {
            let (shared, desk) = (Arc::clone(shared), Arc::clone(desk));
            under_way.spawn(async move { look(&shared, &desk, claim, &row).await });
        }
        tokio::select! {
            () = stop.cancelled() => return looks,
            ended = under_way.join_next() => match ended {
                Some(Ok(looked)) => looks.add(&looked),
                Some(Err(error)) => {
                    tracing::error!(%error, "a look at a deferred operation failed");
                    looks.troubled += 1;
                }
                None => return looks,
            },
            () = tokio::time::sleep(TICK) => {}
        }
    }
}

/// Whether something is due.
///
/// # Errors
/// When the database cannot say.
pub async fn is_due(state: &ProxyState) -> Result<bool, StoreError> {
    match state.shared().desk() {
        Some(desk) => Ok(desk.due().await? > 0),
        None => Ok(false),
    }
}

/// Makes all that is open due.
///
/// # Errors
/// When the database cannot.
pub async fn make_due(state: &ProxyState) -> Result<(), StoreError> {
    match state.shared().desk() {
        Some(desk) => desk.nudge_all().await,
        None => Ok(()),
    }
}

/// Gives back what this process held before it was restarted. To be done once the database holds all that was journaled
/// before the start: until then an operation may be settled without showing it.
///
/// # Errors
/// When the database cannot.
pub async fn release_held(state: &ProxyState) -> Result<(), StoreError> {
    match state.shared().desk() {
        Some(desk) => desk.release_held().await.map(|_| ()),
        None => Ok(()),
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

async fn look(shared: &Shared, desk: &Desk, claim: DeferredClaim, row: &DeferredRow) -> Looked {
    let operation = &row.operation;
    let next = || desk.now() + pause(desk, row.polls);
    if desk.is_settled(operation.attempt.event_id) {
        // On its way to the database.
        let release = DeferredRelease {
            next_poll_at: next(),
            provider_state: row.provider_state.clone(),
            problem: None,
        };
        desk.release(claim, release).await;
        return Looked::GoesOn;
    }
    if row.duplicate {
        let end = free("another request made the same object and is billed for it");
        desk.settle_claimed(operation, end, Some(operation.created_at))
            .await;
        return Looked::Settled;
    }
    let found = held(desk, claim, observe(shared, desk, claim, operation)).await;
    let age = (desk.now() - operation.created_at).to_std().unwrap_or_default();
    let over = desk.now() >= operation.expires_at;
    let (state, problem) = match found {
        Found::Settled => return Looked::Settled,
        Found::Unseen(Unseen::Missing) if over || age >= MAY_APPEAR => {
            let end = lost("the upstream does not know it any more, and its end was never seen");
            let gone = operation.created_at + MAY_APPEAR;
            desk.settle_claimed(operation, end, Some(gone.min(operation.expires_at)))
                .await;
            return Looked::Settled;
        }
        Found::Unseen(Unseen::Missing) => (None, Some("the upstream does not know it".to_owned())),
        Found::Unseen(Unseen::Trouble(problem)) => (None, Some(problem)),
        Found::Goes { state } => (state, None),
    };
    if over {
        let last = problem.as_deref().or(state.as_deref()).unwrap_or("nothing");
        let end = lost(&format!(
            "its end was not seen in time; the last that was seen: {last}"
        ));
        desk.settle_claimed(operation, end, Some(operation.expires_at))
            .await;
        return Looked::Settled;
    }
    let looked = if problem.is_some() {
        Looked::Troubled
    } else {
        Looked::GoesOn
    };
    let release = DeferredRelease {
        next_poll_at: next(),
        provider_state: state.or_else(|| row.provider_state.clone()),
        problem,
    };
    desk.release(claim, release).await;
    looked
}

/// Holds a claim for as long as a look takes: large results may take longer to arrive than a claim lasts.
async fn held(desk: &Desk, claim: DeferredClaim, looking: impl Future<Output = Found> + Send) -> Found {
    let mut looking = std::pin::pin!(looking);
    loop {
        tokio::select! {
            found = &mut looking => return found,
            () = tokio::time::sleep(RENEWAL) => {
                if !desk.keep(claim).await {
                    return Found::Unseen(Unseen::trouble("somebody else settles it"));
                }
            }
        }
    }
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
        return Found::Unseen(Unseen::trouble("its upstream is disabled or gone"));
    };
    match seen(shared, desk, claim, operation, route).await {
        Ok(found) => found,
        Err(unseen) => Found::Unseen(unseen),
    }
}

async fn seen(
    shared: &Shared,
    desk: &Desk,
    claim: DeferredClaim,
    operation: &DeferredOperation,
    route: &Arc<Route>,
) -> Result<Found, Unseen> {
    let mut scan = ObjectScan::new(operation.attempt.protocol.dialect(), false);
    let mut meter =
        (!operation.kind.has_items()).then(|| watch::meter(operation, &route.upstream.provider, false));
    let path = batch::path(operation);
    let mut pieces = Pieces::fetch(shared, route, operation.attempt.protocol, &path).await?;
    while let Some(piece) = pieces.next().await? {
        scan.push(&piece);
        if let Some(meter) = &mut meter {
            meter.push(&piece);
        }
    }
    let state = scan.facts().status().map(ToOwned::to_owned);
    if !scan.is_whole() || !scan.facts().is_terminal() {
        return Ok(Found::Goes { state });
    }
    if !operation.kind.has_items() {
        let Some(ended) = watch::ended(&scan, meter) else {
            return Ok(Found::Goes { state });
        };
        desk.settle_claimed(operation, ended.end, ended.at).await;
        return Ok(Found::Settled);
    }
    let facts = scan.facts();
    let mut batch = Batch::new(shared, desk, claim, operation, route).await;
    batch.settle_items(facts).await?;
    let ended = state.unwrap_or_default();
    let empty = batch.items == 0 && operation.kind == DeferredKind::GeminiBatch;
    let end = if empty && facts.has_succeeded() {
        return Err(Unseen::trouble("it has ended, and its results are not there yet"));
    } else if empty && !facts.has_failed() {
        // What was done of it until then is paid for, and nobody tells it.
        AttemptEnd {
            reading: Some(billing_core::Reading::default()),
            ..free(&format!("it ended as {ended}, and has no results"))
        }
    } else {
        free(&format!(
            "the batch ended as {ended}; its {} items are billed one by one",
            batch.items
        ))
    };
    desk.settle_claimed(operation, end, batch.ended_at).await;
    Ok(Found::Settled)
}

impl DeferredLooks {
    fn add(&mut self, looked: &Looked) {
        match looked {
            Looked::Settled => self.settled += 1,
            Looked::GoesOn => self.going_on += 1,
            Looked::Troubled => self.troubled += 1,
        }
    }
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
