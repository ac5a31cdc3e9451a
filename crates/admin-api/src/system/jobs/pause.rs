//! `POST /api/admin/system/jobs/{name}/pause`

use axum::Json;
use axum::extract::State;

use super::json::JobResponse;
use super::{JobName, shown};
use crate::AdminState;
use crate::auth::Author;
use crate::extract::PathId;
use crate::problem::{FindProblems, Problem};

/// Stops a job's schedule on all replicas until it is resumed. A run under way goes on, and `run` still works. Repeating it
/// changes nothing.
#[utoipa::path(
    post, path = "/api/admin/system/jobs/{name}/pause", tag = "system",
    params(("name" = String, Path, description = "The job")),
    responses((status = 200, description = "The job", body = JobResponse), FindProblems),
    security(("admin_token" = [])),
)]
pub(super) async fn pause_job(
    State(state): State<AdminState>,
    Author(author): Author,
    PathId(name): PathId<JobName>,
) -> Result<Json<JobResponse>, Problem> {
    shown(&state, &name).await?;
    let now = state.clock.now();
    state.store.pause_job(&name.0, &author, now).await?;
    shown(&state, &name).await.map(Json)
}
