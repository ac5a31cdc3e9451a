//! `POST /api/admin/system/jobs/{name}/resume`

use axum::Json;
use axum::extract::State;

use super::json::JobResponse;
use super::{JobName, shown};
use crate::AdminState;
use crate::auth::Author;
use crate::extract::PathId;
use crate::problem::{FindProblems, Problem};

/// Lets a job's schedule go on, on all replicas. Repeating it changes nothing.
#[utoipa::path(
    post, path = "/api/admin/system/jobs/{name}/resume", tag = "system",
    params(("name" = String, Path, description = "The job")),
    responses((status = 200, description = "The job", body = JobResponse), FindProblems),
    security(("admin_token" = [])),
)]
pub(super) async fn resume_job(
    State(state): State<AdminState>,
    Author(author): Author,
    PathId(name): PathId<JobName>,
) -> Result<Json<JobResponse>, Problem> {
    shown(&state, &name).await?;
    let now = state.clock.now();
    state.store.resume_job(&name.0, &author, now).await?;
    shown(&state, &name).await.map(Json)
}
