use async_trait::async_trait;
use tollgate_domain::Timestamp;
use tollgate_domain::ports::{CatalogState, ReportStore, StoreError, StoredGaps, Totals};

use super::FakeStore;

#[async_trait]
impl ReportStore for FakeStore {
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
