//! `PATCH /api/admin/upstreams/{id}`

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use serde::Deserialize;
use tollgate_domain::ports::NewCredential;
use tollgate_domain::{BillBy, OnUnpriced, Protocol, ReportedCostPolicy, Upstream, UpstreamId};
use utoipa::ToSchema;

use super::draft::UpstreamDraft;
use super::json::{Credential, ModelRule, UpstreamResponse};
use crate::AdminState;
use crate::auth::Author;
use crate::billing::{ModelMultipliersJson, confirm_multipliers};
use crate::etag::{IfMatch, Repeated, etag};
use crate::extract::{Change, JsonBody, PathId, given};
use crate::problem::{Problem, UpdateUpstreamProblems};
use crate::schema::{BillBySchema, MultiplierSchema, OnUnpricedSchema, ProtocolSchema, ReportedCostSchema};

/// Changes to an upstream. What is absent stays as it is; null empties `credential` and `account_label`.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"enabled": false}), json!({"output_multiplier": "0.9", "account_label": null})))]
pub(super) struct UpdateUpstreamRequest {
    /// A unique name among the living.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false, min_length = 1, max_length = 100)]
    name: Option<String>,
    /// Provider in LiteLLM's vocabulary.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false, min_length = 1, max_length = 64, pattern = "^[a-z0-9_.-]+$")]
    provider: Option<String>,
    /// The wire protocols it speaks.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Vec<ProtocolSchema>, required = false, min_items = 1)]
    protocols: Option<Vec<Protocol>>,
    /// Absolute http or https URL without credentials, query or fragment.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false, format = "uri", max_length = 2048)]
    base_url: Option<String>,
    /// The provider's key; null removes it. Sealed at once and never shown again.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Password, write_only, min_length = 1, max_length = 4096)]
    credential: Change<Credential>,
    /// Which account at the provider is billed; null empties it.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 200)]
    account_label: Change<String>,
    /// Lower goes first.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false, minimum = 0, maximum = 1000)]
    priority: Option<i64>,
    /// Share of traffic among equals of a priority.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false, minimum = 1, maximum = 1000)]
    weight: Option<i64>,
    /// The models it serves, as a whole; empty means any, unchanged.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false, max_items = 1000)]
    models: Option<Vec<ModelRule>>,
    /// Which name is billed.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = BillBySchema, required = false)]
    bill_by: Option<BillBy>,
    /// Whether the provider's own cost figure may become the bill.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = ReportedCostSchema, required = false)]
    reported_cost: Option<ReportedCostPolicy>,
    /// On everything sent, searched or called. Zero needs `allow_free`.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = MultiplierSchema, required = false)]
    input_multiplier: Option<String>,
    /// On everything generated. Zero needs `allow_free`.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = MultiplierSchema, required = false)]
    output_multiplier: Option<String>,
    /// Permission for a zero multiplier to make requests free.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    allow_free: Option<bool>,
    /// Other multipliers for some models, as a whole.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false, max_items = 200)]
    model_multipliers: Option<Vec<ModelMultipliersJson>>,
    /// Price modifiers that are always on here, as a whole.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false, max_items = 20)]
    price_modifiers: Option<Vec<String>>,
    /// What happens to requests it has no price for; null leaves it to the installation.
    #[serde(default)]
    #[schema(value_type = Option<OnUnpricedSchema>)]
    on_unpriced: Change<OnUnpriced>,
    /// Whether usage that its answers do not tell is estimated; null leaves it to the installation.
    #[serde(default)]
    #[schema(value_type = Option<bool>)]
    estimate_missing_usage: Change<bool>,
    /// Set it when the answer was `confirmation_required` and the effect is wanted.
    #[serde(default)]
    confirm: bool,
    /// Whether it takes traffic.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    enabled: Option<bool>,
}

/// Changes an upstream. Requests dispatched from now on see it; changed multipliers make a new price version.
#[utoipa::path(
    patch, path = "/api/admin/upstreams/{id}", tag = "upstreams",
    params(
        ("id" = Uuid, Path, description = "The upstream"),
        ("If-Match" = Option<String>, Header, description = "The ETag of the revision to change; without it, the current one"),
    ),
    request_body = UpdateUpstreamRequest,
    responses(
        (status = 200, description = "The changed upstream", body = UpstreamResponse, headers(
            ("ETag" = String, description = "Its revision"),
        )),
        UpdateUpstreamProblems,
    ),
    security(("admin_token" = [])),
)]
pub(super) async fn update_upstream(
    State(state): State<AdminState>,
    author: Author,
    PathId(id): PathId<UpstreamId>,
    if_match: IfMatch,
    JsonBody(request): JsonBody<UpdateUpstreamRequest>,
) -> Result<impl IntoResponse, Problem> {
    let mut edit = Repeated::new(&if_match, "upstream", id);
    loop {
        let current = edit.current(state.store.upstream(id).await?, |upstream| upstream.revision)?;
        let revision = Some(current.revision);
        let (upstream, credential) = request.clone().onto(current.clone())?;
        confirm_multipliers(&state, &current, &upstream, request.confirm).await?;
        let upstream = Upstream {
            updated_at: state.clock.now(),
            ..upstream
        };
        let store = &state.store;
        let edited = store.update_upstream(upstream, credential, revision, &author.0, None);
        if let Some(upstream) = edit.done(edited.await?)? {
            state.runtime.refresh().await;
            return Ok(([etag(upstream.revision)], Json(UpstreamResponse::from(upstream))));
        }
    }
}

impl UpdateUpstreamRequest {
    fn onto(self, current: Upstream) -> Result<(Upstream, NewCredential), Problem> {
        let draft = UpstreamDraft::of(&current);
        let draft = UpstreamDraft {
            name: self.name.unwrap_or(draft.name),
            provider: self.provider.unwrap_or(draft.provider),
            protocols: self.protocols.unwrap_or(draft.protocols),
            base_url: self.base_url.unwrap_or(draft.base_url),
            account_label: self.account_label.onto(draft.account_label),
            priority: self.priority.unwrap_or(draft.priority),
            weight: self.weight.unwrap_or(draft.weight),
            models: self.models.unwrap_or(draft.models),
            bill_by: self.bill_by.unwrap_or(draft.bill_by),
            reported_cost: self.reported_cost.unwrap_or(draft.reported_cost),
            input_multiplier: self.input_multiplier.unwrap_or(draft.input_multiplier),
            output_multiplier: self.output_multiplier.unwrap_or(draft.output_multiplier),
            allow_free: self.allow_free.unwrap_or(draft.allow_free),
            model_multipliers: self.model_multipliers.unwrap_or(draft.model_multipliers),
            price_modifiers: self.price_modifiers.unwrap_or(draft.price_modifiers),
            on_unpriced: self.on_unpriced.onto(draft.on_unpriced),
            estimate_missing_usage: self.estimate_missing_usage.onto(draft.estimate_missing_usage),
            enabled: self.enabled.unwrap_or(draft.enabled),
        };
        let new = match &self.credential {
            Change::Set(credential) => Some(credential),
            Change::Keep | Change::Clear => None,
        };
        let upstream = draft.onto(current, new)?;
        let credential = match self.credential {
            Change::Keep => NewCredential::Keep,
            Change::Clear => NewCredential::Remove,
            Change::Set(credential) => NewCredential::Replace(credential.0),
        };
        Ok((upstream, credential))
    }
}
