//! `POST /api/admin/system/jobs/{name}/run`

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use http::StatusCode;
use http::header::LOCATION;
use tollgate_domain::ports::JobStart;

use super::json::JobResponse;
use super::{JobName, shown};
use crate::AdminState;
use crate::auth::Author;
use crate::extract::PathId;
use crate::problem::{Problem, ProblemType, RunJobProblems};

/// Runs a job now, whether its schedule is paused or not. Follow it at its `Location`.
#[utoipa::path(
    post, path = "/api/admin/system/jobs/{name}/run", tag = "system",
    params(("name" = String, Path, description = "The job")),
    responses(
        (status = 202, description = "It has begun", body = JobResponse, headers(
            ("Location" = String, description = "Where to follow it"),
        )),
        RunJobProblems,
    ),
    security(("admin_token" = [])),
)]
pub(super) async fn run_job(
    State(state): State<AdminState>,
    Author(author): Author,
    PathId(name): PathId<JobName>,
) -> Result<impl IntoResponse, Problem> {
    let path = format!("/api/admin/system/jobs/{}", name.0);
    match state.jobs.run_job(&name.0, &author).await? {
        JobStart::Started(_) => {
            let job = shown(&state, &name).await?;
            Ok((StatusCode::ACCEPTED, [(LOCATION, path)], Json(job)))
        }
        JobStart::Busy => {
            let detail = format!("a run is under way, here or at another replica; follow it at {path}");
            Err(Problem::new(ProblemType::JobRunning, detail))
        }
        JobStart::Unknown => Err(Problem::not_found("job", &name.0)),
    }
}
