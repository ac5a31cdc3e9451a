//! Price books for programs that keep none in a database.

use std::sync::Arc;

use tollgate_domain::{ModelName, PriceVersion, PricedModel, RateCard};

use super::{PriceBook, Priced};
use crate::{CatalogError, parse_map, snapshot};

/// The version of a book that was never stored.
const UNSTORED: PriceVersion = PriceVersion::new(0);

impl PriceBook {
    /// A book of version 0 from LiteLLM's price map, or from a list of your own in the same format.
    ///
    /// # Errors
    /// As [`parse_map`].
    pub fn from_litellm_json(json: &str) -> Result<Self, CatalogError> {
        let mut book = Self::empty(UNSTORED);
        for model in parse_map(json)?.models {
            if let Some(card) = model.card {
                let (provider, mode) = (model.provider, model.mode);
                let stale = false;
                let model = PricedModel {
                    name: model.name,
                    card_id: card.id(),
                    provider,
                    mode,
                    stale,
                };
                book.synced.insert(Priced::synced(model, card));
            }
        }
        Ok(book)
    }

    /// A book of version 0 from the price snapshot that ships with this crate.
    ///
    /// # Errors
    /// [`CatalogError`] if the snapshot is damaged.
    pub fn bundled() -> Result<Self, CatalogError> {
        Self::from_litellm_json(snapshot::BUNDLED)
    }

    /// A book of version 0 from cards of your own. A later card of the same name replaces an earlier one.
    pub fn from_cards(cards: impl IntoIterator<Item = (ModelName, RateCard)>) -> Self {
        let mut book = Self::empty(UNSTORED);
        for (name, card) in cards {
            let model = PricedModel {
                name,
                card_id: card.id(),
                provider: None,
                mode: None,
                stale: false,
            };
            book.synced.insert(Priced::synced(model, Arc::new(card)));
        }
        book
    }
}
