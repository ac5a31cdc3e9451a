//! Two ledger entries of one identity.

use async_trait::async_trait;
use tollgate_domain::JournalId;
use tollgate_domain::ports::{ConflictCursor, ConflictStore, LedgerConflict, StoreError};

use crate::database::{Database, run};

#[async_trait]
impl ConflictStore for Database {
    async fn ledger_conflicts(
        &self,
        journal_id: Option<JournalId>,
        after: Option<ConflictCursor>,
        limit: u16,
    ) -> Result<Vec<LedgerConflict>, StoreError> {
        run!(
            self.backend,
            reading,
            "reading ledger conflicts",
            conflicts::list(journal_id, after, limit)
        )
    }
}
