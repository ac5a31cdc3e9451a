//! `GET /api/admin/system/jobs/{name}`

use axum::Json;
use axum::extract::State;

use super::json::JobResponse;
use super::{JobName, shown};
use crate::AdminState;
use crate::extract::PathId;
use crate::problem::{FindProblems, Problem};

/// Shows a job with its latest 20 runs.
#[utoipa::path(
    get, path = "/api/admin/system/jobs/{name}", tag = "system",
    params(("name" = String, Path, description = "The job")),
    responses((status = 200, description = "The job", body = JobResponse), FindProblems),
    security(("admin_token" = [])),
)]
pub(super) async fn get_job(
    State(state): State<AdminState>,
    PathId(name): PathId<JobName>,
) -> Result<Json<JobResponse>, Problem> {
    shown(&state, &name).await.map(Json)
}
