//! `GET /api/admin/system/jobs`

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::LISTED_RUNS;
use super::json::{JobResponse, example};
use crate::AdminState;
use crate::problem::{Problem, ReadProblems};

/// All jobs.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = JobList, examples(json!({"items": [example()]})))]
pub(super) struct JobListResponse {
    /// The jobs, in a fixed order, each with its last runs.
    items: Vec<JobResponse>,
}

/// Lists the background jobs with their state, schedule and last runs.
#[utoipa::path(
    get, path = "/api/admin/system/jobs", tag = "system",
    responses((status = 200, description = "The jobs", body = JobListResponse), ReadProblems),
    security(("admin_token" = [])),
)]
pub(super) async fn list_jobs(State(state): State<AdminState>) -> Result<Json<JobListResponse>, Problem> {
    let jobs = state.jobs.jobs(LISTED_RUNS).await?;
    Ok(Json(JobListResponse {
        items: jobs.into_iter().map(Into::into).collect(),
    }))
}
