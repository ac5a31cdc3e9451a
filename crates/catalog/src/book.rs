//! The price book: everything that sets a price at one version, ready to be asked.

mod edit;
mod from_map;
mod index;
mod joined;
mod listing;
mod source;

use std::collections::HashMap;
use std::sync::Arc;

use tollgate_domain::{
    CardId, ModelName, PriceAlias, PriceBookData, PriceOverride, PriceVersion, RateCard, UpstreamId,
    UpstreamMultipliers,
};

use crate::CatalogError;
use index::NameIndex;

pub(crate) use joined::joined;
pub use listing::{Alias, PricedName};
pub(crate) use source::{AliasScope, Priced};

/// An immutable price book. A request keeps the book it was dispatched with.
///
/// # Source
/// `docs/adr/0006-price-book-versions.md`.
#[derive(Debug, Clone)]
pub struct PriceBook {
    version: PriceVersion,
    synced: NameIndex,
    global: NameIndex,
    by_upstream: HashMap<UpstreamId, NameIndex>,
    aliases: HashMap<ModelName, ModelName>,
    upstream_aliases: HashMap<UpstreamId, HashMap<ModelName, ModelName>>,
    multipliers: HashMap<UpstreamId, UpstreamMultipliers>,
}

impl PriceBook {
    /// Makes the stored data askable.
    ///
    /// Where two overrides or aliases for the same name and upstream are in force, the one made last (by id)
    /// stands, on every replica alike.
    ///
    /// # Errors
    /// [`CatalogError::CardMissing`] when a model refers to a card that is not there.
    pub fn build(data: PriceBookData) -> Result<Self, CatalogError> {
        let cards: HashMap<CardId, Arc<RateCard>> =
            data.cards.into_iter().map(|card| (card.id(), card)).collect();
        let mut book = Self::empty(data.version);
        for model in data.models {
            let Some(card) = cards.get(&model.card_id) else {
                let (model, card_id) = (model.name, model.card_id);
                return Err(CatalogError::CardMissing { model, card_id });
            };
            book.synced.insert(Priced::synced(model, Arc::clone(card)));
        }
        book.add_overrides(data.overrides);
        book.add_aliases(data.aliases);
        for multipliers in data.multipliers {
            book.multipliers.insert(multipliers.upstream_id, multipliers);
        }
        Ok(book)
    }

    /// The version; it goes on every entry priced with this book.
    pub const fn version(&self) -> PriceVersion {
        self.version
    }

    /// What an upstream charges relative to the card, if anything is set for it; else it charges what the card says.
    pub fn multipliers(&self, upstream_id: UpstreamId) -> Option<&UpstreamMultipliers> {
        self.multipliers.get(&upstream_id)
    }

    /// The same book with other multipliers for one upstream.
    #[must_use]
    pub fn with_multipliers(mut self, multipliers: UpstreamMultipliers) -> Self {
        self.multipliers.insert(multipliers.upstream_id, multipliers);
        self
    }

    /// How many models the synced catalog prices. Overrides are not counted.
    pub fn len(&self) -> usize {
        self.synced.len()
    }

    /// Whether the synced catalog prices nothing.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The card of a catalog name, matched exactly, as it is without overrides.
    pub fn synced_card(&self, model: &str) -> Option<&RateCard> {
        self.synced.get(model).map(|priced| &*priced.card)
    }

    fn empty(version: PriceVersion) -> Self {
        Self {
            version,
            synced: NameIndex::default(),
            global: NameIndex::default(),
            by_upstream: HashMap::new(),
            aliases: HashMap::new(),
            upstream_aliases: HashMap::new(),
            multipliers: HashMap::new(),
        }
    }

    fn add_overrides(&mut self, mut overrides: Vec<PriceOverride>) {
        overrides.sort_by_key(|price| price.id);
        for price in overrides {
            let index = match price.upstream_id {
                Some(upstream_id) => self.by_upstream.entry(upstream_id).or_default(),
                None => &mut self.global,
            };
            index.insert(Priced::manual(price));
        }
    }

    fn add_aliases(&mut self, mut aliases: Vec<PriceAlias>) {
        aliases.sort_by_key(|alias| alias.id);
        for alias in aliases {
            let names = match alias.upstream_id {
                Some(upstream_id) => self.upstream_aliases.entry(upstream_id).or_default(),
                None => &mut self.aliases,
            };
            names.insert(alias.alias, alias.target);
        }
    }
}
