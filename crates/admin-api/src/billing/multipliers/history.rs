//! `GET /api/admin/billing/upstream-multipliers/{upstream_id}/history`

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use tollgate_domain::ports::MultiplierVersion;
use tollgate_domain::{Multiplier, PriceVersion, Timestamp, UpstreamId};
use utoipa::ToSchema;

use super::json::ModelMultipliersJson;
use crate::AdminState;
use crate::extract::PathId;
use crate::problem::{FindProblems, Problem};
use crate::schema::{MultiplierSchema, TimestampSchema};

/// Every version of an upstream's multipliers.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UpstreamMultipliersHistory, examples(json!({"items": [example()]})))]
pub(super) struct UpstreamMultipliersHistoryResponse {
    /// The versions, the latest first.
    items: Vec<UpstreamMultipliersVersionResponse>,
}

/// One version of an upstream's multipliers.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UpstreamMultipliersVersion, examples(example))]
pub(super) struct UpstreamMultipliersVersionResponse {
    /// On everything sent, searched or called.
    #[schema(value_type = MultiplierSchema)]
    input_multiplier: Multiplier,
    /// On everything generated.
    #[schema(value_type = MultiplierSchema)]
    output_multiplier: Multiplier,
    /// Permission for a zero multiplier to make requests free.
    allow_free: bool,
    /// Other multipliers for some models.
    models: Vec<ModelMultipliersJson>,
    /// The reason.
    note: Option<String>,
    /// Since when they are right, if earlier than they are in force.
    #[schema(value_type = Option<TimestampSchema>)]
    effective_from: Option<Timestamp>,
    /// Who set them.
    author: String,
    /// The price book version they came into force with.
    #[schema(value_type = i64)]
    price_version: PriceVersion,
    /// When they came into force.
    #[schema(value_type = TimestampSchema)]
    valid_from: Timestamp,
    /// When they ended; null while they are in force.
    #[schema(value_type = Option<TimestampSchema>)]
    valid_to: Option<Timestamp>,
    /// Who ended them.
    ended_by: Option<String>,
}

fn example() -> serde_json::Value {
    serde_json::json!({
        "input_multiplier": "0.9",
        "output_multiplier": "0.9",
        "allow_free": false,
        "models": [],
        "note": "contract of November",
        "effective_from": null,
        "author": "ada",
        "price_version": 14,
        "valid_from": "2026-11-05T08:00:00Z",
        "valid_to": null,
        "ended_by": null,
    })
}

/// Shows every version of an upstream's multipliers, who set it, why, and when it ended; also of an upstream that is
/// deleted.
#[utoipa::path(
    get, path = "/api/admin/billing/upstream-multipliers/{upstream_id}/history", tag = "price rules",
    params(("upstream_id" = Uuid, Path, description = "The upstream")),
    responses(
        (status = 200, description = "Its versions", body = UpstreamMultipliersHistoryResponse),
        FindProblems,
    ),
    security(("admin_token" = [])),
)]
pub(super) async fn list_upstream_multiplier_versions(
    State(state): State<AdminState>,
    PathId(id): PathId<UpstreamId>,
) -> Result<Json<UpstreamMultipliersHistoryResponse>, Problem> {
    let versions = state.store.multiplier_versions(id).await?;
    if versions.is_empty() {
        return Err(Problem::not_found("upstream", id));
    }
    Ok(Json(UpstreamMultipliersHistoryResponse {
        items: versions.into_iter().map(Into::into).collect(),
    }))
}

impl From<MultiplierVersion> for UpstreamMultipliersVersionResponse {
    fn from(version: MultiplierVersion) -> Self {
        let MultiplierVersion {
            multipliers,
            author,
            note,
            effective_from,
            span,
        } = version;
        let (valid_to, ended_by) = span.ended.map(|end| (end.at, end.by)).unzip();
        Self {
            input_multiplier: multipliers.input,
            output_multiplier: multipliers.output,
            allow_free: multipliers.allow_free,
            models: multipliers.by_model.iter().map(Into::into).collect(),
            note,
            effective_from,
            author,
            price_version: span.version,
            valid_from: span.since,
            valid_to,
            ended_by,
        }
    }
}
