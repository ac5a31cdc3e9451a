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
    /// How much it takes and gives; shown beside the price, no part of it.
    #[serde(default, skip_serializing_if = "ModelLimits::is_unknown")]
    pub limits: ModelLimits,
}

/// The largest request and answer of a model, in tokens, where the price map says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ModelLimits {
    /// Most input tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_input_tokens: Option<u32>,
    /// Most output tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_output_tokens: Option<u32>,
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
    /// A remark for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Who set it.
    pub author: String,
}

/// What an upstream charges relative to the card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpstreamMultipliers {
    /// The upstream.
    pub upstream_id: UpstreamId,
    /// On everything sent, searched or called.
    pub input: Multiplier,
    /// On everything generated.
    pub output: Multiplier,
    /// The operator's explicit permission for a cost of zero through a zero multiplier.
    pub allow_free: bool,
    /// Other multipliers for some models; the most specific pattern stands, see [`UpstreamMultipliers::for_model`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub by_model: Vec<ModelMultipliers>,
}

/// What an upstream charges relative to the card for the models a pattern matches. It replaces the upstream's own
/// multipliers, it is not multiplied with them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelMultipliers {
    /// A model name, or the beginning of one followed by `*`. Case matters.
    pub pattern: ModelName,
    /// On everything sent, searched or called.
    pub input: Multiplier,
    /// On everything generated.
    pub output: Multiplier,
    /// The operator's explicit permission for a cost of zero through a zero multiplier.
    #[serde(default)]
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
    /// Models not there before, or there again.
    pub added: u32,
    /// Models whose card, provider, mode or limits differ.
    pub changed: u32,
    /// Models gone from the map (kept, marked stale).
    pub removed: u32,
    /// Models whose new price waits for the operator.
    pub held: u32,
    /// Models whose new price the operator has refused before.
    #[serde(default)]
    pub refused: u32,
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

impl UpstreamMultipliers {
    /// 1 and 1 for every model, and no permission for free.
    pub const fn ones(upstream_id: UpstreamId) -> Self {
        Self {
            upstream_id,
            input: Multiplier::ONE,
            output: Multiplier::ONE,
            allow_free: false,
            by_model: Vec::new(),
        }
    }

    /// The multipliers set for a model, if some pattern matches it: an exact name before any pattern, a longer
    /// pattern before a shorter one, and of two equal ones the one that comes last.
    ///
    /// ```
    /// # use tollgate_domain::{ModelMultipliers, ModelName, UpstreamId, UpstreamMultipliers};
    /// let mut multipliers = UpstreamMultipliers::ones("01890a5d-ac96-774b-bcce-b302099a8057".parse()?);
    /// for (pattern, input) in [("gpt-5*", "0.5"), ("gpt-5-mini", "0.6"), ("*", "0.9")] {
    ///     let (input, output) = (input.parse()?, input.parse()?);
    ///     let pattern = ModelName::new(pattern);
    ///     multipliers.by_model.push(ModelMultipliers { pattern, input, output, allow_free: false });
    /// }
    /// let input = |model: &str| multipliers.for_model(model).map(|found| found.input.to_string());
    /// assert_eq!(input("gpt-5-mini").as_deref(), Some("0.6"));
    /// assert_eq!(input("gpt-5-nano").as_deref(), Some("0.5"));
    /// assert_eq!(input("o3").as_deref(), Some("0.9"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn for_model(&self, model: &str) -> Option<&ModelMultipliers> {
        self.by_model
            .iter()
            .filter_map(|candidate| Some((candidate.matches(model)?, candidate)))
            .max_by_key(|(specific, _)| *specific)
            .map(|(_, found)| found)
    }
}

impl ModelMultipliers {
    /// How specific the match is: exact or not, then how much of the name is spelled out. `None` where the pattern
    /// does not match.
    fn matches(&self, model: &str) -> Option<(bool, usize)> {
        let pattern = self.pattern.as_str();
        match pattern.strip_suffix('*') {
            Some(beginning) => model.starts_with(beginning).then_some((false, beginning.len())),
            None => (pattern == model).then_some((true, pattern.len())),
        }
    }
}

impl ModelLimits {
    /// Whether neither limit is known.
    pub const fn is_unknown(&self) -> bool {
        self.max_input_tokens.is_none() && self.max_output_tokens.is_none()
    }
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
