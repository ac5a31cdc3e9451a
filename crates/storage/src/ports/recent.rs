//! Ledger entries, newest first.

use async_trait::async_trait;
use tollgate_domain::EventId;
use tollgate_domain::ports::{RecentFilter, RecentPage, RecentStore, StoreError};

use crate::database::{Database, run};

#[async_trait]
impl RecentStore for Database {
    async fn recent_entries(
        &self,
        filter: RecentFilter,
        after: Option<(EventId, u32)>,
        limit: u16,
        depth: u32,
    ) -> Result<RecentPage, StoreError> {
        run!(
            self.backend,
            reading,
            "reading recent entries",
            recent::list(&filter, after, limit, depth)
        )
    }
}
