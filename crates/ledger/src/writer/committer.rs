//! Getting a batch into the database, whatever it takes.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tollgate_domain::ports::{Committed, JournalGap, LedgerStore, LedgerWrite, StoreError};
use tollgate_domain::{Clock, JournalId, JournaledEntry, LedgerEntry, UnbilledReason, Verdict};
use tollgate_journal::Record;

use super::{WriterState, chain};
use crate::{ENTRIES, LOGS, LedgerError, NOTES, Note};

/// How often a record is refused alone, by a database that answers, before it is taken for unwritable.
const REFUSALS: u32 = 3;

/// Commits with retries. While the database is away it waits; a record that the database refuses for good must not
/// keep the others out, so it is found by halving and written without what was refused.
pub(super) struct Committer {
    journal_id: JournalId,
    store: Arc<dyn LedgerStore>,
    clock: Arc<dyn Clock>,
    max_backoff: Duration,
    state: Arc<WriterState>,
}

impl Committer {
    pub(super) fn new(
        journal_id: JournalId,
        store: Arc<dyn LedgerStore>,
        clock: Arc<dyn Clock>,
        max_backoff: Duration,
        state: Arc<WriterState>,
    ) -> Self {
        Self {
            journal_id,
            store,
            clock,
            max_backoff,
            state,
        }
    }

    /// The records that are written, in order.
    pub(super) fn decode(&self, batch: &[Record]) -> Result<LedgerWrite, LedgerError> {
        let mut write = LedgerWrite {
            journal_id: Some(self.journal_id),
            ..LedgerWrite::default()
        };
        for record in batch {
            let unreadable = |source| LedgerError::Record {
                position: record.position,
                source,
            };
            if record.lane == ENTRIES {
                let entry = serde_json::from_slice(&record.payload).map_err(unreadable)?;
                let (journal_id, journal_seq) = (self.journal_id, record.lane_seq);
                write.entries.push(JournaledEntry {
                    journal_id,
                    journal_seq,
                    entry,
                });
            } else if record.lane == LOGS {
                write
                    .logs
                    .push(serde_json::from_slice(&record.payload).map_err(unreadable)?);
            } else if record.lane == NOTES {
                if let Some(stretch) = Note::gap_in(&record.payload).map_err(unreadable)? {
                    write.gaps.push(JournalGap {
                        journal_id: self.journal_id,
                        position: record.position,
                        stretch,
                    });
                } else if let Some(operation) = Note::deferred_in(&record.payload).map_err(unreadable)? {
                    write.deferred.push(operation);
                }
            }
        }
        Ok(write)
    }

    /// Whether everything is in the database; not when told to stop first.
    pub(super) async fn commit(&self, write: LedgerWrite, stop: &CancellationToken) -> bool {
        // Parts still to write, the first on top.
        let mut parts = vec![write];
        let (mut backoff, mut refusals) = (Duration::from_millis(50), 0);
        while let Some(part) = parts.pop() {
            if part.is_empty() {
                continue;
            }
            match self.store.commit(part.clone(), self.clock.now()).await {
                Ok(done) => {
                    self.note(&done);
                    (backoff, refusals) = (Duration::from_millis(50), 0);
                    continue;
                }
                Err(error @ StoreError::Unavailable { .. }) => {
                    self.report(&error);
                    parts.push(part);
                }
                Err(error) if part.len() > 1 => {
                    tracing::warn!(
                        error = chain(&error),
                        "a batch was refused; looking for the record at fault"
                    );
                    let (first, second) = halved(part);
                    parts.extend([second, first]);
                    continue;
                }
                Err(error) => {
                    self.report(&error);
                    // Only the word of a database that answers counts.
                    let answers = self.store.last_journal_seq(self.journal_id).await.is_ok();
                    refusals += u32::from(answers);
                    if refusals >= REFUSALS {
                        refusals = 0;
                        parts.extend(self.defuse(part, &error));
                        continue;
                    }
                    parts.push(part);
                }
            }
            tokio::select! {
                () = stop.cancelled() => return false,
                () = tokio::time::sleep(backoff) => {}
            }
            backoff = (backoff * 2).min(self.max_backoff);
        }
        true
    }

    /// The same attempt without what was refused: its entry must exist, and say why it has no amount. A request log
    /// is given up: the bill does not depend on it.
    fn defuse(&self, mut part: LedgerWrite, error: &StoreError) -> Option<LedgerWrite> {
        self.state.defused.fetch_add(1, Ordering::Relaxed);
        let Some(refused) = part.entries.first_mut() else {
            let kind = match (part.logs.is_empty(), part.deferred.is_empty()) {
                (false, _) => "request log",
                (true, false) => "deferred operation",
                (true, true) => "gap note",
            };
            tracing::error!(
                error = chain(error),
                "a {kind} is given up: the database refuses it"
            );
            return None;
        };
        let event_id = refused.entry.attempt.event_id;
        tracing::error!(%event_id, error = chain(error), "the database refuses an entry; it is written unbilled");
        refused.entry = unbilled(&refused.entry, error);
        Some(part)
    }

    fn note(&self, done: &Committed) {
        if self.state.database_away.swap(false, Ordering::Relaxed) {
            tracing::info!("the database takes entries again; the journal is being written");
        }
        if !done.conflicts.is_empty() {
            let count = done.conflicts.len() as u64;
            self.state.conflicts.fetch_add(count, Ordering::Relaxed);
            tracing::error!(
                count,
                "ledger entries conflict with what the ledger holds; both are kept"
            );
        }
    }

    fn report(&self, error: &StoreError) {
        if !self.state.database_away.swap(true, Ordering::Relaxed) {
            tracing::error!(
                error = chain(error),
                "the ledger cannot be written; the journal absorbs"
            );
        }
    }
}

/// Two parts, neither empty where there are two records; kinds are kept apart first.
fn halved(mut part: LedgerWrite) -> (LedgerWrite, LedgerWrite) {
    let mut rest = LedgerWrite {
        journal_id: part.journal_id,
        ..LedgerWrite::default()
    };
    let kinds = [
        !part.deferred.is_empty(),
        !part.entries.is_empty(),
        !part.logs.is_empty(),
        !part.gaps.is_empty(),
    ];
    if kinds.into_iter().filter(|there| *there).count() < 2 {
        rest.deferred = part.deferred.split_off(part.deferred.len() / 2);
        rest.entries = part.entries.split_off(part.entries.len() / 2);
        rest.logs = part.logs.split_off(part.logs.len() / 2);
        rest.gaps = part.gaps.split_off(part.gaps.len() / 2);
        return (part, rest);
    }
    // What an entry may settle comes before it.
    rest.gaps = std::mem::take(&mut part.gaps);
    rest.logs = std::mem::take(&mut part.logs);
    if !part.deferred.is_empty() {
        rest.entries = std::mem::take(&mut part.entries);
    }
    if part.is_empty() {
        part.logs = std::mem::take(&mut rest.logs);
    }
    (part, rest)
}

fn unbilled(entry: &LedgerEntry, error: &StoreError) -> LedgerEntry {
    LedgerEntry {
        verdict: Verdict::Unbilled(UnbilledReason::CalculationError),
        detail: Some(crate::sanitize::text(format!(
            "the database refused the entry: {}",
            chain(error)
        ))),
        pricing: None,
        lines: Vec::new(),
        amounts: None,
        zero_reason: None,
        provider_reported_cost: None,
        ..entry.clone()
    }
}
