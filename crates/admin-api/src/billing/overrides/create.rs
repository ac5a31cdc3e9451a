//! `POST /api/admin/billing/overrides`

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use http::StatusCode;
use http::header::LOCATION;
use serde::Deserialize;
use tollgate_domain::ports::RuleBefore;
use tollgate_domain::{ModelName, OverrideId, UpstreamId};
use utoipa::ToSchema;
use uuid::Uuid;

use super::draft::{MODEL_MAX, OverrideDraft, OverrideIdentity, Put};
use super::json::OverrideChangedResponse;
use crate::AdminState;
use crate::auth::Author;
use crate::billing::card::{CardParts, FurtherRate, PriceBand};
use crate::etag::etag;
use crate::extract::{JsonBody, given};
use crate::field::FieldErrors;
use crate::problem::{CreateRuleProblems, Problem};
use crate::schema::{MultiplierSchema, RateSchema, TimestampSchema};
use crate::time_text::TimeText;

/// A price to set. All rates are in USD; tokens are priced per **million**.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(
    json!({"model": "gpt-5-mini", "input_usd_per_mtok": "0.2", "output_usd_per_mtok": "1.6", "note": "contract"}),
    json!({
        "model": "house-image",
        "upstream_id": "0198f0a0-0000-7000-8000-000000000001",
        "rates": [{"meter": "images_out", "size": "1024x1024", "usd_per_image": "0.03"}],
    }),
))]
pub(super) struct CreateOverrideRequest {
    /// The model name it prices, matched exactly: as an upstream reports it, as it is sent, or `<provider>/<name>`.
    #[schema(min_length = 1, max_length = 256)]
    model: String,
    /// Only for this upstream; global if not given.
    #[serde(default)]
    upstream_id: Option<Uuid>,
    /// Input, USD per million tokens.
    #[serde(default)]
    #[schema(value_type = Option<RateSchema>)]
    input_usd_per_mtok: Option<String>,
    /// Output, USD per million tokens.
    #[serde(default)]
    #[schema(value_type = Option<RateSchema>)]
    output_usd_per_mtok: Option<String>,
    /// Cache reads, USD per million tokens; at the input rate if not given.
    #[serde(default)]
    #[schema(value_type = Option<RateSchema>)]
    cache_read_usd_per_mtok: Option<String>,
    /// Cache writes for 5 minutes, USD per million tokens; at the input rate if not given.
    #[serde(default)]
    #[schema(value_type = Option<RateSchema>)]
    cache_write_5m_usd_per_mtok: Option<String>,
    /// Cache writes for 1 hour, USD per million tokens; at the 5 minute rate if not given.
    #[serde(default)]
    #[schema(value_type = Option<RateSchema>)]
    cache_write_1h_usd_per_mtok: Option<String>,
    /// Rates for large requests.
    #[serde(default)]
    #[schema(max_items = 20)]
    bands: Vec<PriceBand>,
    /// Rates of other meters, tiers and sizes.
    #[serde(default)]
    #[schema(max_items = 200)]
    rates: Vec<FurtherRate>,
    /// Factors on the token rates that an answer or the upstream switches on, by name.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, MultiplierSchema>)]
    modifiers: BTreeMap<String, String>,
    /// Whether the upstream's multipliers apply; by default yes for a global override, no for one upstream's.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    apply_multipliers: Option<bool>,
    /// The reason.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 500)]
    note: Option<String>,
    /// Since when the price is right, if earlier than now. It applies from now on all the same; the answer says how
    /// many ledger entries since then it would have changed.
    #[serde(default)]
    #[schema(value_type = Option<TimestampSchema>)]
    effective_from: Option<TimeText>,
    /// Set it when the answer was `confirmation_required` and the effect is wanted.
    #[serde(default)]
    confirm: bool,
}

/// Sets a price. It is in force at once; other gateways follow within a second.
#[utoipa::path(
    post, path = "/api/admin/billing/overrides", tag = "price rules",
    request_body = CreateOverrideRequest,
    responses(
        (status = 201, description = "The override in force", body = OverrideChangedResponse, headers(
            ("ETag" = String, description = "Its price version"),
            ("Location" = String, description = "Its path"),
        )),
        CreateRuleProblems,
    ),
    security(("admin_token" = [])),
)]
pub(super) async fn create_override(
    State(state): State<AdminState>,
    author: Author,
    JsonBody(request): JsonBody<CreateOverrideRequest>,
) -> Result<impl IntoResponse, Problem> {
    let mut errors = FieldErrors::default();
    errors.text("model", &request.model, MODEL_MAX);
    let upstream_id = request.upstream_id.map(UpstreamId::new);
    if let Some(id) = upstream_id
        && state.store.upstream(id).await?.is_none()
    {
        errors.push("upstream_id", format!("there is no upstream {id}"));
    }
    let of = OverrideIdentity {
        id: OverrideId::new(state.ids.new_id(state.clock.now())),
        model: ModelName::new(request.model.as_str()),
        upstream_id,
        author: author.0.name.to_string(),
    };
    let draft = request.into_draft();
    match draft
        .put(&state, &author.0, of, RuleBefore::Nothing, errors)
        .await?
    {
        Put::Done(changed) => {
            let location = format!("/api/admin/billing/overrides/{}", changed.price.id);
            let tag = etag(changed.price.price_version.get());
            Ok((StatusCode::CREATED, [tag], [(LOCATION, location)], Json(*changed)))
        }
        Put::Stale(version) => Err(Problem::stale(version)),
        Put::Missing => Err(Problem::stale(0)),
    }
}

impl CreateOverrideRequest {
    fn into_draft(self) -> OverrideDraft {
        OverrideDraft {
            parts: CardParts {
                input: self.input_usd_per_mtok,
                output: self.output_usd_per_mtok,
                cache_read: self.cache_read_usd_per_mtok,
                cache_write_5m: self.cache_write_5m_usd_per_mtok,
                cache_write_1h: self.cache_write_1h_usd_per_mtok,
                bands: self.bands,
                rates: self.rates,
                modifiers: self.modifiers,
            },
            apply_multipliers: self.apply_multipliers.unwrap_or(self.upstream_id.is_none()),
            note: self.note,
            effective_from: self.effective_from,
            confirm: self.confirm,
        }
    }
}
