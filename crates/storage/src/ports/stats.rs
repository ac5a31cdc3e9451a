//! Statistics.

use async_trait::async_trait;
use tollgate_domain::ports::{StatsBy, StatsFilter, StatsGroup, StatsStore, StoreError};

use crate::database::{Database, run};

#[async_trait]
impl StatsStore for Database {
    async fn stats(&self, filter: StatsFilter, by: StatsBy) -> Result<Vec<StatsGroup>, StoreError> {
        run!(
            self.backend,
            reading,
            "summing statistics",
            stats::stats(&filter, by)
        )
    }
}
