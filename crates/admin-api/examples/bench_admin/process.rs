//! The process of the bench: it carries no jobs out and tests no upstream. Its jobs are read from the database as the
//! gateway reads them; its journal and its settings are in memory there as well, and are empty here.

use std::sync::Arc;

use async_trait::async_trait;
use tollgate_domain::ports::{
    BuildInfo, JobControl, JobPhase, JobStart, JobStore, JobView, JournalDetail, PRICE_SYNC_JOB,
    ReleaseStore, Runtime, Setting, StoreError, System, TestCall, TestCalls, TestOutcome, TestPlan,
    TestRefusal,
};
use tollgate_domain::{Actor, Timestamp};
use tollgate_storage::Database;

/// The jobs beside the price sync.
const JOBS: [&str; 4] = [
    "partition_maintenance",
    "deferred_usage",
    "access_cleanup",
    "log_retention",
];

/// The process of a bench.
pub(crate) struct Process {
    pub(crate) store: Arc<Database>,
    pub(crate) runtime: Arc<dyn Runtime>,
    pub(crate) started_at: Timestamp,
}

impl Process {
    /// A job with its latest runs.
    async fn view(&self, name: &'static str, runs: u16) -> Result<JobView, StoreError> {
        let record = self.store.job_record(name, runs).await?;
        let mut state = record.state;
        if name == PRICE_SYNC_JOB {
            // It has a history of its own.
            state = self.store.sync_job().await?;
            self.store.releases(None, runs.max(1)).await?;
        }
        Ok(JobView {
            name,
            description: "read from the database",
            every_seconds: Some(60),
            phase: JobPhase::Idle,
            paused: record.paused,
            held: state.held,
            next_due_at: state.next_due_at,
            runs: record.runs,
        })
    }
}

#[async_trait]
impl System for Process {
    fn build(&self) -> BuildInfo {
        BuildInfo {
            version: env!("CARGO_PKG_VERSION"),
            commit: None,
            rustc: None,
            target: std::env::consts::ARCH,
            profile: "bench",
            features: Vec::new(),
            started_at: self.started_at,
        }
    }

    fn settings(&self) -> Vec<Setting> {
        Vec::new()
    }

    async fn journal_detail(&self) -> JournalDetail {
        JournalDetail {
            state: self.runtime.journal(),
            segments: 0,
            disk_budget_bytes: 0,
            reserve_held: false,
            queued_bytes: 0,
            writing_for_us: 0,
            last_position: 0,
            durable_position: 0,
            committed_position: 0,
            oldest_pending_at: None,
            last_sync_at: None,
            syncs: 0,
            sync_failures: 0,
            refused: 0,
            durability: "process",
            when_full: "refuse",
            retention_hours: 0,
        }
    }
}

#[async_trait]
impl JobControl for Process {
    async fn jobs(&self, runs: u16) -> Result<Vec<JobView>, StoreError> {
        let mut views = vec![self.view(PRICE_SYNC_JOB, runs).await?];
        for name in JOBS {
            views.push(self.view(name, runs).await?);
        }
        Ok(views)
    }

    async fn job(&self, name: &str, runs: u16) -> Result<Option<JobView>, StoreError> {
        let known = JOBS
            .into_iter()
            .chain([PRICE_SYNC_JOB])
            .find(|known| *known == name);
        match known {
            Some(known) => self.view(known, runs).await.map(Some),
            None => Ok(None),
        }
    }

    async fn run_job(&self, _: &str, _: &Actor) -> Result<JobStart, StoreError> {
        Ok(JobStart::Unknown)
    }
}

#[async_trait]
impl TestCalls for Process {
    fn plan(&self, _: &TestCall) -> Result<TestPlan, TestRefusal> {
        Err(TestRefusal::UnknownUpstream)
    }

    async fn call(&self, _: TestCall) -> Result<TestOutcome, TestRefusal> {
        Err(TestRefusal::UnknownUpstream)
    }
}
