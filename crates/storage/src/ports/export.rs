//! The ledger, read out.

use async_trait::async_trait;
use tollgate_domain::EventId;
use tollgate_domain::ports::{ExportFilter, ExportStore, RecordedEntry, StoreError};

use crate::database::{Database, run};

#[async_trait]
impl ExportStore for Database {
    async fn export_entries(
        &self,
        filter: ExportFilter,
        after: Option<(EventId, u32)>,
        limit: u16,
    ) -> Result<Vec<RecordedEntry>, StoreError> {
        run!(
            self.backend,
            reading,
            "exporting ledger entries",
            export::page(&filter, after, limit)
        )
    }
}
