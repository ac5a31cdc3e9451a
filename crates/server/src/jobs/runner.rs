//! The schedule of a job, and one run of it.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use tokio_util::sync::CancellationToken;
use tollgate_domain::ports::{FinishedJobRun, JobOutcome, Lease, Store};
use tollgate_domain::{Actor, Clock, JobRunId, RunTrigger};

use super::{Job, Jobs, Report};

/// How long a run may be silent before another process takes over.
pub(super) const LEASE: Duration = Duration::from_mins(1);
/// How often a schedule is looked at, at most and at least.
const LOOK: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(15));
/// After a failed run the next one is due this soon, where the schedule is slower.
const AFTER_FAILURE: Duration = Duration::from_mins(10);
/// Whose name scheduled runs carry.
const AUTHOR: &str = "schedule";

/// A run that has begun and is to be carried out.
pub(super) struct Run {
    pub(super) id: JobRunId,
    pub(super) trigger: RunTrigger,
    pub(super) lease: Lease,
    pub(super) job: Arc<dyn Job>,
}

/// How a run went.
struct Ended {
    outcome: JobOutcome,
    detail: Option<String>,
    /// There was nothing to do.
    idle: bool,
}

impl Jobs {
    /// Looks at one job's schedule until stopped.
    pub(super) async fn follow(self: Arc<Self>, job: Arc<dyn Job>, stop: CancellationToken) {
        let look = (job.every() / 2).clamp(LOOK.0, LOOK.1);
        let cleared = self
            .store
            .clear_job(job.name(), self.holder, self.clock.now())
            .await;
        if let Ok(true) = cleared {
            tracing::warn!(job = job.name(), "a run was cut short by the last stop");
        }
        loop {
            if let Err(error) = self.look(&job, &stop).await {
                tracing::debug!(job = job.name(), %error, "the schedule cannot be read");
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(look) => {}
            }
        }
    }

    /// Runs the job if it is due and nobody else does.
    async fn look(
        &self,
        job: &Arc<dyn Job>,
        stop: &CancellationToken,
    ) -> Result<(), tollgate_domain::ports::StoreError> {
        let record = self.store.job_record(job.name(), 0).await?;
        let now = self.clock.now();
        let waits = record.state.next_due_at.is_some_and(|due| due > now);
        let held = record.state.held.is_some_and(|(_, until)| until > now);
        if waits || held || record.paused.is_some() || stop.is_cancelled() || !job.has_work().await {
            return Ok(());
        }
        // Where another replica was quicker there is no run.
        if let Ok(run) = self
            .begin(job, RunTrigger::Schedule, &Actor::system(AUTHOR))
            .await?
        {
            let (store, clock) = (Arc::clone(&self.store), Arc::clone(&self.clock));
            run.carry_out(store, clock, stop.clone()).await;
        }
        Ok(())
    }
}

impl Run {
    /// Runs the job while keeping the lease, and notes what came of it.
    pub(super) async fn carry_out(
        self,
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        stop: CancellationToken,
    ) {
        let name = self.job.name();
        let ended = tokio::select! {
            report = self.job.run(&stop) => Ended::of(report),
            () = self.keep_lease(store.as_ref(), clock.as_ref()) => {
                tracing::warn!(job = name, "another process took the job over");
                return;
            }
            () = stopped(&stop) => Ended {
                outcome: JobOutcome::Interrupted,
                detail: Some("the gateway was stopped".to_owned()),
                idle: false,
            },
        };
        if let (JobOutcome::Failed, Some(detail)) = (ended.outcome, &ended.detail) {
            tracing::warn!(job = name, error = detail, "a job failed");
        }
        let now = clock.now();
        let pause = match ended.outcome {
            JobOutcome::Done => self.job.every(),
            JobOutcome::Failed => self.job.every().min(AFTER_FAILURE),
            JobOutcome::Interrupted => Duration::ZERO,
        };
        let finished = FinishedJobRun {
            id: self.id,
            job: name,
            lease: self.lease,
            outcome: ended.outcome,
            detail: ended.detail,
            keep: !(ended.idle && self.trigger == RunTrigger::Schedule),
            next_due_at: now + TimeDelta::from_std(pause).unwrap_or(TimeDelta::hours(1)),
        };
        if let Err(error) = store.finish_job(&finished, now).await {
            tracing::warn!(job = name, %error, "what came of a job could not be noted; its lease runs out");
        }
    }

    /// Renews the lease until it is lost.
    async fn keep_lease(&self, store: &dyn Store, clock: &dyn Clock) {
        loop {
            tokio::time::sleep(LEASE / 3).await;
            let until = clock.now() + LEASE;
            // A database that is away takes nothing away either.
            if let Ok(false) = store.keep_job(self.job.name(), self.lease, until).await {
                return;
            }
        }
    }
}

impl Ended {
    fn of(report: anyhow::Result<Report>) -> Self {
        let (outcome, detail, idle) = match report {
            Ok(Report::Nothing) => (JobOutcome::Done, Some("there was nothing to do".to_owned()), true),
            Ok(Report::Did(what)) => (JobOutcome::Done, Some(what), false),
            Err(error) => (JobOutcome::Failed, Some(format!("{error:#}")), false),
        };
        Self {
            outcome,
            detail,
            idle,
        }
    }
}

/// A moment after the stop, so that a job that minds it ends by itself.
async fn stopped(stop: &CancellationToken) {
    stop.cancelled().await;
    tokio::time::sleep(Duration::from_secs(3)).await;
}
