//! Sums over time.

use async_trait::async_trait;
use tollgate_domain::ports::{DayOfModel, MemberNames, RangeSum, StoreError, SumQuery, SumStore};
use tollgate_domain::{AccountingZone, Timestamp};

use crate::database::{Database, run};

#[async_trait]
impl SumStore for Database {
    async fn sums(&self, query: SumQuery) -> Result<Vec<RangeSum>, StoreError> {
        run!(self.backend, reading, "summing rollups", sums::sums(&query))
    }

    async fn days_of_models(&self, since: Timestamp) -> Result<Vec<DayOfModel>, StoreError> {
        run!(
            self.backend,
            reading,
            "summing what went to models",
            sums::days_of_models(since)
        )
    }

    async fn member_names(&self) -> Result<MemberNames, StoreError> {
        run!(
            self.backend,
            reading,
            "reading the names of upstreams and keys",
            sums::member_names()
        )
    }

    async fn sum_days_of(&self, zone: AccountingZone) -> Result<bool, StoreError> {
        run!(
            self.backend,
            writing,
            "adding up the ledger anew",
            derived::sum_days_of(zone)
        )
    }
}
