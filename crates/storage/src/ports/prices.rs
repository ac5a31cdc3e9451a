//! The price book.

use async_trait::async_trait;
use tollgate_domain::ports::{PriceStore, StoreError};
use tollgate_domain::{NewRelease, PriceBookData, PriceVersion, Timestamp};

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
}
