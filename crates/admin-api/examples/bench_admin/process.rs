//! What the bench measures nothing of: a process without jobs, that tests no upstream.

use std::sync::Arc;

use async_trait::async_trait;
use tollgate_domain::ports::{
    BuildInfo, JobControl, JobStart, JobView, JournalDetail, Runtime, Setting, StoreError, System, TestCall,
    TestCalls, TestOutcome, TestPlan, TestRefusal,
};
use tollgate_domain::{Actor, Timestamp};

/// The process of a bench.
pub(crate) struct Process {
    pub(crate) runtime: Arc<dyn Runtime>,
    pub(crate) started_at: Timestamp,
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
    async fn jobs(&self, _: u16) -> Result<Vec<JobView>, StoreError> {
        Ok(Vec::new())
    }

    async fn job(&self, _: &str, _: u16) -> Result<Option<JobView>, StoreError> {
        Ok(None)
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
