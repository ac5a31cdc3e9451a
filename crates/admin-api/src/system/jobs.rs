//! `/api/admin/system/jobs`: what the gateway does in the background.

mod get;
mod json;
mod list;
mod pause;
mod resume;
mod run;

use std::convert::Infallible;
use std::str::FromStr;

use utoipa_axum::routes;

use crate::AdminState;
use crate::guarded::Guarded;
use crate::problem::Problem;

/// Runs shown where one job is read.
const RUNS: u16 = 20;
/// Runs of each job in the list.
const LISTED_RUNS: u16 = 3;

/// A job's name in a path.
#[derive(Debug)]
struct JobName(String);

pub(super) fn routes() -> Guarded {
    Guarded::default()
        .viewer(routes!(list::list_jobs))
        .viewer(routes!(get::get_job))
        .admin(routes!(run::run_job))
        .admin(routes!(pause::pause_job))
        .admin(routes!(resume::resume_job))
}

/// A job as it is now.
async fn shown(state: &AdminState, name: &JobName) -> Result<json::JobResponse, Problem> {
    let job = state.jobs.job(&name.0, RUNS).await?;
    let job = job.ok_or_else(|| Problem::not_found("job", &name.0))?;
    Ok(job.into())
}

impl FromStr for JobName {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self(text.to_owned()))
    }
}
