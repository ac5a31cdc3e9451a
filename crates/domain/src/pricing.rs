//! How an entry was priced: the winning rule, the lines, the amounts.

use serde::{Deserialize, Serialize};

use crate::{CardId, Fallback, Meter, ModelName, Multiplier, PriceVersion, ServiceTier, Usd, UsdPerMillion};

/// The three amounts of an entry; see `docs/adr/0002-money-and-rounding.md`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Amounts {
    /// Card rates, all multipliers 1.
    pub list_cost: Usd,
    /// What the upstream charges us.
    pub cost: Usd,
    /// What the key's owner pays. Equals `cost` until a markup policy exists.
    pub charge: Usd,
}

/// Where a price came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PriceSource {
    /// A manual price.
    Override,
    /// The synced catalog.
    Litellm,
    /// The amount the provider itself reported.
    ProviderReported,
}

/// Which kind of rule priced the entry, strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PriceRule {
    /// A manual price for this upstream.
    UpstreamOverride,
    /// A manual price for all upstreams.
    GlobalOverride,
    /// The synced catalog.
    SyncedCard,
    /// The provider's own figure.
    ProviderReported,
}

/// Which of the request's names matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NameRole {
    /// The model the response says it came from.
    Served,
    /// The model that was sent to the upstream.
    Sent,
}

/// In which form the name matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NameForm {
    /// `<provider>/<name>`.
    Prefixed,
    /// The name as it is.
    Plain,
    /// Through an alias.
    Alias,
}

/// One component of a charge: `count x rate x multiplier = amount`, rounded once; `billed_count` stands in for the
/// count where it is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChargeLine {
    /// What was counted.
    pub meter: Meter,
    /// How much of it.
    pub count: u64,
    /// How many units are charged where that differs from `count`: pixels of whole images, one grounded prompt for
    /// several searches. The fallbacks say why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub billed_count: Option<u64>,
    /// The size the rate is for, as the card names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<Box<str>>,
    /// The rate.
    pub usd_per_million: UsdPerMillion,
    /// The upstream's multiplier on this side.
    pub multiplier: Multiplier,
    /// Price modifiers the response or the upstream switched on (`fast`, region …), already part of `list_cost`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub modifiers: Vec<(String, Multiplier)>,
    /// The amount at list rates.
    pub list_cost: Usd,
    /// The amount the upstream charges.
    pub cost: Usd,
    /// Which fallbacks led to the rate, in order; empty when the card names it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fallbacks: Vec<Fallback>,
}

/// Which rule priced an entry, and with what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pricing {
    /// Where the price came from.
    pub source: PriceSource,
    /// The book's version.
    pub version: PriceVersion,
    /// The rule that won.
    pub rule: PriceRule,
    /// The catalog or override name that matched.
    pub priced_as: ModelName,
    /// Which of the request's names led there.
    pub name_role: NameRole,
    /// In which form.
    pub name_form: NameForm,
    /// The card; `None` for a provider-reported cost.
    pub card_id: Option<CardId>,
    /// The tier the rates were taken from.
    pub tier: ServiceTier,
    /// The context band, as its threshold in tokens.
    pub band_above_tokens: Option<u64>,
    /// The price window that was open at dispatch, as the card writes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<Box<str>>,
    /// The upstream's input multiplier as applied.
    pub input_multiplier: Multiplier,
    /// The upstream's output multiplier as applied.
    pub output_multiplier: Multiplier,
    /// The model pattern the multipliers were set for; `None` where they are the upstream's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub multiplier_pattern: Option<ModelName>,
}

/// Why a billed cost is exactly zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ZeroReason {
    /// The card says the model is free.
    FreeModel,
    /// A zero multiplier the operator allowed.
    FreeMultiplier,
    /// The exact product rounds to zero.
    BelowResolution,
}

impl PriceSource {
    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Override => "override",
            Self::Litellm => "litellm",
            Self::ProviderReported => "provider_reported",
        }
    }
}

impl PriceRule {
    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::UpstreamOverride => "upstream_override",
            Self::GlobalOverride => "global_override",
            Self::SyncedCard => "synced_card",
            Self::ProviderReported => "provider_reported",
        }
    }
}

impl ZeroReason {
    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::FreeModel => "free_model",
            Self::FreeMultiplier => "free_multiplier",
            Self::BelowResolution => "below_resolution",
        }
    }
}

impl ChargeLine {
    /// How many units the amount is for.
    pub const fn charged_count(&self) -> u64 {
        match self.billed_count {
            Some(count) => count,
            None => self.count,
        }
    }
}
