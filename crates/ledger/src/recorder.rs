//! The recorder: what the proxy writes through.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use billing_core::PriceBook;
use tokio::sync::oneshot;
use tollgate_domain::ports::{GapStretch, PendingGap};
use tollgate_domain::{
    AccountingZone, AttemptContext, Clock, EventId, LedgerEntry, RequestLog, Timestamp, UnbilledReason,
    Verdict,
};
use tollgate_journal::{Appended, Journal, JournalError, Room, Ticket};

use crate::attempt::Settled;
use crate::books::{Books, Ending, Written};
use crate::note::OpenedNote;
use crate::open_set::OpenKey;
use crate::opening::Opening;
use crate::{AttemptEnd, ENTRIES, LOGS, NOTES, Note, Observer, OpenAttempt, OpenError, sanitize, settlement};

/// What an answer waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// The record is with the operating system: it survives a killed process, not a power cut.
    Process,
    /// The record is on disk.
    Strict,
}

/// What happens when the journal's disk budget is exhausted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhenFull {
    /// New requests are refused: nothing is ever unrecorded.
    Refuse,
    /// Requests are served; how many and when is kept in a gap note.
    Serve,
}

/// How the recorder behaves.
#[derive(Debug, Clone, Copy)]
pub struct RecorderConfig {
    /// The accounting zone.
    pub zone: AccountingZone,
    /// What an answer waits for.
    pub durability: Durability,
    /// Longest time an answer waits for it, and a dispatch for the disk once its record is with the operating system;
    /// then it goes out all the same and is counted.
    pub max_wait: Duration,
    /// What happens when the journal is full.
    pub when_full: WhenFull,
}

/// Counters since start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RecorderStats {
    /// Attempts opened and not ended.
    pub open: u64,
    /// Entries the journal would not take; their `opened` record makes them `interrupted` at the next start.
    pub unsaved: u64,
    /// Dispatches and answers that went out before their record was as durable as configured.
    pub slow_waits: u64,
    /// Attempts served while the journal had no room: they have no entry.
    pub gap_attempts: u64,
}

/// Journals attempts and their entries. Cheap to clone.
#[derive(Clone)]
pub struct Recorder {
    inner: Arc<Inner>,
}

struct Inner {
    journal: Journal,
    clock: Arc<dyn Clock>,
    config: RecorderConfig,
    books: Arc<Books>,
    observer: OnceLock<Arc<dyn Observer>>,
}

impl std::fmt::Debug for Recorder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Recorder")
            .field("config", &self.inner.config)
            .finish_non_exhaustive()
    }
}

impl Recorder {
    /// A recorder over an open journal.
    pub fn new(journal: Journal, clock: Arc<dyn Clock>, config: RecorderConfig) -> Self {
        let inner = Inner {
            journal,
            clock,
            config,
            books: Arc::default(),
            observer: OnceLock::new(),
        };
        Self {
            inner: Arc::new(inner),
        }
    }

    /// Has someone told of everything from now on. Only the first one is.
    pub fn observe(&self, observer: Arc<dyn Observer>) {
        if self.inner.observer.set(observer).is_err() {
            tracing::warn!("what is recorded is observed already");
        }
    }

    /// Notes a request that was refused before it was admitted; the reason is of a small set of names.
    pub fn refused(&self, reason: &'static str) {
        if let Some(observer) = self.inner.observer.get() {
            observer.refused(reason);
        }
    }

    /// Journals that an attempt is about to be dispatched, and waits until that is with the operating system, and where
    /// so configured on disk, the latter for the configured time at most. Cancelled while it waits, the attempt leaves no entry.
    ///
    /// # Errors
    /// [`OpenError`] when it may not be dispatched because it could not be recorded.
    pub async fn open(
        &self,
        context: AttemptContext,
        book: Arc<PriceBook>,
    ) -> Result<OpenAttempt, OpenError> {
        let context = Arc::new(sanitize::context(context));
        let payload = encode(&OpenedNote::Opened(&context));
        let books = Arc::clone(&self.inner.books);
        let key = books.open.register(|| self.inner.journal.last_position());
        let (tell, written) = oneshot::channel();
        self.inner
            .journal
            .submit(Room::Budget, NOTES, &payload, move |result| {
                if result.is_err() {
                    books.open.remove(key);
                }
                // Whoever waited may have gone.
                tell.send(result.map(|appended| appended.ticket)).ok();
            });
        let opening = Opening::new(key, written);
        OpenAttempt::new(self.clone(), context, book, opening)
            .ready()
            .await
    }

    /// Journals a finished request. A log that cannot be written is dropped and reported: the bill does not
    /// depend on it.
    pub fn log(&self, mut log: RequestLog) {
        log.model_requested = sanitize::model(log.model_requested);
        log.path = sanitize::text(log.path);
        log.error = sanitize::optional(log.error);
        log.caller = Arc::new(sanitize::caller((*log.caller).clone()));
        if let Some(observer) = self.inner.observer.get() {
            observer.request(&log);
        }
        let request_id = log.request_id;
        let done = move |result| {
            if let Err(error) = result {
                let error: JournalError = error;
                tracing::warn!(%request_id, %error, "a request log could not be journaled");
            }
        };
        self.inner.journal.submit(Room::Budget, LOGS, &encode(&log), done);
    }

    /// Counters since start.
    pub fn stats(&self) -> RecorderStats {
        RecorderStats {
            open: self.inner.books.open.len() as u64,
            unsaved: self.inner.books.unsaved(),
            slow_waits: self.inner.books.slow_waits(),
            gap_attempts: self.inner.books.gap.total(),
        }
    }

    pub(crate) fn books(&self) -> &Books {
        &self.inner.books
    }

    pub(crate) fn journal(&self) -> &Journal {
        &self.inner.journal
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.inner.clock.now()
    }

    pub(crate) fn zone(&self) -> AccountingZone {
        self.inner.config.zone
    }

    /// The lowest journal position replay must still see, given what is committed.
    pub(crate) fn low_water(&self, committed: u64) -> u64 {
        self.inner
            .books
            .open
            .lowest()
            .map_or(committed + 1, |open| open.min(committed + 1))
    }

    /// Attempts served while the journal had no room, as far as the database may not know of them; to be asked for
    /// after the database, see [`GapSummary`](tollgate_domain::ports::GapSummary).
    pub fn pending_gaps(&self) -> Vec<PendingGap> {
        self.inner.books.gap.pending()
    }

    pub(crate) fn restore_gap(&self, position: u64, stretch: GapStretch) {
        self.inner.books.gap.restore(position, stretch);
    }

    /// Everything in the journal up to here is in the database.
    pub(crate) fn committed(&self, position: u64) {
        self.inner.books.gap.committed(position);
    }

    /// What the journal says of an `opened` record. Nothing bounds the wait until it is written: an attempt that is
    /// sent before could be invoiced and, after a kill, unknown here. Only the wait for the sync is bounded.
    pub(crate) async fn await_opening(&self, opening: &mut Opening) -> Result<(), OpenError> {
        let ticket = match opening.written().await {
            Ok(ticket) => ticket,
            Err(JournalError::Full) if self.inner.config.when_full == WhenFull::Serve => return Ok(()),
            Err(JournalError::Full) => return Err(OpenError::JournalFull),
            Err(error) => return Err(OpenError::Journal(error)),
        };
        self.in_time(self.durable(ticket)).await;
        Ok(())
    }

    /// Waits for an entry; what becomes of one that cannot be written is in the counters.
    pub(crate) async fn await_entry(&self, written: Written) {
        let written = async {
            if let Ok(Ok(ticket)) = written.await {
                self.durable(Some(ticket)).await;
            }
        };
        self.in_time(written).await;
    }

    async fn durable(&self, ticket: Option<Ticket>) {
        if let (Durability::Strict, Some(ticket)) = (self.inner.config.durability, ticket) {
            // A disk that refuses to sync is the journal's to report; waiting longer changes nothing.
            ticket.durable().await.ok();
        }
    }

    async fn in_time<T>(&self, wait: impl Future<Output = T>) -> Option<T> {
        let waited = tokio::time::timeout(self.inner.config.max_wait, wait).await.ok();
        if waited.is_none() {
            self.inner.books.slow_wait();
        }
        waited
    }

    pub(crate) fn record_not_sent(&self, event_id: EventId, key: OpenKey) {
        let books = Arc::clone(&self.inner.books);
        let note = encode(&Note::NotSent { event_id });
        let done = move |result| {
            if let Err(error) = result {
                let error: JournalError = error;
                tracing::error!(%event_id, %error, "an attempt that was not sent could not be closed in the journal");
            }
            books.open.remove(key);
        };
        self.inner
            .journal
            .submit(Room::BudgetThenReserve, NOTES, &note, done);
    }

    /// Settles an attempt; `opened` is its place among the open ones, if the journal has it.
    pub(crate) fn record_end(
        &self,
        context: &Arc<AttemptContext>,
        book: &PriceBook,
        opened: Option<OpenKey>,
        end: AttemptEnd,
    ) -> Settled {
        let entry = self.settle(context, book, end, self.now());
        self.observed(&entry);
        if self.inner.books.gap.is_due(self.now()) {
            self.note_gap();
        }
        let ending = Ending {
            event_id: context.event_id,
            occurred_at: context.occurred_at,
            opened,
        };
        // Entries may use the journal's reserve: what was let through at admission must be recorded.
        let room = match opened {
            Some(_) => Room::BudgetThenReserve,
            None => Room::Budget,
        };
        let books = Arc::clone(&self.inner.books);
        let (tell, written) = oneshot::channel();
        self.inner
            .journal
            .submit(room, ENTRIES, &encode(&entry), move |result| {
                books.ended(ending, &result);
                // Whoever waited may have gone.
                tell.send(result.map(|appended| appended.ticket)).ok();
            });
        Settled {
            entry: Arc::new(entry),
            written,
            recorder: self.clone(),
        }
    }

    /// Prices and builds the entry; a panic in there must not reach the caller's answer either.
    pub(crate) fn settle(
        &self,
        context: &Arc<AttemptContext>,
        book: &PriceBook,
        end: AttemptEnd,
        now: Timestamp,
    ) -> LedgerEntry {
        let zone = self.zone();
        let (kind, http_status) = (end.kind, end.http_status);
        let settled = catch_unwind(AssertUnwindSafe(|| {
            settlement::settle(Arc::clone(context), end, book, zone, now)
        }));
        settled.unwrap_or_else(|_| {
            tracing::error!(event_id = %context.event_id, "settlement failed; the entry says calculation_error");
            let bare = AttemptEnd { kind, http_status, ttft_us: None, reading: None, detail: None };
            let mut entry = settlement::settle(Arc::clone(context), bare, book, zone, now);
            entry.verdict = Verdict::Unbilled(UnbilledReason::CalculationError);
            entry.detail = Some("settlement failed unexpectedly".to_owned());
            entry
        })
    }

    /// Tells whoever counts.
    pub(crate) fn observed(&self, entry: &LedgerEntry) {
        if let Some(observer) = self.inner.observer.get() {
            observer.entry(entry);
        }
    }

    /// What the journal's thread reports to.
    pub(crate) fn shared_books(&self) -> Arc<Books> {
        Arc::clone(&self.inner.books)
    }

    /// Blocks until it is in the journal.
    pub(crate) fn append_recovered(&self, entry: &LedgerEntry) -> Result<(), JournalError> {
        let payload = encode(entry);
        self.inner
            .journal
            .append_in(Room::BudgetThenReserve, ENTRIES, &payload)
            .map(|_| ())
    }

    /// Notes unrecorded attempts in the journal's reserve, if there are any.
    pub(crate) fn note_gap(&self) {
        let Some(stretch) = self.inner.books.gap.take(self.now()) else {
            return;
        };
        let note = encode(&Note::of_gap(stretch));
        let books = Arc::clone(&self.inner.books);
        let done = move |result: Result<Appended, JournalError>| match result {
            Ok(appended) => books.gap.noted(appended.position),
            Err(_) => books.gap.not_noted(),
        };
        self.inner.journal.submit(Room::Reserve, NOTES, &note, done);
    }
}

/// Our own types always serialise.
pub(crate) fn encode<T: serde::Serialize>(value: &T) -> Vec<u8> {
    serde_json::to_vec(value).unwrap_or_default()
}
