//! One priced name, and how the book's sources are asked for it.

use std::sync::Arc;

use tollgate_domain::{
    CardId, ModelLimits, ModelMode, ModelName, OverrideId, PriceOverride, PriceRule, PricedModel,
    ProviderName, RateCard, UpstreamId,
};

use super::PriceBook;
use super::index::NameIndex;

/// A name with its card.
#[derive(Debug, Clone)]
pub(crate) struct Priced {
    pub(crate) name: ModelName,
    pub(crate) card: Arc<RateCard>,
    /// Computed once: hashing a card for every request would cost more than pricing it.
    pub(crate) card_id: CardId,
    pub(crate) provider: Option<ProviderName>,
    pub(crate) mode: Option<ModelMode>,
    pub(crate) stale: bool,
    pub(crate) limits: ModelLimits,
    pub(crate) override_id: Option<OverrideId>,
    pub(crate) multiplied: bool,
}

/// Whose aliases are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AliasScope {
    Upstream,
    Global,
}

impl Priced {
    pub(super) fn synced(model: PricedModel, card: Arc<RateCard>) -> Self {
        Self {
            name: model.name,
            card,
            card_id: model.card_id,
            provider: model.provider,
            mode: model.mode,
            stale: model.stale,
            limits: model.limits,
            override_id: None,
            multiplied: true,
        }
    }

    pub(super) fn manual(price: PriceOverride) -> Self {
        Self {
            name: price.model,
            card_id: price.card.id(),
            card: price.card,
            provider: None,
            mode: None,
            stale: false,
            limits: ModelLimits::default(),
            override_id: Some(price.id),
            multiplied: price.apply_multipliers,
        }
    }
}

impl PriceBook {
    /// The name made of these parts in one source.
    pub(crate) fn named(&self, rule: PriceRule, upstream_id: UpstreamId, parts: &[&str]) -> Option<&Priced> {
        self.source(rule, upstream_id)?.get_joined(parts)
    }

    /// Whether a source has no name at all.
    pub(crate) fn holds_nothing(&self, rule: PriceRule, upstream_id: UpstreamId) -> bool {
        self.source(rule, upstream_id)
            .is_none_or(|index| index.len() == 0)
    }

    /// What an alias stands for.
    pub(crate) fn alias(&self, scope: AliasScope, upstream_id: UpstreamId, name: &str) -> Option<&ModelName> {
        match scope {
            AliasScope::Upstream => self.upstream_aliases.get(&upstream_id)?.get(name),
            AliasScope::Global => self.aliases.get(name),
        }
    }

    fn source(&self, rule: PriceRule, upstream_id: UpstreamId) -> Option<&NameIndex> {
        match rule {
            PriceRule::UpstreamOverride => self.by_upstream.get(&upstream_id),
            PriceRule::GlobalOverride => Some(&self.global),
            PriceRule::SyncedCard => Some(&self.synced),
            _ => None,
        }
    }
}
