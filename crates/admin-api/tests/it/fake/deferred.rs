use async_trait::async_trait;
use tollgate_domain::ports::{
    DeferredClaim, DeferredCursor, DeferredFilter, DeferredRelease, DeferredRow, DeferredStore,
    DeferredSummary, StoreError,
};
use tollgate_domain::{DeferredOperation, EventId, JournalId, KeyId, Timestamp, UpstreamObject};

use super::FakeStore;

/// The admin API lists; everything else belongs to the proxy.
#[async_trait]
impl DeferredStore for FakeStore {
    async fn open_deferred(&self, _: Vec<DeferredOperation>, _: Timestamp) -> Result<(), StoreError> {
        unreachable!("the admin API makes none")
    }

    async fn deferred_object(&self, _: String, _: KeyId) -> Result<Option<DeferredRow>, StoreError> {
        unreachable!("the admin API looks for none")
    }

    async fn claim_deferred(
        &self,
        _: EventId,
        _: JournalId,
        _: Timestamp,
        _: Timestamp,
    ) -> Result<Option<DeferredClaim>, StoreError> {
        unreachable!("the admin API settles none")
    }

    async fn claim_due_deferred(
        &self,
        _: JournalId,
        _: Timestamp,
        _: Timestamp,
        _: u16,
    ) -> Result<Vec<(DeferredClaim, DeferredRow)>, StoreError> {
        unreachable!("the admin API settles none")
    }

    async fn keep_deferred(&self, _: DeferredClaim, _: Timestamp) -> Result<bool, StoreError> {
        unreachable!("the admin API settles none")
    }

    async fn release_deferred(&self, _: DeferredClaim, _: DeferredRelease) -> Result<(), StoreError> {
        unreachable!("the admin API settles none")
    }

    async fn release_held_deferred(&self, _: JournalId) -> Result<u32, StoreError> {
        unreachable!("the admin API settles none")
    }

    async fn nudge_deferred(&self, _: EventId, _: Timestamp) -> Result<(), StoreError> {
        unreachable!("the admin API settles none")
    }

    async fn nudge_all_deferred(&self, _: Timestamp) -> Result<(), StoreError> {
        unreachable!("the admin API settles none")
    }

    async fn deferred_due(&self, _: Timestamp) -> Result<u64, StoreError> {
        unreachable!("the admin API settles none")
    }

    async fn settled_events(&self, _: Vec<EventId>) -> Result<Vec<EventId>, StoreError> {
        unreachable!("the admin API settles none")
    }

    async fn deferred_summary(&self) -> Result<DeferredSummary, StoreError> {
        Ok(DeferredSummary::default())
    }

    async fn deferred_operations(
        &self,
        filter: DeferredFilter,
        after: Option<DeferredCursor>,
        limit: u16,
    ) -> Result<Vec<DeferredRow>, StoreError> {
        let mut shelves = self.open()?;
        let mut rows = shelves.deferred.clone();
        let place = |row: &DeferredRow| (row.operation.created_at, row.operation.attempt.event_id);
        rows.sort_by_key(|row| std::cmp::Reverse(place(row)));
        rows.retain(|row| after.is_none_or(|end| place(row) < (end.created_at, end.event_id)));
        rows.truncate(usize::from(limit));
        shelves.asked_deferred = Some(filter);
        Ok(rows)
    }

    async fn put_objects(&self, _: Vec<UpstreamObject>) -> Result<(), StoreError> {
        unreachable!("the admin API stores none")
    }

    async fn object(&self, _: String, _: KeyId) -> Result<Option<UpstreamObject>, StoreError> {
        unreachable!("the admin API looks for none")
    }
}
