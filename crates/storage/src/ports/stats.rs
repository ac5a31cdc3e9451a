//! Statistics.

use async_trait::async_trait;
use tollgate_domain::ports::{Stats, StatsBy, StatsFilter, StatsStore, StoreError};

use crate::database::{Database, run};

#[async_trait]
impl StatsStore for Database {
    async fn stats(&self, filter: StatsFilter, by: StatsBy, limit: u16) -> Result<Stats, StoreError> {
        self.add_up().await?;
        run!(
            self.backend,
            reading,
            "summing statistics",
            stats::stats(&filter, by, usize::from(limit))
        )
    }
}
