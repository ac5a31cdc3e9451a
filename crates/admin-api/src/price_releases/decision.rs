//! What accepting and rejecting share.

use serde::{Deserialize, Serialize};
use tollgate_domain::ports::Decided;
use tollgate_domain::{Actor, ModelName, PriceVersion, ReleaseId};
use utoipa::ToSchema;

use super::change_json::names;
use super::json::{PriceReleaseResponse, example};
use crate::AdminState;
use crate::extract::given;
use crate::model_choice::choice;
use crate::problem::{Problem, ProblemType};

/// Which held prices to decide on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"models": ["acme/large-2"]}), json!({"all": true})))]
pub(super) struct DecidePriceReleaseRequest {
    /// These models; or else `all`.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false, min_items = 1, max_items = 10000)]
    models: Option<Vec<String>>,
    /// True for every price the release holds.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    all: Option<bool>,
}

/// What was decided.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PriceReleaseDecision, examples(json!({
    "models": ["acme/large-2"], "price_version": 14, "release": example(),
})))]
pub(super) struct PriceReleaseDecisionResponse {
    /// The models decided on, by name.
    models: Vec<String>,
    /// The price version in force now because of it; null where no price changed.
    #[schema(value_type = Option<i64>)]
    price_version: Option<PriceVersion>,
    /// The release afterwards.
    release: PriceReleaseResponse,
}

pub(super) async fn decide(
    state: &AdminState,
    id: ReleaseId,
    request: DecidePriceReleaseRequest,
    accept: bool,
    actor: &Actor,
) -> Result<PriceReleaseDecisionResponse, Problem> {
    let models: Option<Vec<ModelName>> = choice(request.models, request.all)?;
    let now = state.clock.now();
    let decided = state.store.decide(id, models, accept, actor, now).await?;
    let (version, models) = match decided {
        Decided::Missing => return Err(Problem::not_found("price release", id)),
        Decided::NothingHeld => {
            let detail = format!("no price of release {id} waits for a decision");
            return Err(Problem::new(ProblemType::NothingHeld, detail));
        }
        Decided::NotHeld(models) => {
            let message = format!("no price of {} waits in this release", names(models).join(", "));
            return Err(Problem::invalid_field("models", message));
        }
        Decided::Done { version, models } => (version, models),
    };
    if version.is_some() {
        state.runtime.refresh().await;
    }
    let release = state.store.release(id).await?;
    let release = release.ok_or_else(|| Problem::not_found("price release", id))?;
    Ok(PriceReleaseDecisionResponse {
        models: names(models),
        price_version: version,
        release: release.into(),
    })
}
