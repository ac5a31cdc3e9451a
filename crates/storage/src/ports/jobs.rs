//! Background jobs.

use async_trait::async_trait;
use tollgate_domain::ports::{FinishedJobRun, JobBegun, JobRecord, JobStore, Lease, NewJobRun, StoreError};
use tollgate_domain::{Actor, JournalId, Timestamp};

use crate::database::{Database, run};

#[async_trait]
impl JobStore for Database {
    async fn job_record(&self, job: &str, runs: u16) -> Result<JobRecord, StoreError> {
        let job = job.to_owned();
        run!(self.backend, reading, "reading a job", jobs::record(&job, runs))
    }

    async fn begin_job(&self, new: &NewJobRun, at: Timestamp) -> Result<JobBegun, StoreError> {
        let new = new.clone();
        run!(self.backend, writing, "beginning a job", jobs::begin(&new, at))
    }

    async fn keep_job(&self, job: &str, lease: Lease, until: Timestamp) -> Result<bool, StoreError> {
        let job = job.to_owned();
        run!(
            self.backend,
            writing,
            "keeping a job's lease",
            jobs::keep(&job, lease, until)
        )
    }

    async fn finish_job(&self, finished: &FinishedJobRun, at: Timestamp) -> Result<bool, StoreError> {
        let finished = finished.clone();
        run!(self.backend, writing, "ending a job", jobs::finish(&finished, at))
    }

    async fn clear_job(&self, job: &str, holder: JournalId, at: Timestamp) -> Result<bool, StoreError> {
        let job = job.to_owned();
        run!(
            self.backend,
            writing,
            "clearing a job's lease",
            jobs::clear(&job, holder, at)
        )
    }

    async fn pause_job(&self, job: &str, actor: &Actor, at: Timestamp) -> Result<(), StoreError> {
        let (job, actor) = (job.to_owned(), actor.clone());
        run!(
            self.backend,
            writing,
            "pausing a job",
            jobs::pause(&job, &actor, at)
        )
    }

    async fn resume_job(&self, job: &str, actor: &Actor, at: Timestamp) -> Result<(), StoreError> {
        let (job, actor) = (job.to_owned(), actor.clone());
        run!(
            self.backend,
            writing,
            "resuming a job",
            jobs::resume(&job, &actor, at)
        )
    }

    async fn job_paused(&self, job: &str) -> Result<bool, StoreError> {
        let job = job.to_owned();
        run!(
            self.backend,
            reading,
            "reading whether a job is paused",
            jobs::paused(&job)
        )
    }
}
