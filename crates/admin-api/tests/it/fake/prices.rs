use async_trait::async_trait;
use tollgate_domain::ports::{PriceStore, StoreError};
use tollgate_domain::{
    AliasId, NewRelease, OverrideId, PriceAlias, PriceBookData, PriceOverride, PriceVersion, Timestamp,
};

use super::FakeStore;

#[async_trait]
impl PriceStore for FakeStore {
    async fn price_book(&self, _: Option<PriceVersion>) -> Result<Option<PriceBookData>, StoreError> {
        unreachable!("the admin API builds no book")
    }

    async fn current_release_hash(&self) -> Result<Option<String>, StoreError> {
        unreachable!("the admin API syncs nothing")
    }

    async fn publish_release(&self, _: NewRelease, _: Timestamp) -> Result<PriceVersion, StoreError> {
        unreachable!("the admin API syncs nothing")
    }

    async fn put_override(&self, _: PriceOverride, _: Timestamp) -> Result<PriceVersion, StoreError> {
        unreachable!("there is no such endpoint")
    }

    async fn end_override(
        &self,
        _: OverrideId,
        _: &str,
        _: Timestamp,
    ) -> Result<Option<PriceVersion>, StoreError> {
        unreachable!("there is no such endpoint")
    }

    async fn put_alias(&self, _: PriceAlias, _: Timestamp) -> Result<PriceVersion, StoreError> {
        unreachable!("there is no such endpoint")
    }

    async fn end_alias(&self, _: AliasId, _: &str, _: Timestamp) -> Result<Option<PriceVersion>, StoreError> {
        unreachable!("there is no such endpoint")
    }
}
