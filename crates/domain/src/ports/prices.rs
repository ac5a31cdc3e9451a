//! The versioned price book.

use async_trait::async_trait;

use super::StoreError;
use crate::{
    AliasId, NewRelease, OverrideId, PriceAlias, PriceBookData, PriceOverride, PriceVersion, Timestamp,
};

/// Everything that sets a price. Nothing is updated in place: each change writes one `price_book_versions`
/// row in its transaction and returns that version.
#[async_trait]
pub trait PriceStore: Send + Sync {
    /// The book at a version, or the current one; `None` when there is no such version yet.
    async fn price_book(&self, version: Option<PriceVersion>) -> Result<Option<PriceBookData>, StoreError>;

    /// The content hash of the release that is current, if there is one.
    async fn current_release_hash(&self) -> Result<Option<String>, StoreError>;

    /// Makes a release current. Cards already stored are not rewritten.
    async fn publish_release(&self, release: NewRelease, at: Timestamp) -> Result<PriceVersion, StoreError>;

    /// Puts an override in force, ending the version of the same id before it.
    async fn put_override(&self, price: PriceOverride, at: Timestamp) -> Result<PriceVersion, StoreError>;

    /// Ends an override; `None` if it is not in force.
    async fn end_override(
        &self,
        id: OverrideId,
        author: &str,
        at: Timestamp,
    ) -> Result<Option<PriceVersion>, StoreError>;

    /// Puts an alias in force, ending the version of the same id before it.
    async fn put_alias(&self, alias: PriceAlias, at: Timestamp) -> Result<PriceVersion, StoreError>;

    /// Ends an alias; `None` if it is not in force.
    async fn end_alias(
        &self,
        id: AliasId,
        author: &str,
        at: Timestamp,
    ) -> Result<Option<PriceVersion>, StoreError>;
}
