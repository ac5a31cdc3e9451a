//! `POST /api/admin/billing/prices/releases/{id}/activate`

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use tollgate_domain::ports::Activated;
use tollgate_domain::{PriceVersion, ReleaseId};
use utoipa::ToSchema;

use super::json::{PriceReleaseResponse, example};
use crate::AdminState;
use crate::auth::Author;
use crate::extract::PathId;
use crate::problem::{ActivateProblems, Problem, ProblemType};

/// What going back changed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PriceReleaseActivation, examples(json!({
    "price_version": 15, "changed": 12, "added": 0, "removed": 3, "release": example(),
})))]
pub(super) struct PriceReleaseActivationResponse {
    /// The price version in force now.
    #[schema(value_type = i64)]
    price_version: PriceVersion,
    /// Models whose price is another one now.
    changed: u32,
    /// Models that have a price again.
    added: u32,
    /// Models the release did not have: they have no price any more.
    removed: u32,
    /// The release afterwards.
    release: PriceReleaseResponse,
}

/// Makes an earlier release current again: the catalog as it last stood under it. The prices it replaces count as
/// rejected, so the next sync does not bring them back.
#[utoipa::path(
    post, path = "/api/admin/billing/prices/releases/{id}/activate", tag = "prices",
    params(("id" = Uuid, Path, description = "The release")),
    responses(
        (status = 200, description = "What changed", body = PriceReleaseActivationResponse),
        ActivateProblems,
    ),
    security(("admin_token" = [])),
)]
pub(super) async fn activate_price_release(
    State(state): State<AdminState>,
    Author(author): Author,
    PathId(id): PathId<ReleaseId>,
) -> Result<Json<PriceReleaseActivationResponse>, Problem> {
    let activated = state
        .store
        .activate_release(id, &author, state.clock.now())
        .await?;
    let (version, changed, added, removed) = match activated {
        Activated::Missing => return Err(Problem::not_found("price release", id)),
        Activated::Already => {
            let detail = format!("release {id} is in force already");
            return Err(Problem::new(ProblemType::NotActivatable, detail));
        }
        Activated::NeverInForce => {
            let detail = format!("release {id} was never in force, so there is no catalog to go back to");
            return Err(Problem::new(ProblemType::NotActivatable, detail));
        }
        Activated::Done {
            version,
            changed,
            added,
            removed,
        } => (version, changed, added, removed),
    };
    state.runtime.refresh().await;
    let release = state.store.release(id).await?;
    let release = release.ok_or_else(|| Problem::not_found("price release", id))?;
    Ok(Json(PriceReleaseActivationResponse {
        price_version: version,
        changed,
        added,
        removed,
        release: release.into(),
    }))
}
