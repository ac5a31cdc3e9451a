//! What the book holds, for lists.

use std::sync::Arc;

use tollgate_domain::{CardId, ModelLimits, ModelName, OverrideId, ProviderName, RateCard, UpstreamId};

use super::index::NameIndex;
use super::{PriceBook, Priced};

/// A priced name of one of the book's sources.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct PricedName<'b> {
    /// The catalog or override name.
    pub name: &'b ModelName,
    /// Its card.
    pub card: &'b Arc<RateCard>,
    /// The card's content address.
    pub card_id: CardId,
    /// LiteLLM's `litellm_provider` of a synced card.
    pub provider: Option<&'b ProviderName>,
    /// LiteLLM's `mode` of a synced card.
    pub mode: Option<&'b str>,
    /// Whether a synced model is gone from the map and its last price still serves.
    pub stale: bool,
    /// How much a synced model takes and gives.
    pub limits: ModelLimits,
    /// The override; `None` for a synced card.
    pub override_id: Option<OverrideId>,
    /// The only upstream it is for; `None` for a global override or a synced card.
    pub upstream_id: Option<UpstreamId>,
    /// Whether the upstream's multipliers apply.
    pub multiplied: bool,
}

/// A name that stands for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Alias<'b> {
    /// The only upstream it is for; `None` is global.
    pub upstream_id: Option<UpstreamId>,
    /// The name an upstream uses.
    pub alias: &'b ModelName,
    /// The catalog name it is priced as.
    pub target: &'b ModelName,
}

impl PriceBook {
    /// Every model of the synced catalog, in no order.
    pub fn synced(&self) -> impl Iterator<Item = PricedName<'_>> {
        names(&self.synced, None)
    }

    /// Every override, in no order.
    pub fn overrides(&self) -> impl Iterator<Item = PricedName<'_>> {
        let by_upstream = self.by_upstream.iter();
        names(&self.global, None).chain(by_upstream.flat_map(|(id, index)| names(index, Some(*id))))
    }

    /// Every alias, in no order.
    pub fn aliases(&self) -> impl Iterator<Item = Alias<'_>> {
        let global = self.aliases.iter().map(|(alias, target)| (None, alias, target));
        let by_upstream = self.upstream_aliases.iter();
        let by_upstream = by_upstream
            .flat_map(|(id, names)| names.iter().map(|(alias, target)| (Some(*id), alias, target)));
        global
            .chain(by_upstream)
            .map(|(upstream_id, alias, target)| Alias {
                upstream_id,
                alias,
                target,
            })
    }

    /// A model of the synced catalog, by its exact name.
    pub fn synced_name(&self, model: &str) -> Option<PricedName<'_>> {
        self.synced.get(model).map(|priced| named(priced, None))
    }

    /// The override of an exact name, global or for one upstream.
    pub fn override_of(&self, upstream_id: Option<UpstreamId>, model: &str) -> Option<PricedName<'_>> {
        let index = match upstream_id {
            Some(upstream_id) => self.by_upstream.get(&upstream_id)?,
            None => &self.global,
        };
        index.get(model).map(|priced| named(priced, upstream_id))
    }

    /// What a name stands for, globally or at one upstream.
    pub fn alias_of(&self, upstream_id: Option<UpstreamId>, name: &str) -> Option<&ModelName> {
        match upstream_id {
            Some(upstream_id) => self.upstream_aliases.get(&upstream_id)?.get(name),
            None => self.aliases.get(name),
        }
    }
}

fn names(index: &NameIndex, upstream_id: Option<UpstreamId>) -> impl Iterator<Item = PricedName<'_>> {
    index.iter().map(move |priced| named(priced, upstream_id))
}

fn named(priced: &Priced, upstream_id: Option<UpstreamId>) -> PricedName<'_> {
    PricedName {
        name: &priced.name,
        card: &priced.card,
        card_id: priced.card_id,
        provider: priced.provider.as_ref(),
        mode: priced.mode.as_deref(),
        stale: priced.stale,
        limits: priced.limits,
        override_id: priced.override_id,
        upstream_id,
        multiplied: priced.multiplied,
    }
}
