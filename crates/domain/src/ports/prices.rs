//! The versioned price book.

use async_trait::async_trait;

use super::StoreError;
use crate::{NewRelease, PriceBookData, PriceVersion, Timestamp};

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
}
