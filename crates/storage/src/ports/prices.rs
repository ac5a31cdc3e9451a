//! The price book.

use async_trait::async_trait;
use tollgate_domain::ports::{PriceStore, StoreError};
use tollgate_domain::{
    AliasId, NewRelease, OverrideId, PriceAlias, PriceBookData, PriceOverride, PriceVersion, Timestamp,
};

use crate::database::{Database, run};

#[async_trait]
impl PriceStore for Database {
    async fn price_book(&self, version: Option<PriceVersion>) -> Result<Option<PriceBookData>, StoreError> {
        run!(
            self.backend,
            reading,
            "reading the price book",
            prices::book(version)
        )
    }

    async fn current_release_hash(&self) -> Result<Option<String>, StoreError> {
        run!(
            self.backend,
            reading,
            "reading the current release",
            releases::current_hash()
        )
    }

    async fn publish_release(&self, release: NewRelease, at: Timestamp) -> Result<PriceVersion, StoreError> {
        run!(
            self.backend,
            writing,
            "publishing a price release",
            releases::publish(&release, at)
        )
    }

    async fn put_override(&self, price: PriceOverride, at: Timestamp) -> Result<PriceVersion, StoreError> {
        run!(
            self.backend,
            writing,
            "storing a price override",
            price_changes::put_override(&price, at)
        )
    }

    async fn end_override(
        &self,
        id: OverrideId,
        author: &str,
        at: Timestamp,
    ) -> Result<Option<PriceVersion>, StoreError> {
        let author = author.to_owned();
        run!(
            self.backend,
            writing,
            "ending a price override",
            price_changes::end_override(id, &author, at)
        )
    }

    async fn put_alias(&self, alias: PriceAlias, at: Timestamp) -> Result<PriceVersion, StoreError> {
        run!(
            self.backend,
            writing,
            "storing a model alias",
            price_changes::put_alias(&alias, at)
        )
    }

    async fn end_alias(
        &self,
        id: AliasId,
        author: &str,
        at: Timestamp,
    ) -> Result<Option<PriceVersion>, StoreError> {
        let author = author.to_owned();
        run!(
            self.backend,
            writing,
            "ending a model alias",
            price_changes::end_alias(id, &author, at)
        )
    }
}
