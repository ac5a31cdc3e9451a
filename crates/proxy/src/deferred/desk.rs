//! Handing operations over, finding them again, settling them.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use arc_swap::ArcSwap;
use billing_core::PriceBook;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio_util::task::TaskTracker;
use tollgate_domain::ports::{
    DeferredClaim, DeferredFilter, DeferredRelease, DeferredRow, DeferredState, HiddenObject,
    ObjectListStore, StoreError,
};
use tollgate_domain::{
    Clock, DeferredKind, DeferredOperation, EventId, KeyId, ModelName, PriceVersion, Protocol, Timestamp,
    UpstreamObject,
};
use tollgate_ledger::{AttemptEnd, DeferredEnd, DeferredObject, OpenAttempt, Recorder, Settled};

use super::{DeferredConfig, DeferredParts};

/// How long a claim lasts; a crash in between costs this much time and nothing else.
const CLAIM: Duration = Duration::from_mins(1);
/// How long an answer waits until other replicas can find what it made.
const HAND_OVER: Duration = Duration::from_secs(2);
/// How often it is looked whether it has arrived.
const AGAIN: Duration = Duration::from_millis(50);
/// How many operations and events are remembered.
const REMEMBERED: usize = 4_096;
/// How many price books of the past.
const BOOKS: usize = 4;
/// How many objects all lists together ask for at a time.
const LISTING: usize = 32;

/// Looks after deferred operations on behalf of every request and of the gateway itself.
pub(crate) struct Desk {
    parts: DeferredParts,
    config: DeferredConfig,
    recorder: Recorder,
    clock: Arc<dyn Clock>,
    tracker: TaskTracker,
    current: Arc<ArcSwap<PriceBook>>,
    memory: Mutex<Memory>,
    listing: Semaphore,
}

/// What the database may not show yet.
#[derive(Default)]
struct Memory {
    /// Handed over by this process.
    made: VecDeque<Arc<DeferredOperation>>,
    /// Journaled as settled by this process.
    settled: VecDeque<EventId>,
    books: VecDeque<(PriceVersion, Arc<PriceBook>)>,
}

/// What a provider made.
#[derive(Debug, Clone)]
pub(crate) struct Made {
    pub(crate) kind: DeferredKind,
    pub(crate) object_id: String,
    pub(crate) item_protocol: Protocol,
    pub(crate) model: Option<ModelName>,
}

/// An operation as it was found.
#[derive(Debug, Clone)]
pub(crate) struct Lookup {
    pub(crate) operation: Arc<DeferredOperation>,
    pub(crate) settled: bool,
}

impl Desk {
    pub(crate) fn new(
        parts: DeferredParts,
        config: DeferredConfig,
        recorder: Recorder,
        clock: Arc<dyn Clock>,
        tracker: TaskTracker,
        current: Arc<ArcSwap<PriceBook>>,
    ) -> Self {
        Self {
            parts,
            config,
            recorder,
            clock,
            tracker,
            current,
            memory: Mutex::default(),
            listing: Semaphore::new(LISTING),
        }
    }

    pub(crate) fn config(&self) -> &DeferredConfig {
        &self.config
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Where bounded work goes on that no answer may cut short. `None` when nothing can run any more.
    pub(crate) fn spawn(
        &self,
        work: impl Future<Output = ()> + Send + 'static,
    ) -> Option<tokio::task::JoinHandle<()>> {
        tokio::runtime::Handle::try_current().ok()?;
        Some(self.tracker.spawn(work))
    }

    /// Ends an attempt whose usage comes later. The work that is given back makes the operation durable and lets every
    /// replica find it.
    pub(crate) fn hand_over(
        self: &Arc<Self>,
        attempt: OpenAttempt,
        made: Made,
    ) -> (Arc<DeferredOperation>, impl Future<Output = ()> + Send + use<>) {
        let now = self.now();
        let deferred = attempt.defer(DeferredObject {
            kind: made.kind,
            object_id: made.object_id,
            item_protocol: made.item_protocol,
            model: made.model,
            expires_at: now + self.config.expiry,
        });
        let operation = Arc::clone(&deferred.operation);
        self.with(|memory| remember(&mut memory.made, Arc::clone(&operation)));
        let (desk, opened) = (Arc::clone(self), (*operation).clone());
        let work = async move {
            deferred.wait().await;
            let due = now + desk.config.first_look;
            let opening = desk.parts.store.open_deferred(vec![opened], due);
            match tokio::time::timeout(HAND_OVER, opening).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => {
                    tracing::warn!(%error, "a deferred operation reaches the database with the journal");
                }
                Err(_) => {
                    tracing::warn!("a deferred operation reaches the database with the journal: it is slow");
                }
            }
        };
        (operation, work)
    }

    /// A key's operation, by its name at the provider.
    pub(crate) async fn find(&self, object_id: &str, key: KeyId) -> Result<Option<Lookup>, StoreError> {
        let own = || {
            self.with(|memory| {
                let mut made = memory.made.iter();
                let found = made.find(|made| made.object_id == object_id && made.attempt.key.id == key);
                found.map(|operation| Lookup {
                    operation: Arc::clone(operation),
                    settled: false,
                })
            })
        };
        match self.parts.store.deferred_object(object_id.to_owned(), key).await {
            Ok(Some(row)) => Ok(Some(Lookup::of(row))),
            Ok(None) => Ok(own()),
            Err(error) => own().map(Some).ok_or(error),
        }
    }

    /// An operation by its event.
    pub(crate) async fn find_event(&self, event: EventId) -> Result<Option<Lookup>, StoreError> {
        Ok(self.row(event).await?.map(Lookup::of))
    }

    /// The same as it is stored.
    pub(crate) async fn row(&self, event: EventId) -> Result<Option<DeferredRow>, StoreError> {
        let filter = DeferredFilter {
            event_id: Some(event),
            ..DeferredFilter::default()
        };
        let found = self.parts.store.deferred_operations(filter, None, 1).await?;
        Ok(found.into_iter().next())
    }

    /// A key's file.
    pub(crate) async fn file(&self, id: &str, key: KeyId) -> Result<Option<UpstreamObject>, StoreError> {
        self.parts.store.object(id.to_owned(), key).await
    }

    /// Notes files, so that they are found again.
    pub(crate) async fn note_files(&self, files: Vec<UpstreamObject>) {
        let noting = self.parts.store.put_objects(files);
        match tokio::time::timeout(HAND_OVER, noting).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "a file could not be noted and will not be found again"),
            Err(_) => tracing::warn!("a file could not be noted in time and may not be found again"),
        }
    }

    /// What a key's lists are read from.
    pub(crate) fn lists(&self) -> &dyn ObjectListStore {
        &*self.parts.lists
    }

    /// Leaves objects out of lists for a while. Where that cannot be noted, the next list asks for them again.
    pub(crate) async fn hide(&self, objects: Vec<HiddenObject>) {
        if let Err(error) = self.parts.lists.hide_objects(objects).await {
            tracing::debug!(%error, "objects that are gone are asked for again");
        }
    }

    /// The turn to ask for an object of a list.
    pub(crate) async fn turn_to_list(&self) -> Option<SemaphorePermit<'_>> {
        self.listing.acquire().await.ok()
    }

    /// Has an operation looked at as soon as possible.
    pub(crate) async fn nudge(&self, operation: &DeferredOperation) {
        let nudged = self
            .parts
            .store
            .nudge_deferred(operation.attempt.event_id, self.now());
        if let Err(error) = nudged.await {
            tracing::debug!(%error, "a deferred operation waits for its regular look");
        }
    }

    /// Asks for the right to settle an operation.
    pub(crate) async fn claim(&self, operation: &DeferredOperation) -> Option<DeferredClaim> {
        let event = operation.attempt.event_id;
        if self.is_settled(event) {
            return None;
        }
        let now = self.now();
        let claim = self
            .parts
            .store
            .claim_deferred(event, self.parts.holder, now + CLAIM, now);
        claim
            .await
            .inspect_err(|error| tracing::warn!(%error, "a deferred operation is settled later"))
            .ok()
            .flatten()
    }

    /// Claims what is due.
    pub(crate) async fn claim_due(&self, limit: u16) -> Vec<(DeferredClaim, DeferredRow)> {
        let now = self.now();
        let due = self
            .parts
            .store
            .claim_due_deferred(self.parts.holder, now + CLAIM, now, limit);
        due.await
            .inspect_err(|error| tracing::debug!(%error, "deferred operations are looked at later"))
            .unwrap_or_default()
    }

    /// Holds a claim for longer; `false` where it is lost.
    pub(crate) async fn keep(&self, claim: DeferredClaim) -> bool {
        let kept = self.parts.store.keep_deferred(claim, self.now() + CLAIM).await;
        kept.unwrap_or(false)
    }

    pub(crate) async fn release(&self, claim: DeferredClaim, release: DeferredRelease) {
        if let Err(error) = self.parts.store.release_deferred(claim, release).await {
            tracing::warn!(%error, "a claim runs out by itself");
        }
    }

    /// How much is due and held by nobody.
    pub(crate) async fn due(&self) -> Result<u64, StoreError> {
        self.parts.store.deferred_due(self.now()).await
    }

    /// Makes all that is open due.
    pub(crate) async fn nudge_all(&self) -> Result<(), StoreError> {
        self.parts.store.nudge_all_deferred(self.now()).await
    }

    /// Gives back what this process held before it was restarted.
    pub(crate) async fn release_held(&self) -> Result<u32, StoreError> {
        self.parts.store.release_held_deferred(self.parts.holder).await
    }

    /// Those of these events that are in the ledger.
    pub(crate) async fn in_ledger(&self, events: Vec<EventId>) -> Result<Vec<EventId>, StoreError> {
        self.parts.store.settled_events(events).await
    }

    /// Settles an operation whose end has been seen, unless somebody else does.
    pub(crate) async fn settle(&self, operation: &DeferredOperation, end: AttemptEnd, at: Option<Timestamp>) {
        if self.claim(operation).await.is_some() {
            self.settle_claimed(operation, end, at).await;
        }
    }

    /// The same for an operation that this process has only just handed over: it waits, for a bounded time, until the
    /// database has it.
    pub(crate) async fn settle_fresh(&self, operation: &DeferredOperation, end: AttemptEnd) {
        let event = operation.attempt.event_id;
        let there = async {
            while !matches!(self.row(event).await, Ok(Some(_))) {
                tokio::time::sleep(AGAIN).await;
            }
        };
        if tokio::time::timeout(HAND_OVER, there).await.is_ok() {
            self.settle(operation, end, None).await;
        }
    }

    /// The same with the claim in hand.
    pub(crate) async fn settle_claimed(
        &self,
        operation: &DeferredOperation,
        end: AttemptEnd,
        ended_at: Option<Timestamp>,
    ) {
        let book = self.book(operation).await;
        let ended = DeferredEnd {
            item_id: None,
            end,
            ended_at,
        };
        let settled = self.recorder.settle_deferred(operation, &book, ended);
        self.with(|memory| remember(&mut memory.settled, operation.attempt.event_id));
        settled.wait().await;
    }

    /// Settles an item of an operation whose claim is in hand.
    pub(crate) fn settle_item(
        &self,
        operation: &DeferredOperation,
        book: &PriceBook,
        ended: DeferredEnd,
    ) -> Settled {
        self.recorder.settle_deferred(operation, book, ended)
    }

    /// Whether this process has journaled the end of an operation, which the database may not show yet.
    pub(crate) fn is_settled(&self, event: EventId) -> bool {
        self.with(|memory| memory.settled.contains(&event))
    }

    /// The book an operation was dispatched with; the one in force where that cannot be had, as its receipt says.
    pub(crate) async fn book(&self, operation: &DeferredOperation) -> Arc<PriceBook> {
        let version = operation.attempt.price_version;
        let current = self.current.load_full();
        if current.version() == version {
            return current;
        }
        let known = self.with(|memory| {
            let mut books = memory.books.iter();
            books
                .find(|(known, _)| *known == version)
                .map(|(_, book)| Arc::clone(book))
        });
        if let Some(book) = known {
            return book;
        }
        let built = match self.parts.prices.price_book(Some(version)).await {
            Ok(Some(data)) => PriceBook::build(data).map_err(|error| error.to_string()),
            Ok(None) => Err("there is none".to_owned()),
            Err(error) => Err(error.to_string()),
        };
        match built {
            Ok(book) => {
                let book = Arc::new(book);
                self.with(|memory| {
                    memory.books.push_back((version, Arc::clone(&book)));
                    while memory.books.len() > BOOKS {
                        memory.books.pop_front();
                    }
                });
                book
            }
            Err(problem) => {
                tracing::warn!(%version, problem, "a past price book cannot be had; the current one prices a deferred operation");
                current
            }
        }
    }

    fn with<T>(&self, work: impl FnOnce(&mut Memory) -> T) -> T {
        work(&mut self.memory.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Lookup {
    fn of(row: DeferredRow) -> Self {
        Self {
            operation: Arc::new(row.operation),
            settled: row.state == DeferredState::Settled,
        }
    }
}

fn remember<T>(queue: &mut VecDeque<T>, value: T) {
    queue.push_back(value);
    while queue.len() > REMEMBERED {
        queue.pop_front();
    }
}
