use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use tollgate_domain::ports::{
    FinishedJobRun, JobBegun, JobControl, JobOutcome, JobPause, JobPhase, JobRecord, JobRun, JobStart,
    JobStore, JobView, Lease, NewJobRun, StoreError,
};
use tollgate_domain::{Actor, JobRunId, JournalId, RunTrigger, Timestamp};
use uuid::Uuid;

use super::FakeStore;
use crate::test_api::now;

/// One job, `sweep`, that ran once.
pub(crate) struct FakeJobs {
    store: Arc<FakeStore>,
    /// What comes of asking for a run.
    pub(crate) start: Mutex<JobStart>,
    /// Who asked for one.
    pub(crate) asked: Mutex<Vec<String>>,
    /// How many runs were asked for last.
    pub(crate) asked_runs: Mutex<u16>,
}

impl FakeJobs {
    pub(crate) fn new(store: Arc<FakeStore>) -> Self {
        Self {
            store,
            start: Mutex::new(JobStart::Started(JobRunId::new(Uuid::from_u128(7)))),
            asked: Mutex::default(),
            asked_runs: Mutex::default(),
        }
    }

    fn view(&self, runs: u16) -> Result<JobView, StoreError> {
        *self.asked_runs.lock().unwrap() = runs;
        let shelves = self.store.open()?;
        let pause = shelves.pauses.iter().find(|(job, _)| job == "sweep");
        let paused = pause.map(|(_, by)| JobPause {
            at: now(),
            by: by.clone(),
        });
        let phase = if paused.is_some() {
            JobPhase::Paused
        } else {
            JobPhase::Idle
        };
        Ok(JobView {
            name: "sweep",
            description: "Sweeps",
            every_seconds: Some(60),
            phase,
            paused,
            held: None,
            next_due_at: Some(now()),
            runs: vec![JobRun {
                id: JobRunId::new(Uuid::from_u128(6)),
                trigger: RunTrigger::Schedule,
                author: "schedule".to_owned(),
                holder: Some(JournalId::new(Uuid::from_u128(4))),
                started_at: "2026-11-05T07:59:00Z".parse().unwrap(),
                ended: Some(("2026-11-05T07:59:01.5Z".parse().unwrap(), JobOutcome::Failed)),
                detail: Some("the broom broke".to_owned()),
            }],
        })
    }
}

#[async_trait]
impl JobControl for FakeJobs {
    async fn jobs(&self, runs: u16) -> Result<Vec<JobView>, StoreError> {
        Ok(vec![self.view(runs)?])
    }

    async fn job(&self, name: &str, runs: u16) -> Result<Option<JobView>, StoreError> {
        (name == "sweep").then(|| self.view(runs)).transpose()
    }

    async fn run_job(&self, name: &str, actor: &Actor) -> Result<JobStart, StoreError> {
        if name != "sweep" {
            return Ok(JobStart::Unknown);
        }
        self.asked.lock().unwrap().push(actor.name.to_string());
        Ok(*self.start.lock().unwrap())
    }
}

#[async_trait]
impl JobStore for FakeStore {
    async fn job_record(&self, _: &str, _: u16) -> Result<JobRecord, StoreError> {
        Ok(JobRecord::default())
    }

    async fn begin_job(&self, _: &NewJobRun, _: Timestamp) -> Result<JobBegun, StoreError> {
        Ok(JobBegun::Busy)
    }

    async fn keep_job(&self, _: &str, _: Lease, _: Timestamp) -> Result<bool, StoreError> {
        Ok(false)
    }

    async fn finish_job(&self, _: &FinishedJobRun, _: Timestamp) -> Result<bool, StoreError> {
        Ok(false)
    }

    async fn clear_job(&self, _: &str, _: JournalId, _: Timestamp) -> Result<bool, StoreError> {
        Ok(false)
    }

    async fn pause_job(&self, job: &str, actor: &Actor, _: Timestamp) -> Result<(), StoreError> {
        let mut shelves = self.open()?;
        if !shelves.pauses.iter().any(|(paused, _)| paused == job) {
            shelves.pauses.push((job.to_owned(), actor.name.to_string()));
        }
        Ok(())
    }

    async fn resume_job(&self, job: &str, _: &Actor, _: Timestamp) -> Result<(), StoreError> {
        self.open()?.pauses.retain(|(paused, _)| paused != job);
        Ok(())
    }

    async fn job_paused(&self, job: &str) -> Result<bool, StoreError> {
        Ok(self.open()?.pauses.iter().any(|(paused, _)| paused == job))
    }
}
