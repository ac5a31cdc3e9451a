//! What went through the gateway, for questions about prices.

use async_trait::async_trait;
use tollgate_domain::ports::{RecordedEntry, StoreError, TrafficFilter, TrafficStore, UnpricedGroup};
use tollgate_domain::{EventId, Timestamp};

use crate::database::{Database, run};

#[async_trait]
impl TrafficStore for Database {
    async fn traffic(
        &self,
        filter: TrafficFilter,
        after: Option<(EventId, u32)>,
        limit: u16,
    ) -> Result<Vec<RecordedEntry>, StoreError> {
        run!(
            self.backend,
            reading,
            "reading the traffic of a price rule",
            traffic::page(&filter, after, limit)
        )
    }

    async fn unpriced(
        &self,
        from: Timestamp,
        until: Timestamp,
        limit: u16,
    ) -> Result<Vec<UnpricedGroup>, StoreError> {
        run!(
            self.backend,
            reading,
            "grouping attempts without a price",
            traffic::unpriced(from, until, limit)
        )
    }

    async fn unpriced_at(&self, instants: Vec<Timestamp>) -> Result<Vec<RecordedEntry>, StoreError> {
        run!(
            self.backend,
            reading,
            "reading attempts without a price",
            traffic::unpriced_at(&instants)
        )
    }
}
