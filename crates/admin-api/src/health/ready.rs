//! `GET /readyz`

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::AdminState;
use crate::billing::health_name;
use crate::schema::HealthSchema;

/// Whether everything works.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Readiness, examples(json!({"status": "ready", "journal_full": false})))]
pub(super) struct ReadinessResponse {
    /// `ready`, or `degraded` while the database is away: requests are served from memory all the same.
    #[schema(value_type = HealthSchema)]
    status: &'static str,
    /// Whether the journal's disk budget is exhausted.
    journal_full: bool,
}

/// Says whether everything works. `degraded` is answered with 200 too: the gateway keeps serving while the journal
/// absorbs what the database cannot take, and a load balancer that took it out would turn a hiccup into an outage.
#[utoipa::path(
    get, path = "/readyz", tag = "health",
    responses((status = 200, description = "It serves requests", body = ReadinessResponse)),
)]
pub(super) async fn get_readiness(State(state): State<AdminState>) -> Json<ReadinessResponse> {
    Json(ReadinessResponse {
        status: health_name(state.runtime.health()),
        journal_full: state.runtime.journal().full,
    })
}
