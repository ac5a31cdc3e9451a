//! `POST /api/admin/upstreams`

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use http::StatusCode;
use http::header::LOCATION;
use serde::Deserialize;
use tollgate_domain::{
    BillBy, Multiplier, OnUnpriced, Protocol, ProviderName, ReportedCostPolicy, Timestamp, Upstream,
    UpstreamId,
};
use utoipa::ToSchema;

use super::draft::UpstreamDraft;
use super::json::{Credential, ModelRule, UpstreamResponse};
use crate::AdminState;
use crate::auth::Author;
use crate::billing::ModelMultipliersJson;
use crate::etag::etag;
use crate::extract::{JsonBody, given};
use crate::problem::{CreateProblems, Problem};
use crate::schema::{BillBySchema, MultiplierSchema, OnUnpricedSchema, ProtocolSchema, ReportedCostSchema};

/// A new upstream.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({
    "name": "openai-main",
    "provider": "openai",
    "protocols": ["openai_chat", "openai_responses", "openai_embeddings"],
    "base_url": "https://api.openai.com",
    "credential": "sk-…",
    "output_multiplier": "0.85",
})))]
pub(super) struct CreateUpstreamRequest {
    /// A unique name among the living.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// Provider in LiteLLM's vocabulary (`openai`, `anthropic`, `gemini`, `azure` …).
    #[schema(min_length = 1, max_length = 64, pattern = "^[a-z0-9_.-]+$")]
    provider: String,
    /// The wire protocols it speaks.
    #[schema(value_type = Vec<ProtocolSchema>, min_items = 1)]
    protocols: Vec<Protocol>,
    /// Absolute http or https URL without credentials, query or fragment. The protocol's own path (`/v1/…`,
    /// `/v1beta/…`) is appended to it.
    #[schema(format = "uri", max_length = 2048)]
    base_url: String,
    /// The provider's key, sent in place of the caller's. Sealed at once and never shown again.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Password, write_only, min_length = 1, max_length = 4096)]
    credential: Option<Credential>,
    /// Which account at the provider is billed.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 200)]
    account_label: Option<String>,
    /// Lower goes first.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false, minimum = 0, maximum = 1000, default = 0)]
    priority: Option<i64>,
    /// Share of traffic among equals of a priority.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false, minimum = 1, maximum = 1000, default = 1)]
    weight: Option<i64>,
    /// The models it serves; empty means any, unchanged.
    #[serde(default)]
    #[schema(max_items = 1000)]
    models: Vec<ModelRule>,
    /// Which name is billed.
    #[serde(default)]
    #[schema(value_type = BillBySchema)]
    bill_by: BillBy,
    /// Whether the provider's own cost figure may become the bill.
    #[serde(default)]
    #[schema(value_type = ReportedCostSchema)]
    reported_cost: ReportedCostPolicy,
    /// On everything sent, searched or called; `"1"` by default. Zero needs `allow_free`.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = MultiplierSchema, required = false)]
    input_multiplier: Option<String>,
    /// On everything generated; `"1"` by default. Zero needs `allow_free`.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = MultiplierSchema, required = false)]
    output_multiplier: Option<String>,
    /// Permission for a zero multiplier to make requests free.
    #[serde(default)]
    allow_free: bool,
    /// Other multipliers for some models.
    #[serde(default)]
    #[schema(max_items = 200)]
    model_multipliers: Vec<ModelMultipliersJson>,
    /// Price modifiers that are always on here, where a card names them (data residency, regional endpoints …).
    #[serde(default)]
    #[schema(max_items = 20)]
    price_modifiers: Vec<String>,
    /// What happens to requests it has no price for; null leaves it to the installation.
    #[serde(default)]
    #[schema(value_type = Option<OnUnpricedSchema>)]
    on_unpriced: Option<OnUnpriced>,
    /// Whether usage that its answers do not tell is estimated; null leaves it to the installation.
    #[serde(default)]
    estimate_missing_usage: Option<bool>,
    /// Whether it takes traffic; true by default.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false, default = true)]
    enabled: Option<bool>,
}

/// Adds an upstream. It takes traffic at once.
#[utoipa::path(
    post, path = "/api/admin/upstreams", tag = "upstreams",
    request_body = CreateUpstreamRequest,
    responses(
        (status = 201, description = "The new upstream", body = UpstreamResponse, headers(
            ("ETag" = String, description = "Its revision"),
            ("Location" = String, description = "Its path"),
        )),
        CreateProblems,
    ),
    security(("admin_token" = [])),
)]
pub(super) async fn create_upstream(
    State(state): State<AdminState>,
    author: Author,
    JsonBody(mut request): JsonBody<CreateUpstreamRequest>,
) -> Result<impl IntoResponse, Problem> {
    let now = state.clock.now();
    let credential = request.credential.take();
    let base = blank(UpstreamId::new(state.ids.new_id(now)), now);
    let upstream = request.into_draft().onto(base, credential.as_ref())?;
    let secret = credential.map(|credential| credential.0);
    let upstream = state.store.create_upstream(upstream, secret, &author.0).await?;
    state.runtime.refresh().await;
    let location = format!("/api/admin/upstreams/{}", upstream.id);
    let headers = [etag(upstream.revision)];
    Ok((
        StatusCode::CREATED,
        headers,
        [(LOCATION, location)],
        Json(UpstreamResponse::from(upstream)),
    ))
}

/// What a draft is put onto; every field an operator sets is replaced.
fn blank(id: UpstreamId, now: Timestamp) -> Upstream {
    Upstream {
        id,
        name: String::new(),
        provider: ProviderName::new(""),
        protocols: std::collections::BTreeSet::new(),
        base_url: String::new(),
        account_label: None,
        credential_fingerprint: None,
        priority: 0,
        weight: 1,
        models: Vec::new(),
        bill_by: BillBy::default(),
        reported_cost: ReportedCostPolicy::default(),
        input_multiplier: Multiplier::ONE,
        output_multiplier: Multiplier::ONE,
        allow_free: false,
        price_modifiers: Vec::new(),
        model_multipliers: Vec::new(),
        on_unpriced: None,
        estimate_missing_usage: None,
        enabled: true,
        created_at: now,
        updated_at: now,
        revision: 0,
    }
}

impl CreateUpstreamRequest {
    fn into_draft(self) -> UpstreamDraft {
        let one = || Multiplier::ONE.to_string();
        UpstreamDraft {
            name: self.name,
            provider: self.provider,
            protocols: self.protocols,
            base_url: self.base_url,
            account_label: self.account_label,
            priority: self.priority.unwrap_or(0),
            weight: self.weight.unwrap_or(1),
            models: self.models,
            bill_by: self.bill_by,
            reported_cost: self.reported_cost,
            input_multiplier: self.input_multiplier.unwrap_or_else(one),
            output_multiplier: self.output_multiplier.unwrap_or_else(one),
            allow_free: self.allow_free,
            model_multipliers: self.model_multipliers,
            price_modifiers: self.price_modifiers,
            on_unpriced: self.on_unpriced,
            estimate_missing_usage: self.estimate_missing_usage,
            enabled: self.enabled.unwrap_or(true),
        }
    }
}
