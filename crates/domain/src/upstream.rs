//! Upstreams: where requests go.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{
    ModelMultipliers, ModelName, Multiplier, OnUnpriced, Protocol, ProviderName, Timestamp, UpstreamId,
    UpstreamMultipliers,
};

/// A provider account or reseller channel the gateway forwards to. Holds no secret: the credential is kept
/// sealed by the store and handed to the proxy apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Upstream {
    /// Its id, never reused.
    pub id: UpstreamId,
    /// A unique name among the living.
    pub name: String,
    /// Provider in LiteLLM's vocabulary; prefixes catalog names and selects the metering variant.
    pub provider: ProviderName,
    /// The wire protocols it speaks.
    pub protocols: BTreeSet<Protocol>,
    /// Scheme, host and path prefix that the protocol's own path (`/v1/…`, `/v1beta/…`) is appended to.
    pub base_url: String,
    /// Which account at the provider is billed; for comparing with its invoice.
    pub account_label: Option<String>,
    /// The first 16 hex digits of the credential's SHA-256; tells credentials apart without revealing them.
    pub credential_fingerprint: Option<String>,
    /// Lower goes first.
    pub priority: i32,
    /// Share of traffic among equals of a priority, 1..=1000.
    pub weight: u32,
    /// The models it serves; empty means any, unchanged.
    pub models: Vec<ModelRule>,
    /// Which name is billed.
    pub bill_by: BillBy,
    /// Whether the provider's own cost figure may become the bill.
    pub reported_cost: ReportedCostPolicy,
    /// On everything sent, searched or called.
    pub input_multiplier: Multiplier,
    /// On everything generated.
    pub output_multiplier: Multiplier,
    /// Permission for a zero multiplier to make requests free.
    pub allow_free: bool,
    /// Other multipliers for some models.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub model_multipliers: Vec<ModelMultipliers>,
    /// Price modifiers that are always on here (`regional_processing_eu`, `regional_endpoint` …): a property of the
    /// account or endpoint, not of an answer. They apply where a card names them and change nothing elsewhere.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub price_modifiers: Vec<String>,
    /// What happens to requests it has no price for; `None` leaves it to the installation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_unpriced: Option<OnUnpriced>,
    /// Whether usage that its answers do not tell is estimated; `None` leaves it to the installation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub estimate_missing_usage: Option<bool>,
    /// Whether it takes traffic.
    pub enabled: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Counts edits; the ETag.
    pub revision: i64,
}

/// One model an upstream serves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelRule {
    /// The name callers use; a trailing `*` matches any ending.
    pub model: ModelName,
    /// The name to send instead. It replaces the model in the forwarded body and is what `sent` means.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub send_as: Option<ModelName>,
}

/// Which name sets the price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BillBy {
    /// The name in the response, then the one sent.
    #[default]
    Served,
    /// The name sent, where a reseller's `model` field cannot be trusted.
    Sent,
}

/// Whether a provider-reported cost may become the bill.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportedCostPolicy {
    /// Recorded beside ours only.
    #[default]
    Never,
    /// Where neither override nor catalog has a price.
    Fallback,
    /// Whenever it is reported.
    Always,
}

/// An upstream as it was when a request was dispatched to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpstreamRef {
    /// Its id.
    pub id: UpstreamId,
    /// Its name then.
    pub name: Arc<str>,
    /// Its provider then.
    pub provider: ProviderName,
    /// The billed account.
    pub account_label: Option<Arc<str>>,
    /// Which credential was used.
    pub credential_fingerprint: Option<Arc<str>>,
    /// Which name is billed.
    pub bill_by: BillBy,
    /// Whether the provider's own cost figure may become the bill.
    pub reported_cost: ReportedCostPolicy,
    /// Price modifiers that were always on here.
    #[serde(default, skip_serializing_if = "<[_]>::is_empty")]
    pub price_modifiers: Arc<[String]>,
}

impl Upstream {
    /// What it charges relative to the card.
    pub fn multipliers(&self) -> UpstreamMultipliers {
        UpstreamMultipliers {
            upstream_id: self.id,
            input: self.input_multiplier,
            output: self.output_multiplier,
            allow_free: self.allow_free,
            by_model: self.model_multipliers.clone(),
        }
    }

    /// The name to send for a requested model, or `None` if the upstream does not serve it. The first
    /// matching rule wins.
    pub fn serves(&self, requested: &ModelName) -> Option<ModelName> {
        if self.models.is_empty() {
            return Some(requested.clone());
        }
        let rule = self.models.iter().find(|rule| rule.matches(requested))?;
        Some(rule.send_as.clone().unwrap_or_else(|| requested.clone()))
    }
}

impl ModelRule {
    fn matches(&self, requested: &ModelName) -> bool {
        requested.is_matched_by(&self.model)
    }
}

impl BillBy {
    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Served => "served",
            Self::Sent => "sent",
        }
    }
}

impl ReportedCostPolicy {
    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::Fallback => "fallback",
            Self::Always => "always",
        }
    }
}
