//! Two ledger entries of one identity.

use async_trait::async_trait;

use super::{RecordedEntry, StoreError};
use crate::{EventId, JournalId, Timestamp};

/// An entry that met another one of the same attempt and revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerConflict {
    /// The one that was there first; it is on the bill.
    pub kept: RecordedEntry,
    /// The one that came later, and is on no bill.
    pub refused: RecordedEntry,
}

/// Where a page of conflicts ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConflictCursor {
    /// When the last one was met.
    pub recorded_at: Timestamp,
    /// Its attempt.
    pub event_id: EventId,
    /// Its revision.
    pub revision: u32,
    /// The content hash of the entry that came later.
    pub content_hash: [u8; 32],
}

/// Reads conflicts.
#[async_trait]
pub trait ConflictStore: Send + Sync {
    /// Conflicts that one journal brought, or any, as they were met, newest first: up to `limit` after the given one.
    async fn ledger_conflicts(
        &self,
        journal_id: Option<JournalId>,
        after: Option<ConflictCursor>,
        limit: u16,
    ) -> Result<Vec<LedgerConflict>, StoreError>;
}

// === impl ConflictCursor ===

impl ConflictCursor {
    /// The place of a conflict.
    pub fn of(conflict: &LedgerConflict) -> Self {
        let entry = &conflict.refused.journaled.entry;
        Self {
            recorded_at: conflict.refused.recorded_at,
            event_id: entry.attempt.event_id,
            revision: entry.revision,
            content_hash: entry.content_hash(),
        }
    }
}
