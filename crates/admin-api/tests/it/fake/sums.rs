use async_trait::async_trait;
use tollgate_domain::ports::{MemberNames, ModelMeans, RangeSum, StoreError, SumQuery, SumStore, TopSums};
use tollgate_domain::{AccountingZone, RollupValues, Timestamp};

use super::FakeStore;

#[async_trait]
impl SumStore for FakeStore {
    /// All in the range of this moment, or in the first.
    async fn sums(&self, query: SumQuery) -> Result<Vec<RangeSum>, StoreError> {
        let mut shelves = self.open()?;
        shelves.asked_ranges.extend(&query.ranges);
        let values = shelves.totals.values;
        let now = crate::test_api::now();
        let current = |(from, until): &(Timestamp, Timestamp)| *from <= now && now < *until;
        let sum = RangeSum {
            range: query.ranges.iter().position(current).unwrap_or(0),
            member: String::new(),
            values,
        };
        Ok(Some(sum)
            .filter(|_| values != RollupValues::default())
            .into_iter()
            .collect())
    }

    /// Everything is of the member without a name.
    async fn top_sums(&self, query: SumQuery, _: usize) -> Result<TopSums, StoreError> {
        let is_grouped = query.group.is_some();
        let totals = self.sums(query).await?;
        let sums = if is_grouped { totals.clone() } else { Vec::new() };
        let shown: Vec<String> = sums.iter().map(|sum| sum.member.clone()).collect();
        Ok(TopSums {
            members: shown.len(),
            shown,
            sums,
            totals,
        })
    }

    async fn model_means(
        &self,
        _: Timestamp,
        until: Option<Timestamp>,
    ) -> Result<Vec<ModelMeans>, StoreError> {
        // All of it is of the days that have not ended yet.
        Ok(match until {
            None => self.open()?.model_means.clone(),
            Some(_) => Vec::new(),
        })
    }

    async fn member_names(&self) -> Result<MemberNames, StoreError> {
        self.open().map(|_| MemberNames::default())
    }

    async fn sum_days_of(&self, _: AccountingZone) -> Result<bool, StoreError> {
        unreachable!("the admin API adds nothing up")
    }
}
