//! One workload at one concurrency, measured both ways.

use std::time::Duration;

use anyhow::{Result, ensure};
use tollgate_testkit::load::{self, LoadPlan, LoadReport};

use crate::stage::Stage;
use crate::workload::{PROMPT_BYTES, Workload};

/// How much of a round is sent beforehand, so that connections are open and code is paged in.
const WARM_UP_SHARE: u64 = 10;

/// The figures of all rounds.
pub(crate) struct Cell {
    pub(crate) workload: Workload,
    pub(crate) concurrency: usize,
    pub(crate) direct: Measured,
    pub(crate) proxied: Measured,
    /// The gateway's CPU time over the measured rounds.
    pub(crate) cpu: Duration,
    requests: u64,
    warm_up: u64,
}

/// What one way took.
#[derive(Debug, Default)]
pub(crate) struct Measured {
    durations: Vec<Duration>,
    wall: Duration,
}

impl Cell {
    /// Without figures yet.
    pub(crate) fn new(workload: Workload, concurrency: usize, asked: u64) -> Self {
        let requests = workload.requests(asked);
        Self {
            workload,
            concurrency,
            direct: Measured::default(),
            proxied: Measured::default(),
            cpu: Duration::ZERO,
            requests,
            warm_up: (requests / WARM_UP_SHARE).max(1),
        }
    }

    /// Sends a little both ways, unmeasured.
    pub(crate) async fn warm_up(&self, stage: &Stage) -> Result<()> {
        self.run(stage, false, self.warm_up).await?;
        self.run(stage, true, self.warm_up).await?;
        stage.caught_up().await
    }

    /// One round both ways.
    pub(crate) async fn measure(&mut self, stage: &Stage, proxied_first: bool) -> Result<()> {
        for proxied in [proxied_first, !proxied_first] {
            if proxied {
                let before = stage.cpu()?;
                let report = self.run(stage, true, self.requests).await?;
                stage.caught_up().await?;
                self.cpu += stage.cpu()?.saturating_sub(before);
                self.proxied.add(&report);
            } else {
                let report = self.run(stage, false, self.requests).await?;
                self.direct.add(&report);
            }
        }
        Ok(())
    }

    /// Requests that went through the gateway, warming up included.
    pub(crate) fn proxied_requests(&self) -> u64 {
        self.warm_up + self.proxied.count()
    }

    async fn run(&self, stage: &Stage, proxied: bool, requests: u64) -> Result<LoadReport> {
        // The invoice of the last run would only take memory.
        stage.provider.reset();
        stage.provider.script_all(self.workload.script());
        let (base_url, key) = if proxied {
            (stage.gateway_url().to_owned(), stage.key.as_str())
        } else {
            (stage.provider.base_url(), stage.provider.credential())
        };
        let mut plan = LoadPlan::new(base_url, key)
            .requests(requests)
            .concurrency(self.concurrency)
            .traffic(vec![self.workload.traffic()]);
        plan.prompt_bytes = PROMPT_BYTES;
        let report = load::run(plan).await?;
        let failed = report.failures().next();
        ensure!(failed.is_none(), "a request failed: {failed:?}");
        Ok(report)
    }
}

impl Measured {
    /// Requests answered.
    pub(crate) fn count(&self) -> u64 {
        u64::try_from(self.durations.len()).unwrap_or(u64::MAX)
    }

    /// Whole requests per second.
    pub(crate) fn per_second(&self) -> u128 {
        u128::from(self.count()) * 1_000_000 / self.wall.as_micros().max(1)
    }

    /// The duration that this percentage of the requests did not exceed (nearest rank).
    pub(crate) fn percentile(&self, percent: usize) -> Duration {
        let mut sorted = self.durations.clone();
        sorted.sort_unstable();
        let rank = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
        sorted.get(rank).copied().unwrap_or_default()
    }

    fn add(&mut self, report: &LoadReport) {
        self.durations
            .extend(report.outcomes.iter().map(|outcome| outcome.duration));
        self.wall += report.wall;
    }
}
