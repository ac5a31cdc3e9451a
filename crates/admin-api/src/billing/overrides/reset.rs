//! `POST /api/admin/billing/overrides/reset`

use std::collections::{BTreeMap, BTreeSet};

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use tollgate_domain::ports::{OverrideVersion, RuleBefore};
use tollgate_domain::{ModelName, OverrideId, PriceVersion, UpstreamId};
use utoipa::ToSchema;
use uuid::Uuid;

use super::draft::is_priced;
use crate::AdminState;
use crate::auth::Author;
use crate::billing::rule_change::{Outcome, Planned, Step, check_note};
use crate::extract::JsonBody;
use crate::field::FieldErrors;
use crate::problem::{Problem, ResetRuleProblems};

const IDS_MAX: usize = 500;

/// Which overrides to remove, so that their models have the official price again.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"override_ids": ["0198f0a0-0000-7000-8000-000000000007"], "note": "contract ended"})))]
pub(super) struct ResetOverridesRequest {
    /// The overrides, each once.
    #[schema(min_items = 1, max_items = 500)]
    override_ids: Vec<Uuid>,
    /// The reason; kept in the history.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 500)]
    note: Option<String>,
    /// Set it when the answer was `confirmation_required` and the effect is wanted.
    #[serde(default)]
    confirm: bool,
}

/// Overrides that were removed, all with one price version.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OverridesReset, examples(json!({"price_version": 14, "items": [reset_example()]})))]
pub(super) struct ResetOverridesResponse {
    /// The price book version without them.
    #[schema(value_type = i64)]
    price_version: PriceVersion,
    /// What was removed, in the order asked for.
    items: Vec<ResetOverride>,
}

/// An override that was removed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(examples(reset_example))]
struct ResetOverride {
    /// The override.
    #[schema(value_type = Uuid)]
    override_id: OverrideId,
    /// The model it priced.
    #[schema(value_type = String)]
    model: ModelName,
    /// The only upstream it was for; null if global.
    #[schema(value_type = Option<Uuid>)]
    upstream_id: Option<UpstreamId>,
    /// Whether the model has a price without it.
    still_priced: bool,
}

fn reset_example() -> serde_json::Value {
    serde_json::json!({
        "override_id": "0198f0a0-0000-7000-8000-000000000007",
        "model": "gpt-5-mini",
        "upstream_id": null,
        "still_priced": true,
    })
}

/// Removes overrides: all of them or, where one is not in force, none. Models that would be left without any price, or
/// whose price would move by more than the guard's factor, need `confirm`; the answer to the request without it lists
/// them.
#[utoipa::path(
    post, path = "/api/admin/billing/overrides/reset", tag = "price rules",
    request_body = ResetOverridesRequest,
    responses(
        (status = 200, description = "They are no longer in force", body = ResetOverridesResponse),
        ResetRuleProblems,
    ),
    security(("admin_token" = [])),
)]
pub(super) async fn reset_overrides(
    State(state): State<AdminState>,
    author: Author,
    JsonBody(request): JsonBody<ResetOverridesRequest>,
) -> Result<Json<ResetOverridesResponse>, Problem> {
    let mut errors = FieldErrors::default();
    check_note(request.note.as_ref(), &mut errors);
    let living = state.store.overrides().await?;
    let found = found(&request.override_ids, &living, &mut errors);
    errors.into_result().map_err(Problem::invalid)?;
    let steps = found.iter().map(|version| Step::EndOverride {
        price: version.price.clone(),
        before: RuleBefore::Version(version.span.version),
    });
    let steps: Vec<Step> = steps.collect();
    let plan = Planned::new(&state, &steps).await?;
    let price_version = match plan
        .put_in_force(&state, &author.0, request.note, request.confirm)
        .await?
    {
        Outcome::Done(version) => version,
        Outcome::Stale(version) => return Err(Problem::stale(version)),
        Outcome::Missing { index } => {
            let field = format!("override_ids[{index}]");
            return Err(Problem::invalid_field(field, "is no longer in force"));
        }
    };
    let items = found.iter().map(|version| ResetOverride {
        override_id: version.price.id,
        model: version.price.model.clone(),
        upstream_id: version.price.upstream_id,
        still_priced: is_priced(&plan.after, &version.price),
    });
    Ok(Json(ResetOverridesResponse {
        price_version,
        items: items.collect(),
    }))
}

/// The overrides of these ids, in their order.
fn found<'v>(
    ids: &[Uuid],
    living: &'v [OverrideVersion],
    errors: &mut FieldErrors,
) -> Vec<&'v OverrideVersion> {
    if ids.is_empty() || ids.len() > IDS_MAX {
        errors.push(
            "override_ids",
            format!("has {} ids; allowed are 1..={IDS_MAX}", ids.len()),
        );
        return Vec::new();
    }
    let by_id: BTreeMap<Uuid, &OverrideVersion> = living
        .iter()
        .map(|version| (version.price.id.uuid(), version))
        .collect();
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for (index, id) in ids.iter().enumerate() {
        let field = format!("override_ids[{index}]");
        match by_id.get(id) {
            _ if !seen.insert(id) => errors.push(field, format!("{id} is there twice")),
            None => errors.push(field, format!("there is no override {id} in force")),
            Some(version) => found.push(*version),
        }
    }
    found
}
