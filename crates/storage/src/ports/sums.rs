//! Sums over time.

use async_trait::async_trait;
use tollgate_domain::ports::{MemberNames, ModelMeans, RangeSum, StoreError, SumQuery, SumStore, TopSums};
use tollgate_domain::{AccountingZone, Timestamp};

use crate::database::{Database, run};

#[async_trait]
impl SumStore for Database {
    async fn sums(&self, query: SumQuery) -> Result<Vec<RangeSum>, StoreError> {
        self.add_up().await?;
        run!(self.backend, reading, "summing rollups", sums::sums(&query))
    }

    async fn top_sums(&self, query: SumQuery, top: usize) -> Result<TopSums, StoreError> {
        self.add_up().await?;
        run!(
            self.backend,
            reading,
            "summing rollups",
            top_sums::top_sums(&query, top)
        )
    }

    async fn model_means(
        &self,
        since: Timestamp,
        until: Option<Timestamp>,
    ) -> Result<Vec<ModelMeans>, StoreError> {
        self.add_up().await?;
        run!(
            self.backend,
            reading,
            "averaging what models cost",
            model_means::model_means(since, until)
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
