//! Price books for programs that keep none in a database.

use std::sync::Arc;

use tollgate_domain::{
    ModelLimits, ModelName, Multiplier, PriceVersion, PricedModel, RateCard, UpstreamId, UpstreamMultipliers,
};

use super::{PriceBook, Priced};
use crate::{CatalogError, parse_map};

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
                let (provider, mode, limits) = (model.provider, model.mode, model.limits);
                let stale = false;
                let model = PricedModel {
                    name: model.name,
                    card_id: card.id(),
                    provider,
                    mode,
                    stale,
                    limits,
                };
                book.synced.insert(Priced::synced(model, card));
            }
        }
        Ok(book)
    }

    /// A book of version 0 from the price snapshot that ships with this crate (feature `bundled`).
    ///
    /// # Errors
    /// [`CatalogError`] if the snapshot is damaged.
    #[cfg(feature = "bundled")]
    pub fn bundled() -> Result<Self, CatalogError> {
        Self::from_litellm_json(crate::snapshot::BUNDLED)
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
                limits: ModelLimits::default(),
            };
            book.synced.insert(Priced::synced(model, Arc::new(card)));
        }
        book
    }

    /// The same book with a price of your own for one model, whoever serves it. It replaces the whole card and
    /// stands above the price list, under whichever of its names a request asks; multipliers apply to it.
    #[must_use]
    pub fn with_override(mut self, model: impl Into<Arc<str>>, card: RateCard) -> Self {
        self.global.insert(Priced {
            name: ModelName::new(model),
            card_id: card.id(),
            card: Arc::new(card),
            provider: None,
            mode: None,
            stale: false,
            limits: ModelLimits::default(),
            override_id: None,
            multiplied: true,
        });
        self
    }

    /// The same book with another name for a model, asked where the name itself has no price.
    #[must_use]
    pub fn with_alias(mut self, alias: impl Into<Arc<str>>, target: impl Into<Arc<str>>) -> Self {
        self.aliases.insert(ModelName::new(alias), ModelName::new(target));
        self
    }

    /// The same book with multipliers for requests that name no upstream: `input` on all that is sent, searched or
    /// called, `output` on all that is generated. List costs stay as they are.
    #[must_use]
    pub fn with_markup(self, input: Multiplier, output: Multiplier) -> Self {
        self.with_multipliers(UpstreamMultipliers {
            input,
            output,
            ..UpstreamMultipliers::ones(UpstreamId::NONE)
        })
    }
}
