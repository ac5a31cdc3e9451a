use async_trait::async_trait;
use tollgate_domain::EventId;
use tollgate_domain::ports::{RecentFilter, RecentStore, RecordedEntry, StoreError};

use super::FakeStore;

#[async_trait]
impl RecentStore for FakeStore {
    /// As the real one, by status and upstream only.
    async fn recent_entries(
        &self,
        filter: RecentFilter,
        after: Option<(EventId, u32)>,
        limit: u16,
    ) -> Result<Vec<RecordedEntry>, StoreError> {
        let place = |recorded: &RecordedEntry| {
            let entry = &recorded.journaled.entry;
            (entry.attempt.event_id, entry.revision)
        };
        let mut entries = self.open()?.entries.clone();
        entries.sort_by_key(|recorded| std::cmp::Reverse(place(recorded)));
        entries.retain(|recorded| {
            let entry = &recorded.journaled.entry;
            after.is_none_or(|after| place(recorded) < after)
                && filter
                    .status
                    .is_none_or(|status| entry.verdict.status() == status)
                && filter
                    .upstream_id
                    .is_none_or(|id| entry.attempt.upstream.id == id)
        });
        entries.truncate(usize::from(limit));
        Ok(entries)
    }
}
