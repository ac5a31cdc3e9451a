//! Writing and reading the ledger.

use async_trait::async_trait;

use super::{JournalGap, StoreError};
use crate::{DeferredOperation, EventId, JournalId, JournaledEntry, RequestId, RequestLog, Timestamp};

/// What one transaction writes.
#[derive(Debug, Clone, Default)]
pub struct LedgerWrite {
    /// Entries, sorted by `journal_seq`, all of one journal.
    pub entries: Vec<JournaledEntry>,
    /// Finished requests.
    pub logs: Vec<RequestLog>,
    /// The journal all of it is of; rows of sums that two processes would touch are kept apart by it. `None`: the
    /// entries'.
    pub journal_id: Option<JournalId>,
    /// Gap notes of the same journal, in order.
    pub gaps: Vec<JournalGap>,
    /// Requests whose usage comes later, handed over from the journal.
    pub deferred: Vec<DeferredOperation>,
}

/// What a transaction did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Committed {
    /// Entries that are new.
    pub inserted: u32,
    /// Entries that were there already, with the same content: a replay.
    pub replayed: u32,
    /// Entries that were there with other content; kept in `ledger_conflicts`.
    pub conflicts: Vec<EventId>,
}

/// An entry as read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedEntry {
    /// The entry and its place in the journal.
    pub journaled: JournaledEntry,
    /// When the database took it.
    pub recorded_at: Timestamp,
}

impl LedgerWrite {
    /// How many records it holds.
    pub fn len(&self) -> usize {
        self.entries.len() + self.logs.len() + self.gaps.len() + self.deferred.len()
    }

    /// Whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// The ledger.
#[async_trait]
pub trait LedgerStore: Send + Sync {
    /// Writes entries, conflicts, request logs, rollups, gap notes, deferred operations and the batch link in **one**
    /// durable transaction. An entry of a deferred operation marks it as settled.
    /// Repeating a write changes nothing. Request logs touched by entries get their billing status and
    /// amounts recomputed from the ledger.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] leaves nothing written; the caller tries again.
    async fn commit(&self, write: LedgerWrite, recorded_at: Timestamp) -> Result<Committed, StoreError>;

    /// All revisions of all attempts of a request, by event and revision.
    async fn entries_of_request(&self, request: RequestId) -> Result<Vec<RecordedEntry>, StoreError>;

    /// The whole ledger in order of event and revision, a page at a time: up to `limit` entries after the given
    /// one. For verification and export, never for dashboards.
    async fn entries(
        &self,
        after: Option<(EventId, u32)>,
        limit: u16,
    ) -> Result<Vec<RecordedEntry>, StoreError>;

    /// The highest sequence number of a journal that the ledger holds; 0 if none.
    async fn last_journal_seq(&self, journal: JournalId) -> Result<u64, StoreError>;
}
