//! What can be wrong with a price map or a stored price book.

use tollgate_domain::{CardId, ModelName};

/// Why prices cannot be read. Single odd fields or rows are never an error; see
/// [`ParsedMap`](crate::ParsedMap).
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CatalogError {
    /// The text is no JSON object: a truncated download, an error page …
    #[error("the price map is not a JSON object")]
    NotAMap {
        /// Where and why reading stopped.
        #[source]
        source: serde_json::Error,
    },
    /// A JSON object in which nothing looks like a priced model.
    #[error("none of the price map's {entries} entries carries a price")]
    NothingPriced {
        /// How many entries it has.
        entries: usize,
    },
    /// A stored price book names a card it does not contain.
    #[error("the price book has no card {card_id} for model {model}")]
    CardMissing {
        /// The model.
        model: ModelName,
        /// The card it refers to.
        card_id: CardId,
    },
}
