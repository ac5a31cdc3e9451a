//! `GET /healthz`

use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;

/// The process is alive.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Liveness, examples(json!({"status": "live"})))]
pub(super) struct LivenessResponse {
    /// Always `live`.
    status: &'static str,
}

/// Says that the process answers; looks at nothing else.
#[utoipa::path(
    get, path = "/healthz", tag = "health",
    responses((status = 200, description = "The process answers", body = LivenessResponse)),
)]
pub(super) async fn get_liveness() -> Json<LivenessResponse> {
    Json(LivenessResponse { status: "live" })
}
