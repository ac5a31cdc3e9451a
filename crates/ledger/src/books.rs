//! What the recorder keeps in memory about what is in the journal, or could not get there.

use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::oneshot;
use tollgate_domain::{EventId, Timestamp};
use tollgate_journal::{Appended, JournalError, Ticket};

use crate::gap::Gap;
use crate::open_set::{OpenKey, OpenSet};

/// Shared with the journal's thread, which reports here what became of a record. It does not hold the journal: the
/// last one who does must not be that thread.
#[derive(Debug, Default)]
pub(crate) struct Books {
    pub(crate) open: OpenSet,
    pub(crate) gap: Gap,
    /// The `journal_seq` up to which everything was in the ledger when the journal was replayed.
    committed_seq: AtomicU64,
    unsaved: AtomicU64,
    slow_waits: AtomicU64,
}

/// An attempt's entry on its way into the journal.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ending {
    pub(crate) event_id: EventId,
    pub(crate) occurred_at: Timestamp,
    /// In the set of open attempts, if its `opened` record is in the journal.
    pub(crate) opened: Option<OpenKey>,
}

/// Tells when a record is in the journal.
pub(crate) type Written = oneshot::Receiver<Result<Ticket, JournalError>>;

impl Books {
    pub(crate) fn committed_seq(&self) -> u64 {
        self.committed_seq.load(Ordering::Relaxed)
    }

    pub(crate) fn restore_committed_seq(&self, seq: u64) {
        self.committed_seq.store(seq, Ordering::Relaxed);
    }

    pub(crate) fn unsaved(&self) -> u64 {
        self.unsaved.load(Ordering::Relaxed)
    }

    pub(crate) fn slow_waits(&self) -> u64 {
        self.slow_waits.load(Ordering::Relaxed)
    }

    pub(crate) fn slow_wait(&self) {
        self.slow_waits.fetch_add(1, Ordering::Relaxed);
    }

    /// What became of an entry.
    pub(crate) fn ended(&self, ending: Ending, result: &Result<Appended, JournalError>) {
        match (result, ending.opened) {
            (Ok(_), Some(key)) => self.open.remove(key),
            (Ok(_), None) => {}
            (Err(JournalError::Full), None) => self.gap.count(ending.occurred_at),
            // What outlasts the grace period of a stop; it stays open, as below.
            (Err(JournalError::Closed), Some(_)) => {
                tracing::warn!(event_id = %ending.event_id, "an attempt is cut short by the stop; the next start records it as interrupted");
            }
            // It stays open: replay must still see its `opened` record.
            (Err(error), _) => {
                self.unsaved.fetch_add(1, Ordering::Relaxed);
                tracing::error!(event_id = %ending.event_id, %error, "an entry could not be journaled");
            }
        }
    }
}
