//! The price book as stored: releases, cards, overrides, aliases, multipliers at one version.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{
    AliasId, CardId, ModelName, Multiplier, OverrideId, ProviderName, RateCard, ReleaseId, Timestamp,
    UpstreamId,
};

/// The ledger's price version: the id of a `price_book_versions` row, the same on every replica. Any past
/// version can be rebuilt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PriceVersion(i64);

/// What a catalog entry is for, LiteLLM's `mode` (`chat`, `embedding` …) kept as written.
pub type ModelMode = String;

/// One model of the current release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PricedModel {
    /// The catalog name, LiteLLM's key.
    pub name: ModelName,
    /// Its card.
    pub card_id: CardId,
    /// LiteLLM's `litellm_provider`, where given.
    pub provider: Option<ProviderName>,
    /// LiteLLM's `mode`, where given.
    pub mode: Option<ModelMode>,
    /// Gone from the map; the last price still serves.
    pub stale: bool,
}

/// A manual price. It replaces the whole card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceOverride {
    /// Identity over all versions.
    pub id: OverrideId,
    /// The model name it prices, matched exactly.
    pub model: ModelName,
    /// Only for this upstream; `None` is global.
    pub upstream_id: Option<UpstreamId>,
    /// The price.
    pub card: Arc<RateCard>,
    /// Whether the upstream's multipliers apply. By default yes for a global override, no for one upstream's.
    pub apply_multipliers: bool,
    /// A remark for people.
    pub note: Option<String>,
    /// Who set it.
    pub author: String,
}

/// Another name for a catalog model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceAlias {
    /// Identity over all versions.
    pub id: AliasId,
    /// The name an upstream uses.
    pub alias: ModelName,
    /// The catalog name to price it as.
    pub target: ModelName,
    /// Only for this upstream; `None` is global.
    pub upstream_id: Option<UpstreamId>,
    /// Who set it.
    pub author: String,
}

/// What an upstream charges relative to the card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpstreamMultipliers {
    /// The upstream.
    pub upstream_id: UpstreamId,
    /// On everything sent, searched or called.
    pub input: Multiplier,
    /// On everything generated.
    pub output: Multiplier,
    /// The operator's explicit permission for a cost of zero through a zero multiplier.
    pub allow_free: bool,
}

/// Everything that sets prices at one version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceBookData {
    /// The version.
    pub version: PriceVersion,
    /// When it became current.
    pub created_at: Timestamp,
    /// The synced release it contains, if there is one yet.
    pub release_id: Option<ReleaseId>,
    /// The release's models, each name once.
    pub models: Vec<PricedModel>,
    /// Every card the models refer to.
    pub cards: Vec<Arc<RateCard>>,
    /// Overrides in force.
    pub overrides: Vec<PriceOverride>,
    /// Aliases in force.
    pub aliases: Vec<PriceAlias>,
    /// Multipliers of every upstream.
    pub multipliers: Vec<UpstreamMultipliers>,
}

/// How a release came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ReleaseOrigin {
    /// The snapshot that ships with the binary.
    Bundled,
    /// A sync from the public map.
    Synced,
}

/// What changed in a release against the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ReleaseCounts {
    /// Models not there before.
    pub added: u32,
    /// Models whose card differs.
    pub changed: u32,
    /// Models gone from the map (kept, marked stale).
    pub removed: u32,
    /// Models whose new price waits for the operator.
    pub held: u32,
    /// Price fields nobody understood.
    pub unknown_fields: u32,
}

/// A release to publish.
#[derive(Debug, Clone)]
pub struct NewRelease {
    /// Its id.
    pub id: ReleaseId,
    /// SHA-256 of the map it was read from, hex.
    pub content_hash: String,
    /// How it came to be.
    pub origin: ReleaseOrigin,
    /// Who published it.
    pub author: String,
    /// The models.
    pub models: Vec<PricedModel>,
    /// The cards they refer to; those already stored are not rewritten.
    pub cards: Vec<Arc<RateCard>>,
    /// What changed.
    pub counts: ReleaseCounts,
    /// Names of price fields nobody understood, for the operator.
    pub unknown_fields: Vec<String>,
}

impl PriceVersion {
    /// Wraps a row id.
    pub const fn new(id: i64) -> Self {
        Self(id)
    }

    /// The row id.
    pub const fn get(self) -> i64 {
        self.0
    }
}

impl fmt::Display for PriceVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl ReleaseOrigin {
    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Bundled => "bundled",
            Self::Synced => "synced",
        }
    }
}
