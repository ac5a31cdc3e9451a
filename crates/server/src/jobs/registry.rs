//! Which jobs there are, and their runs.

use std::sync::Arc;

use async_trait::async_trait;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tollgate_catalog::sync::PriceSync;
use tollgate_domain::ports::{
    JobBegun, JobControl, JobRecord, JobStart, JobView, NewJobRun, PRICE_SYNC_JOB, Store, StoreError,
};
use tollgate_domain::{Actor, Clock, IdSource, JobRunId, JournalId, RunTrigger, Timestamp};

use super::Job;
use super::price_sync::{PriceSyncJob, phase};
use super::runner::{LEASE, Run};

/// The jobs of this process.
pub(crate) struct Jobs {
    pub(super) store: Arc<dyn Store>,
    pub(super) clock: Arc<dyn Clock>,
    ids: Arc<dyn IdSource>,
    pub(super) holder: JournalId,
    price_sync: PriceSyncJob,
    all: Vec<Arc<dyn Job>>,
    tracker: TaskTracker,
    stop: CancellationToken,
}

/// What all jobs need.
pub(crate) struct JobsParts {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: Arc<dyn IdSource>,
    /// Names this process over restarts.
    pub(crate) holder: JournalId,
    pub(crate) price_sync: Arc<PriceSync>,
    /// How often prices are synced by themselves, in seconds; `None` where they are not.
    pub(crate) price_sync_every: Option<u64>,
    /// Runs them, so that a stop can wait for them.
    pub(crate) tracker: TaskTracker,
    /// Ends them.
    pub(crate) stop: CancellationToken,
}

impl Jobs {
    /// The price sync alone, which runs by itself.
    pub(crate) fn new(parts: JobsParts) -> Self {
        Self {
            store: parts.store,
            clock: parts.clock,
            ids: parts.ids,
            holder: parts.holder,
            price_sync: PriceSyncJob {
                sync: parts.price_sync,
                every_seconds: parts.price_sync_every,
            },
            all: Vec::new(),
            tracker: parts.tracker,
            stop: parts.stop,
        }
    }

    /// Adds a job.
    #[must_use]
    pub(crate) fn with(mut self, job: impl Job + 'static) -> Self {
        self.all.push(Arc::new(job));
        self
    }

    /// Begins to look at the schedules.
    pub(crate) fn start(self) -> Arc<Self> {
        let jobs = Arc::new(self);
        for job in &jobs.all {
            let schedule = Arc::clone(&jobs).follow(Arc::clone(job), jobs.stop.clone());
            jobs.tracker.spawn(schedule);
        }
        jobs
    }

    /// Takes the lease and makes the run's row.
    pub(super) async fn begin(
        &self,
        job: &Arc<dyn Job>,
        trigger: RunTrigger,
        actor: &Actor,
    ) -> Result<Result<Run, JobBegun>, StoreError> {
        let now = self.clock.now();
        let new = NewJobRun {
            id: JobRunId::new(self.ids.new_id(now)),
            job: job.name(),
            trigger,
            actor: actor.clone(),
            holder: self.holder,
            lease_until: now + LEASE,
        };
        Ok(match self.store.begin_job(&new, now).await? {
            JobBegun::Yes(lease) => Ok(Run {
                id: new.id,
                trigger,
                lease,
                job: Arc::clone(job),
            }),
            other => Err(other),
        })
    }

    async fn view(&self, job: &Arc<dyn Job>, runs: u16) -> Result<JobView, StoreError> {
        let record = self.store.job_record(job.name(), runs).await?;
        Ok(view(job.as_ref(), record, self.clock.now()))
    }
}

#[async_trait]
impl JobControl for Jobs {
    async fn jobs(&self, runs: u16) -> Result<Vec<JobView>, StoreError> {
        let now = self.clock.now();
        let mut views = vec![self.price_sync.view(self.store.as_ref(), now, runs).await?];
        for job in &self.all {
            views.push(self.view(job, runs).await?);
        }
        Ok(views)
    }

    async fn job(&self, name: &str, runs: u16) -> Result<Option<JobView>, StoreError> {
        if name == PRICE_SYNC_JOB {
            let now = self.clock.now();
            return self
                .price_sync
                .view(self.store.as_ref(), now, runs)
                .await
                .map(Some);
        }
        match self.all.iter().find(|job| job.name() == name) {
            Some(job) => self.view(job, runs).await.map(Some),
            None => Ok(None),
        }
    }

    async fn run_job(&self, name: &str, actor: &Actor) -> Result<JobStart, StoreError> {
        if name == PRICE_SYNC_JOB {
            return self.price_sync.start(actor).await;
        }
        let Some(job) = self.all.iter().find(|job| job.name() == name) else {
            return Ok(JobStart::Unknown);
        };
        if let Err(error) = job.asked_for().await {
            // The run finds what it finds.
            tracing::warn!(
                job = job.name(),
                error = format!("{error:#}"),
                "a job was not prepared"
            );
        }
        match self.begin(job, RunTrigger::Manual, actor).await? {
            Ok(run) => {
                let id = run.id;
                let (store, clock) = (Arc::clone(&self.store), Arc::clone(&self.clock));
                self.tracker.spawn(run.carry_out(store, clock, self.stop.clone()));
                Ok(JobStart::Started(id))
            }
            Err(_) => Ok(JobStart::Busy),
        }
    }
}

fn view(job: &dyn Job, record: JobRecord, now: Timestamp) -> JobView {
    let held = record.state.held.filter(|(_, until)| *until > now);
    let paused = record.paused.is_some();
    JobView {
        name: job.name(),
        description: job.description(),
        every_seconds: Some(job.every().as_secs()),
        phase: phase(held.is_some(), paused),
        paused: record.paused,
        held,
        next_due_at: record.state.next_due_at.filter(|_| !paused),
        runs: record.runs,
    }
}
