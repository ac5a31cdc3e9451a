//! The recorder: what the proxy writes through.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use billing_core::PriceBook;
use tollgate_domain::ports::{GapStretch, PendingGap};
use tollgate_domain::{
    AccountingZone, AttemptContext, Clock, EventId, LedgerEntry, RequestLog, Timestamp, UnbilledReason,
    Verdict,
};
use tollgate_journal::{Appended, Journal, JournalError, Lane, Ticket};

use crate::gap::Gap;
use crate::open_set::OpenSet;
use crate::{AttemptEnd, ENTRIES, LOGS, NOTES, Note, OpenAttempt, OpenError, sanitize, settlement};

/// What an answer waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// The record is with the operating system: it survives a killed process, not a power cut.
    Process,
    /// The record is on disk, waited for at most this long.
    Strict(Duration),
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
    /// Waits for durability that ran into their limit.
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
    open: OpenSet,
    gap: Gap,
    unsaved: AtomicU64,
    slow_waits: AtomicU64,
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
            open: OpenSet::default(),
            gap: Gap::default(),
            unsaved: AtomicU64::new(0),
            slow_waits: AtomicU64::new(0),
        };
        Self {
            inner: Arc::new(inner),
        }
    }

    /// Journals that an attempt is about to be dispatched.
    ///
    /// # Errors
    /// [`OpenError`] when it may not be dispatched because it could not be recorded.
    pub fn open(&self, context: AttemptContext, book: Arc<PriceBook>) -> Result<OpenAttempt, OpenError> {
        let note = Note::Opened(sanitize::context(context));
        let payload = encode(&note);
        let Note::Opened(context) = note else {
            return Err(OpenError::JournalFull);
        };
        let mut ticket = None;
        let appended = self.inner.open.register(|| {
            self.inner.journal.append(NOTES, &payload).map(|appended| {
                ticket = Some(appended.ticket);
                appended.position
            })
        });
        let opened = match (appended, self.inner.config.when_full) {
            (Ok(position), _) => ticket.map(|ticket| (position, ticket)),
            (Err(JournalError::Full), WhenFull::Refuse) => return Err(OpenError::JournalFull),
            (Err(JournalError::Full), WhenFull::Serve) => None,
            (Err(error), _) => return Err(OpenError::Journal(error)),
        };
        Ok(OpenAttempt::new(self.clone(), Arc::new(context), book, opened))
    }

    /// Journals a finished request. A log that cannot be written is dropped and reported: the bill does not
    /// depend on it.
    pub fn log(&self, mut log: RequestLog) {
        log.model_requested = sanitize::model(log.model_requested);
        log.path = sanitize::text(log.path);
        log.error = sanitize::optional(log.error);
        log.caller = Arc::new(sanitize::caller((*log.caller).clone()));
        let request_id = log.request_id;
        if let Err(error) = self.inner.journal.append(LOGS, &encode(&log)) {
            tracing::warn!(%request_id, %error, "a request log could not be journaled");
        }
    }

    /// Counters since start.
    pub fn stats(&self) -> RecorderStats {
        RecorderStats {
            open: self.inner.open.len() as u64,
            unsaved: self.inner.unsaved.load(Ordering::Relaxed),
            slow_waits: self.inner.slow_waits.load(Ordering::Relaxed),
            gap_attempts: self.inner.gap.total(),
        }
    }

    pub(crate) fn durability(&self) -> Durability {
        self.inner.config.durability
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
            .open
            .lowest()
            .map_or(committed + 1, |open| open.min(committed + 1))
    }

    /// Attempts served while the journal had no room, as far as the database may not know of them; to be asked for
    /// after the database, see [`GapSummary`](tollgate_domain::ports::GapSummary).
    pub fn pending_gaps(&self) -> Vec<PendingGap> {
        self.inner.gap.pending()
    }

    pub(crate) fn restore_gap(&self, position: u64, stretch: GapStretch) {
        self.inner.gap.restore(position, stretch);
    }

    /// Everything in the journal up to here is in the database.
    pub(crate) fn committed(&self, position: u64) {
        self.inner.gap.committed(position);
    }

    pub(crate) async fn wait(&self, ticket: Ticket, limit: Duration) {
        if tokio::time::timeout(limit, ticket.durable()).await.is_err() {
            self.inner.slow_waits.fetch_add(1, Ordering::Relaxed);
        }
    }

    pub(crate) fn record_not_sent(&self, event_id: EventId, position: Option<u64>) {
        // What was never opened in the journal need not be closed there.
        let Some(position) = position else { return };
        if let Err(error) = self.append_even_if_full(NOTES, &encode(&Note::NotSent { event_id })) {
            tracing::error!(%event_id, %error, "an attempt that was not sent could not be closed in the journal");
        }
        self.inner.open.remove(position);
    }

    pub(crate) fn record_end(
        &self,
        context: &Arc<AttemptContext>,
        book: &PriceBook,
        position: Option<u64>,
        end: AttemptEnd,
    ) -> (Arc<LedgerEntry>, Option<Ticket>) {
        let entry = self.settle(context, book, end);
        let ticket = self.append_entry(&entry, position.is_some());
        if let (Some(position), true) = (position, ticket.is_some()) {
            // Unsaved entries stay open: replay must still see their `opened` record.
            self.inner.open.remove(position);
        }
        (Arc::new(entry), ticket)
    }

    /// Prices and builds the entry; a panic in there must not reach the caller's answer either.
    fn settle(&self, context: &Arc<AttemptContext>, book: &PriceBook, end: AttemptEnd) -> LedgerEntry {
        let (zone, now) = (self.zone(), self.now());
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

    /// Entries may use the journal's reserve: what was let through at admission must be recorded.
    fn append_entry(&self, entry: &LedgerEntry, opened: bool) -> Option<Ticket> {
        let payload = encode(entry);
        let journal = &self.inner.journal;
        match if opened {
            self.append_even_if_full(ENTRIES, &payload)
        } else {
            journal.append(ENTRIES, &payload)
        } {
            Ok(appended) => Some(appended.ticket),
            Err(JournalError::Full) if !opened => {
                if self.inner.gap.count(entry.attempt.occurred_at, self.now()) {
                    self.note_gap();
                }
                None
            }
            Err(error) => {
                self.inner.unsaved.fetch_add(1, Ordering::Relaxed);
                tracing::error!(event_id = %entry.attempt.event_id, %error, "an entry could not be journaled");
                None
            }
        }
    }

    pub(crate) fn append_recovered(&self, entry: &LedgerEntry) -> Result<(), JournalError> {
        self.append_even_if_full(ENTRIES, &encode(entry)).map(|_| ())
    }

    /// The end of something that was let through must find room: the reserve is for that.
    fn append_even_if_full(&self, lane: Lane, payload: &[u8]) -> Result<Appended, JournalError> {
        match self.inner.journal.append(lane, payload) {
            Err(JournalError::Full) => self.inner.journal.append_from_reserve(lane, payload),
            other => other,
        }
    }

    /// Notes unrecorded attempts in the journal's reserve, if there are any.
    pub(crate) fn note_gap(&self) {
        let Some(stretch) = self.inner.gap.take(self.now()) else {
            return;
        };
        let note = encode(&Note::of_gap(stretch));
        match self.inner.journal.append_from_reserve(NOTES, &note) {
            Ok(appended) => self.inner.gap.noted(appended.position),
            Err(_) => self.inner.gap.not_noted(),
        }
    }
}

/// Our own types always serialise.
fn encode<T: serde::Serialize>(value: &T) -> Vec<u8> {
    serde_json::to_vec(value).unwrap_or_default()
}
