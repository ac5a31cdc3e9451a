//! Runs of background jobs, and pauses.

use diesel::prelude::*;
use tollgate_domain::ports::{JobOutcome, JobPause, JobRun, NewJobRun};
use tollgate_domain::{JobRunId, JournalId, RunTrigger, Timestamp};

use super::stored::named;
use crate::error::Corrupt;
use crate::schema::{job_pauses, job_runs};
use crate::value::{At, Id};

/// A row of `job_runs`.
#[derive(Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = job_runs, treat_none_as_default_value = false)]
pub(crate) struct JobRunRow {
    pub(crate) id: Id,
    pub(crate) job: String,
    pub(crate) cause: String,
    pub(crate) author: String,
    pub(crate) holder: Id,
    pub(crate) started_at: At,
    pub(crate) ended_at: Option<At>,
    pub(crate) outcome: Option<String>,
    pub(crate) detail: Option<String>,
}

/// A row of `job_pauses`.
#[derive(Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = job_pauses)]
pub(crate) struct JobPauseRow {
    pub(crate) job: String,
    pub(crate) paused_at: At,
    pub(crate) paused_by: String,
}

impl JobRunRow {
    pub(crate) fn begun(run: &NewJobRun, at: Timestamp) -> Self {
        Self {
            id: Id(run.id.uuid()),
            job: run.job.to_owned(),
            cause: run.trigger.as_str().to_owned(),
            author: run.actor.name.to_string(),
            holder: Id(run.holder.uuid()),
            started_at: At(at),
            ended_at: None,
            outcome: None,
            detail: None,
        }
    }
}

impl TryFrom<JobRunRow> for JobRun {
    type Error = Corrupt;

    fn try_from(row: JobRunRow) -> Result<Self, Corrupt> {
        let outcome = row
            .outcome
            .map(|name| named("job outcome", &name, &JobOutcome::ALL, JobOutcome::as_str))
            .transpose()?;
        Ok(Self {
            id: JobRunId::new(row.id.0),
            trigger: named("job cause", &row.cause, RunTrigger::ALL, RunTrigger::as_str)?,
            author: row.author,
            holder: Some(JournalId::new(row.holder.0)),
            started_at: row.started_at.0,
            ended: row.ended_at.map(|at| at.0).zip(outcome),
            detail: row.detail,
        })
    }
}

impl From<JobPauseRow> for JobPause {
    fn from(row: JobPauseRow) -> Self {
        Self {
            at: row.paused_at.0,
            by: row.paused_by,
        }
    }
}
