//! Upstreams on the wire.

use std::fmt;

use secrecy::SecretString;
use serde::de::{Deserializer, Error};
use serde::{Deserialize, Serialize};
use tollgate_domain::{
    BillBy, ModelName, Multiplier, OnUnpriced, Protocol, ProviderName, ReportedCostPolicy, Timestamp,
    Upstream, UpstreamId,
};
use utoipa::ToSchema;

use crate::activity::{self, ActivityResponse};
use crate::billing::ModelMultipliersJson;
use crate::schema::{
    BillBySchema, MultiplierSchema, OnUnpricedSchema, ProtocolSchema, ReportedCostSchema, TimestampSchema,
};

/// One model an upstream serves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"model": "gpt-5*"}), json!({"model": "fast", "send_as": "gpt-5-mini"})))]
pub(super) struct ModelRule {
    /// The name callers use; a trailing `*` matches any ending.
    #[schema(min_length = 1, max_length = 256)]
    pub(super) model: String,
    /// The name to send instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 256)]
    pub(super) send_as: Option<String>,
}

/// A provider account or reseller channel.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Upstream, examples(super::json::example))]
pub(super) struct UpstreamResponse {
    /// Its id, never reused.
    #[schema(value_type = Uuid)]
    id: UpstreamId,
    /// A unique name among the living.
    name: String,
    /// Provider in LiteLLM's vocabulary.
    #[schema(value_type = String)]
    provider: ProviderName,
    /// The wire protocols it speaks.
    #[schema(value_type = Vec<ProtocolSchema>)]
    protocols: Vec<Protocol>,
    /// What the protocol's own path (`/v1/…`, `/v1beta/…`) is appended to.
    #[schema(format = "uri")]
    base_url: String,
    /// Whether a credential is stored. The credential itself is never shown.
    has_credential: bool,
    /// The first 16 hex digits of the credential's SHA-256.
    credential_fingerprint: Option<String>,
    /// Which account at the provider is billed.
    account_label: Option<String>,
    /// Lower goes first.
    priority: i32,
    /// Share of traffic among equals of a priority.
    weight: u32,
    /// The models it serves; empty means any, unchanged.
    models: Vec<ModelRule>,
    /// Which name is billed.
    #[schema(value_type = BillBySchema)]
    bill_by: BillBy,
    /// Whether the provider's own cost figure may become the bill.
    #[schema(value_type = ReportedCostSchema)]
    reported_cost: ReportedCostPolicy,
    /// On everything sent, searched or called.
    #[schema(value_type = MultiplierSchema)]
    input_multiplier: Multiplier,
    /// On everything generated.
    #[schema(value_type = MultiplierSchema)]
    output_multiplier: Multiplier,
    /// Permission for a zero multiplier to make requests free.
    allow_free: bool,
    /// Other multipliers for some models.
    model_multipliers: Vec<ModelMultipliersJson>,
    /// Price modifiers that are always on here.
    price_modifiers: Vec<String>,
    /// What happens to requests it has no price for; null leaves it to the installation.
    #[schema(value_type = Option<OnUnpricedSchema>)]
    on_unpriced: Option<OnUnpriced>,
    /// Whether usage that its answers do not tell is estimated; null leaves it to the installation.
    estimate_missing_usage: Option<bool>,
    /// When it was last used, and what it did. Always there when one upstream is read, in a list with `activity=true`, and
    /// null otherwise.
    activity: Option<ActivityResponse>,
    /// Whether it takes traffic.
    enabled: bool,
    /// When it was made.
    #[schema(value_type = TimestampSchema)]
    created_at: Timestamp,
    /// When it was last changed.
    #[schema(value_type = TimestampSchema)]
    updated_at: Timestamp,
    /// Counts edits; the ETag.
    revision: i64,
}

/// A provider's key: written, never shown, kept out of every message.
#[derive(Clone)]
pub(super) struct Credential(pub(super) SecretString);

pub(super) fn example() -> serde_json::Value {
    serde_json::json!({
        "id": "0198f0a0-0000-7000-8000-000000000001",
        "name": "openai-main",
        "provider": "openai",
        "protocols": ["openai_chat", "openai_responses", "openai_embeddings"],
        "base_url": "https://api.openai.com",
        "has_credential": true,
        "credential_fingerprint": "3f2a9c0d1e4b5a67",
        "account_label": "org-acme",
        "priority": 0,
        "weight": 1,
        "models": [{"model": "gpt-*"}],
        "bill_by": "served",
        "reported_cost": "never",
        "input_multiplier": "1",
        "output_multiplier": "0.85",
        "allow_free": false,
        "model_multipliers": [],
        "price_modifiers": [],
        "on_unpriced": null,
        "estimate_missing_usage": null,
        "activity": activity::example(),
        "enabled": true,
        "created_at": "2026-11-05T08:00:00Z",
        "updated_at": "2026-11-05T08:00:00Z",
        "revision": 1,
    })
}

impl UpstreamResponse {
    pub(super) fn with_activity(mut self, activity: ActivityResponse) -> Self {
        self.activity = Some(activity);
        self
    }
}

impl From<Upstream> for UpstreamResponse {
    fn from(upstream: Upstream) -> Self {
        Self {
            id: upstream.id,
            name: upstream.name,
            provider: upstream.provider,
            protocols: upstream.protocols.into_iter().collect(),
            base_url: upstream.base_url,
            has_credential: upstream.credential_fingerprint.is_some(),
            credential_fingerprint: upstream.credential_fingerprint,
            account_label: upstream.account_label,
            priority: upstream.priority,
            weight: upstream.weight,
            models: upstream.models.iter().map(Into::into).collect(),
            bill_by: upstream.bill_by,
            reported_cost: upstream.reported_cost,
            input_multiplier: upstream.input_multiplier,
            output_multiplier: upstream.output_multiplier,
            allow_free: upstream.allow_free,
            model_multipliers: upstream.model_multipliers.iter().map(Into::into).collect(),
            price_modifiers: upstream.price_modifiers,
            on_unpriced: upstream.on_unpriced,
            estimate_missing_usage: upstream.estimate_missing_usage,
            activity: None,
            enabled: upstream.enabled,
            created_at: upstream.created_at,
            updated_at: upstream.updated_at,
            revision: upstream.revision,
        }
    }
}

impl From<&tollgate_domain::ModelRule> for ModelRule {
    fn from(rule: &tollgate_domain::ModelRule) -> Self {
        Self {
            model: rule.model.to_string(),
            send_as: rule.send_as.as_ref().map(ToString::to_string),
        }
    }
}

impl From<ModelRule> for tollgate_domain::ModelRule {
    fn from(rule: ModelRule) -> Self {
        Self {
            model: ModelName::new(rule.model),
            send_as: rule.send_as.map(ModelName::new),
        }
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credential(…)")
    }
}

impl<'de> Deserialize<'de> for Credential {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // Serde's own message would repeat what was sent.
        let text = String::deserialize(deserializer).map_err(|_| D::Error::custom("must be a string"))?;
        Ok(Self(text.into()))
    }
}
