//! `PATCH /api/admin/billing/overrides/{id}`

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use serde::Deserialize;
use tollgate_domain::ports::RuleBefore;
use tollgate_domain::{OverrideId, PriceOverride};
use utoipa::ToSchema;

use super::draft::{OverrideDraft, OverrideIdentity, Put, living};
use super::json::OverrideChangedResponse;
use crate::AdminState;
use crate::auth::Author;
use crate::billing::card::{CardParts, FurtherRate, PriceBand};
use crate::etag::{EDIT_TRIES, IfMatch, etag};
use crate::extract::{Change, JsonBody, PathId, given};
use crate::field::FieldErrors;
use crate::problem::{Problem, UpdateRuleProblems};
use crate::schema::{MultiplierSchema, RateSchema, TimestampSchema};
use crate::time_text::TimeText;

/// Changes to an override. What is absent stays as it is; null takes a rate or the note away. Model and upstream never
/// change: remove the override and set another.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"output_usd_per_mtok": "1.5", "note": "new contract"}), json!({"bands": []})))]
pub(super) struct UpdateOverrideRequest {
    /// Input, USD per million tokens; null takes it away.
    #[serde(default)]
    #[schema(value_type = Option<RateSchema>)]
    input_usd_per_mtok: Change<String>,
    /// Output, USD per million tokens; null takes it away.
    #[serde(default)]
    #[schema(value_type = Option<RateSchema>)]
    output_usd_per_mtok: Change<String>,
    /// Cache reads, USD per million tokens; null: at the input rate.
    #[serde(default)]
    #[schema(value_type = Option<RateSchema>)]
    cache_read_usd_per_mtok: Change<String>,
    /// Cache writes for 5 minutes, USD per million tokens; null: at the input rate.
    #[serde(default)]
    #[schema(value_type = Option<RateSchema>)]
    cache_write_5m_usd_per_mtok: Change<String>,
    /// Cache writes for 1 hour, USD per million tokens; null: at the 5 minute rate.
    #[serde(default)]
    #[schema(value_type = Option<RateSchema>)]
    cache_write_1h_usd_per_mtok: Change<String>,
    /// Rates for large requests, as a whole.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false, max_items = 20)]
    bands: Option<Vec<PriceBand>>,
    /// Rates of other meters, tiers and sizes, as a whole.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false, max_items = 200)]
    rates: Option<Vec<FurtherRate>>,
    /// Factors that an answer or the upstream switches on, as a whole.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = BTreeMap<String, MultiplierSchema>, required = false)]
    modifiers: Option<BTreeMap<String, String>>,
    /// Whether the upstream's multipliers apply.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    apply_multipliers: Option<bool>,
    /// The reason; null empties it.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 500)]
    note: Change<String>,
    /// Since when this version is right, if earlier than now.
    #[serde(default)]
    #[schema(value_type = Option<TimestampSchema>)]
    effective_from: Option<TimeText>,
    /// Set it when the answer was `confirmation_required` and the effect is wanted.
    #[serde(default)]
    confirm: bool,
}

/// Puts another version of an override in force, at once.
#[utoipa::path(
    patch, path = "/api/admin/billing/overrides/{id}", tag = "price rules",
    params(
        ("id" = Uuid, Path, description = "The override"),
        ("If-Match" = Option<String>, Header, description = "The ETag of the version to change; without it, the one in force"),
    ),
    request_body = UpdateOverrideRequest,
    responses(
        (status = 200, description = "The override in force", body = OverrideChangedResponse, headers(
            ("ETag" = String, description = "Its price version"),
        )),
        UpdateRuleProblems,
    ),
    security(("admin_token" = [])),
)]
pub(super) async fn update_override(
    State(state): State<AdminState>,
    author: Author,
    PathId(id): PathId<OverrideId>,
    if_match: IfMatch,
    JsonBody(request): JsonBody<UpdateOverrideRequest>,
) -> Result<impl IntoResponse, Problem> {
    let mut version = 0;
    for _ in 0..EDIT_TRIES {
        let current = living(&state, id).await?;
        version = current.span.version.get();
        if !if_match.allows(version) {
            break;
        }
        let draft = request.clone().onto(&current.price);
        let of = OverrideIdentity {
            id: current.price.id,
            model: current.price.model,
            upstream_id: current.price.upstream_id,
            author: author.0.name.to_string(),
        };
        let before = RuleBefore::Version(current.span.version);
        match draft
            .put(&state, &author.0, of, before, FieldErrors::default())
            .await?
        {
            Put::Done(changed) => {
                let tag = etag(changed.price.price_version.get());
                return Ok(([tag], Json(*changed)));
            }
            Put::Stale(now) => version = now,
            Put::Missing => return Err(Problem::not_found("override", id)),
        }
    }
    Err(Problem::stale(version))
}

impl UpdateOverrideRequest {
    fn onto(self, current: &PriceOverride) -> OverrideDraft {
        let now = CardParts::of(&current.card);
        OverrideDraft {
            parts: CardParts {
                input: self.input_usd_per_mtok.onto(now.input),
                output: self.output_usd_per_mtok.onto(now.output),
                cache_read: self.cache_read_usd_per_mtok.onto(now.cache_read),
                cache_write_5m: self.cache_write_5m_usd_per_mtok.onto(now.cache_write_5m),
                cache_write_1h: self.cache_write_1h_usd_per_mtok.onto(now.cache_write_1h),
                bands: self.bands.unwrap_or(now.bands),
                rates: self.rates.unwrap_or(now.rates),
                modifiers: self.modifiers.unwrap_or(now.modifiers),
            },
            apply_multipliers: self.apply_multipliers.unwrap_or(current.apply_multipliers),
            note: self.note.onto(current.note.clone()),
            effective_from: self.effective_from,
            confirm: self.confirm,
        }
    }
}
