//! The price sync among the jobs. It has a runner and a history of its own: its runs are releases.

use std::sync::Arc;

use tollgate_catalog::sync::PriceSync;
use tollgate_domain::ports::{
    JobOutcome, JobPhase, JobRun, JobStart, JobView, PRICE_SYNC_JOB, Store, StoreError, SyncStart,
};
use tollgate_domain::{Actor, JobRunId, PriceRelease, ReleaseOrigin, ReleaseState, Timestamp};

/// The price sync as a job.
pub(super) struct PriceSyncJob {
    pub(super) sync: Arc<PriceSync>,
    /// Time between two scheduled runs; `None` where the schedule is off.
    pub(super) every_seconds: Option<u64>,
}

impl PriceSyncJob {
    pub(super) async fn view(
        &self,
        store: &dyn Store,
        now: Timestamp,
        runs: u16,
    ) -> Result<JobView, StoreError> {
        let state = store.sync_job().await?;
        let paused = store.job_record(PRICE_SYNC_JOB, 0).await?.paused;
        let releases = store.releases(None, runs.max(1)).await?;
        let synced = releases
            .into_iter()
            .filter(|release| release.origin == ReleaseOrigin::Synced);
        let held = state.held.filter(|(_, until)| *until > now);
        let waits = paused.is_none() && self.every_seconds.is_some();
        Ok(JobView {
            name: PRICE_SYNC_JOB,
            description: "Fetches the public price map and puts in force what the guard lets pass",
            every_seconds: self.every_seconds,
            phase: phase(held.is_some(), paused.is_some()),
            paused,
            held,
            next_due_at: state.next_due_at.filter(|_| waits),
            runs: synced.take(usize::from(runs)).map(as_run).collect(),
        })
    }

    pub(super) async fn start(&self, actor: &Actor) -> Result<JobStart, StoreError> {
        Ok(match self.sync.start(actor, false).await? {
            SyncStart::Started(id) => JobStart::Started(JobRunId::new(id.uuid())),
            SyncStart::Busy(_) => JobStart::Busy,
        })
    }
}

/// What a job is doing.
pub(super) fn phase(running: bool, paused: bool) -> JobPhase {
    match (running, paused) {
        (true, _) => JobPhase::Running,
        (false, true) => JobPhase::Paused,
        (false, false) => JobPhase::Idle,
    }
}

fn as_run(release: PriceRelease) -> JobRun {
    let outcome = if release.state == ReleaseState::Failed {
        JobOutcome::Failed
    } else {
        JobOutcome::Done
    };
    let detail = match release.reason {
        Some(reason) => format!("{}: {reason}", release.state),
        None => release.state.to_string(),
    };
    JobRun {
        id: JobRunId::new(release.id.uuid()),
        trigger: release.trigger,
        author: release.author,
        holder: None,
        started_at: release.started_at,
        ended: release.finished_at.map(|at| (at, outcome)),
        detail: Some(detail),
    }
}
