//! `POST /api/admin/billing/prices/stale/remove`

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use tollgate_domain::ports::LetGo;
use tollgate_domain::{ModelName, PriceVersion};
use utoipa::ToSchema;

use crate::AdminState;
use crate::auth::Author;
use crate::billing::effect_of_removal;
use crate::extract::{JsonBody, given};
use crate::model_choice::choice;
use crate::problem::{Problem, ProblemType, RemoveStaleProblems};

/// A model that was used this lately is not removed without a question.
const DAYS_IN_USE: i64 = 30;
/// Stale models a page.
const PAGE: u16 = 1_000;

/// Which stale models to remove.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"models": ["acme/large-1"]}), json!({"all": true})))]
pub(super) struct RemoveStalePricesRequest {
    /// These models; or else `all`.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false, min_items = 1, max_items = 10000)]
    models: Option<Vec<String>>,
    /// True for every stale model.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    all: Option<bool>,
    /// Set it when the answer was `confirmation_required` and the models may go all the same.
    #[serde(default)]
    confirm: bool,
}

/// What was removed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StalePriceRemoval, examples(json!({"models": ["acme/large-1"], "price_version": 16})))]
pub(super) struct StalePriceRemovalResponse {
    /// The models that have no price any more, by name.
    models: Vec<String>,
    /// The price version in force now.
    #[schema(value_type = i64)]
    price_version: PriceVersion,
}

/// Takes models that are gone from the map out of the catalog. From then on requests for them are unbilled
/// (`price_not_found`), unless an override prices them; past entries keep their price. Where requests of the last 30 days
/// would have another price without them, or none, that needs `confirm`; the answer without it says which models they
/// asked for and what they cost.
#[utoipa::path(
    post, path = "/api/admin/billing/prices/stale/remove", tag = "prices",
    request_body = RemoveStalePricesRequest,
    responses(
        (status = 200, description = "What was removed", body = StalePriceRemovalResponse),
        RemoveStaleProblems,
    ),
    security(("admin_token" = [])),
)]
pub(super) async fn remove_stale_prices(
    State(state): State<AdminState>,
    Author(author): Author,
    JsonBody(request): JsonBody<RemoveStalePricesRequest>,
) -> Result<Json<StalePriceRemovalResponse>, Problem> {
    let models = choice(request.models, request.all)?;
    if !request.confirm {
        let going = stale_among(&state, models.as_deref()).await?;
        if let Some(effect) = effect_of_removal(&state, &going, DAYS_IN_USE).await? {
            return Err(Problem::confirmation_required(effect));
        }
    }
    let now = state.clock.now();
    match state.store.let_go(models, &author, now).await? {
        LetGo::Nothing => {
            let detail = "no model of the catalog is stale";
            Err(Problem::new(ProblemType::NothingStale, detail))
        }
        LetGo::NotStale(models) => {
            let names: Vec<&str> = models.iter().map(tollgate_domain::ModelName::as_str).collect();
            let message = format!("not stale: {}", names.join(", "));
            Err(Problem::invalid_field("models", message))
        }
        LetGo::Done { version, models } => {
            state.runtime.refresh().await;
            Ok(Json(StalePriceRemovalResponse {
                models: models.iter().map(|name| name.as_str().to_owned()).collect(),
                price_version: version,
            }))
        }
    }
}

/// The stale models that would go: all, or those of the given ones that are stale.
async fn stale_among(state: &AdminState, models: Option<&[ModelName]>) -> Result<Vec<ModelName>, Problem> {
    let mut going: Vec<ModelName> = Vec::new();
    loop {
        let page = state.store.stale_models(going.last().cloned(), PAGE).await?;
        let full = page.len() >= usize::from(PAGE);
        going.extend(page.into_iter().map(|stale| stale.model.name));
        if !full {
            break;
        }
    }
    if let Some(models) = models {
        going.retain(|name| models.contains(name));
    }
    Ok(going)
}
