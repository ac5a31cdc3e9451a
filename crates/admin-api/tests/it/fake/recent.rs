use async_trait::async_trait;
use tollgate_domain::EventId;
use tollgate_domain::ports::{RecentEnd, RecentFilter, RecentPage, RecentStore, RecordedEntry, StoreError};

use super::FakeStore;

#[async_trait]
impl RecentStore for FakeStore {
    /// As the real one, by status and upstream only; what is filtered is looked at one by one.
    async fn recent_entries(
        &self,
        filter: RecentFilter,
        after: Option<(EventId, u32)>,
        limit: u16,
        depth: u32,
    ) -> Result<RecentPage, StoreError> {
        let place = |recorded: &RecordedEntry| {
            let entry = &recorded.journaled.entry;
            (entry.attempt.event_id, entry.revision)
        };
        let mut entries = self.open()?.entries.clone();
        entries.sort_by_key(|recorded| std::cmp::Reverse(place(recorded)));
        entries.retain(|recorded| after.is_none_or(|after| place(recorded) < after));
        let is_filtered = filter != RecentFilter::default();
        let depth = self.shelves().recent_depth.unwrap_or(depth);
        let end = entries
            .get(usize::try_from(depth).unwrap() - 1)
            .filter(|_| is_filtered);
        let looked_to = end.map(|recorded| {
            let entry = &recorded.journaled.entry;
            RecentEnd {
                event_id: entry.attempt.event_id,
                revision: entry.revision,
                occurred_at: entry.attempt.occurred_at,
            }
        });
        if is_filtered {
            entries.truncate(usize::try_from(depth).unwrap());
        }
        entries.retain(|recorded| {
            let entry = &recorded.journaled.entry;
            filter
                .status
                .is_none_or(|status| entry.verdict.status() == status)
                && filter
                    .upstream_id
                    .is_none_or(|id| entry.attempt.upstream.id == id)
        });
        entries.truncate(usize::from(limit));
        let looked_to = looked_to.filter(|_| entries.len() < usize::from(limit));
        Ok(RecentPage { entries, looked_to })
    }
}
