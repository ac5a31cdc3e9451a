//! Reads for the admin API.

use async_trait::async_trait;
use tollgate_domain::ports::{
    CatalogState, LogCursor, LogFilter, LogRow, ReportStore, StoreError, StoredGaps, Totals,
};
use tollgate_domain::{RequestId, Timestamp};

use crate::database::{Database, run};

#[async_trait]
impl ReportStore for Database {
    async fn request_logs(
        &self,
        filter: LogFilter,
        after: Option<LogCursor>,
        limit: u16,
    ) -> Result<Vec<LogRow>, StoreError> {
        run!(
            self.backend,
            reading,
            "listing request logs",
            logs::list(filter, after, limit)
        )
    }

    async fn request_log(&self, id: RequestId) -> Result<Option<LogRow>, StoreError> {
        run!(self.backend, reading, "reading a request log", logs::find(id))
    }

    async fn totals(&self, from: Timestamp, until: Timestamp) -> Result<Totals, StoreError> {
        run!(
            self.backend,
            reading,
            "summing rollups",
            reports::totals(from, until)
        )
    }

    async fn gaps(&self) -> Result<StoredGaps, StoreError> {
        run!(self.backend, reading, "reading gap notes", gaps::stored())
    }

    async fn catalog_state(&self) -> Result<Option<CatalogState>, StoreError> {
        run!(
            self.backend,
            reading,
            "reading the catalog's state",
            releases::state()
        )
    }
}
