//! Reads for the admin API.

use async_trait::async_trait;
use tollgate_domain::Timestamp;
use tollgate_domain::ports::{CatalogState, ReportStore, StoreError, StoredGaps, Totals};

use crate::database::{Database, run};

#[async_trait]
impl ReportStore for Database {
    async fn totals(&self, from: Timestamp, until: Timestamp) -> Result<Totals, StoreError> {
        self.add_up().await?;
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
