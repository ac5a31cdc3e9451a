use async_trait::async_trait;
use tollgate_domain::ports::{Committed, LedgerStore, LedgerWrite, RecordedEntry, StoreError};
use tollgate_domain::{EventId, JournalId, RequestId, Timestamp};

use super::FakeStore;

#[async_trait]
impl LedgerStore for FakeStore {
    async fn commit(&self, _: LedgerWrite, _: Timestamp) -> Result<Committed, StoreError> {
        unreachable!("the admin API writes no entries")
    }

    async fn entries_of_request(&self, request: RequestId) -> Result<Vec<RecordedEntry>, StoreError> {
        let shelves = self.open()?;
        let of_request = |entry: &&RecordedEntry| entry.journaled.entry.attempt.request_id == request;
        Ok(shelves.entries.iter().filter(of_request).cloned().collect())
    }

    async fn entries(&self, _: Option<(EventId, u32)>, _: u16) -> Result<Vec<RecordedEntry>, StoreError> {
        unreachable!("the admin API reads no whole ledger")
    }

    async fn last_journal_seq(&self, _: JournalId) -> Result<u64, StoreError> {
        unreachable!("the admin API replays nothing")
    }
}
