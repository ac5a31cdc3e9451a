//! The same book with one rule more or less: for asking "what if".

use std::sync::Arc;

use tollgate_domain::{ModelName, PriceAlias, PriceOverride, PricedModel, RateCard, UpstreamId};

use super::{PriceBook, Priced};

impl PriceBook {
    /// The same book with an override in force, in place of another for the same name and upstream.
    #[must_use]
    pub fn with_price_override(mut self, price: PriceOverride) -> Self {
        let index = match price.upstream_id {
            Some(upstream_id) => self.by_upstream.entry(upstream_id).or_default(),
            None => &mut self.global,
        };
        index.insert(Priced::manual(price));
        self
    }

    /// The same book without the override of a name, global or for one upstream.
    #[must_use]
    pub fn without_price_override(mut self, upstream_id: Option<UpstreamId>, model: &ModelName) -> Self {
        match upstream_id {
            Some(upstream_id) => {
                if let Some(index) = self.by_upstream.get_mut(&upstream_id) {
                    index.remove(model.as_str());
                }
            }
            None => self.global.remove(model.as_str()),
        }
        self
    }

    /// The same book with a model of the synced catalog, in place of another of the same name. The card is the model's.
    #[must_use]
    pub fn with_synced(mut self, model: PricedModel, card: Arc<RateCard>) -> Self {
        self.synced.insert(Priced::synced(model, card));
        self
    }

    /// The same book without some models of the synced catalog; overrides stay.
    #[must_use]
    pub fn without_synced<'m>(mut self, models: impl IntoIterator<Item = &'m ModelName>) -> Self {
        for model in models {
            self.synced.remove(model.as_str());
        }
        self
    }

    /// The same book with an alias in force, in place of another for the same name and upstream.
    #[must_use]
    pub fn with_price_alias(mut self, alias: PriceAlias) -> Self {
        let names = match alias.upstream_id {
            Some(upstream_id) => self.upstream_aliases.entry(upstream_id).or_default(),
            None => &mut self.aliases,
        };
        names.insert(alias.alias, alias.target);
        self
    }

    /// The same book without the alias of a name, global or for one upstream.
    #[must_use]
    pub fn without_price_alias(mut self, upstream_id: Option<UpstreamId>, alias: &ModelName) -> Self {
        match upstream_id {
            Some(upstream_id) => {
                if let Some(names) = self.upstream_aliases.get_mut(&upstream_id) {
                    names.remove(alias);
                }
            }
            None => drop(self.aliases.remove(alias)),
        }
        self
    }
}
