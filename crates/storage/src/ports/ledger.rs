//! Writing and reading the ledger.

use async_trait::async_trait;
use tollgate_domain::ports::{Committed, LedgerStore, LedgerWrite, RecordedEntry, StoreError};
use tollgate_domain::{EventId, JournalId, RequestId, Timestamp};

use crate::database::{Database, run};

#[async_trait]
impl LedgerStore for Database {
    async fn commit(&self, write: LedgerWrite, recorded_at: Timestamp) -> Result<Committed, StoreError> {
        let (committed, is_due) = run!(
            self.backend,
            writing,
            "writing the ledger",
            commit::commit(&write, recorded_at)
        )?;
        if is_due && let Err(error) = self.add_up().await {
            // The ledger has it; sums follow with the next batch or report.
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "pending sums cannot be added up"
            );
        }
        Ok(committed)
    }

    async fn entries_of_request(&self, request: RequestId) -> Result<Vec<RecordedEntry>, StoreError> {
        run!(
            self.backend,
            reading,
            "reading a request's entries",
            entries::of_request(request)
        )
    }

    async fn entries(
        &self,
        after: Option<(EventId, u32)>,
        limit: u16,
    ) -> Result<Vec<RecordedEntry>, StoreError> {
        run!(
            self.backend,
            reading,
            "reading the ledger",
            entries::page(after, limit)
        )
    }

    async fn last_journal_seq(&self, journal: JournalId) -> Result<u64, StoreError> {
        run!(
            self.backend,
            reading,
            "reading a journal's progress",
            batches::last_seq(journal)
        )
    }
}
