use async_trait::async_trait;
use tollgate_domain::ports::{
    CatalogState, LogCursor, LogFilter, LogRow, ReportStore, StoreError, StoredGaps, Totals,
};
use tollgate_domain::{RequestId, Timestamp};

use super::FakeStore;

#[async_trait]
impl ReportStore for FakeStore {
    async fn request_logs(
        &self,
        filter: LogFilter,
        after: Option<LogCursor>,
        limit: u16,
    ) -> Result<Vec<LogRow>, StoreError> {
        let mut shelves = self.open()?;
        let mut rows = shelves.logs.clone();
        rows.sort_by_key(|row| std::cmp::Reverse((row.occurred_at, row.request_id)));
        rows.retain(|row| {
            after.is_none_or(|end| (row.occurred_at, row.request_id) < (end.occurred_at, end.request_id))
        });
        rows.truncate(usize::from(limit));
        shelves.asked_logs = Some((filter, after, limit));
        Ok(rows)
    }

    async fn request_log(&self, id: RequestId) -> Result<Option<LogRow>, StoreError> {
        Ok(self.open()?.logs.iter().find(|row| row.request_id == id).cloned())
    }

    async fn totals(&self, from: Timestamp, until: Timestamp) -> Result<Totals, StoreError> {
        let mut shelves = self.open()?;
        shelves.asked_ranges.push((from, until));
        Ok(shelves.totals)
    }

    async fn gaps(&self) -> Result<StoredGaps, StoreError> {
        Ok(self.open()?.gaps.clone())
    }

    async fn catalog_state(&self) -> Result<Option<CatalogState>, StoreError> {
        Ok(self.open()?.catalog.clone())
    }
}
