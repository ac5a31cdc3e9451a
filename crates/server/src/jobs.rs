//! Background jobs.
//!
//! To add one: implement [`Job`] and hand it to [`Jobs::with`] where `serve` puts the parts together. Everything else
//! comes with that: one runner among all replicas, the schedule, pause, runs on demand, the history, the admin API.

mod access;
mod deferred;
mod log_retention;
mod partitions;
mod price_sync;
mod registry;
mod runner;

use std::time::Duration;

use async_trait::async_trait;
use tokio_util::sync::CancellationToken;

pub(crate) use access::AccessCleanup;
pub(crate) use deferred::{DeferredUsage, Looker, LookerPlace};
pub(crate) use log_retention::LogRetention;
pub(crate) use partitions::PartitionMaintenance;
pub(crate) use registry::{Jobs, JobsParts};

/// What is done in the background on a schedule, by one process at a time among all on one database.
#[async_trait]
pub(crate) trait Job: Send + Sync {
    /// Its stable name; snake case.
    fn name(&self) -> &'static str;

    /// What it does, in words for the operator.
    fn description(&self) -> &'static str;

    /// Time between two scheduled runs.
    fn every(&self) -> Duration;

    /// Whether a scheduled run is worth beginning. A job that is looked at often says no where it can tell at little cost.
    async fn has_work(&self) -> bool {
        true
    }

    /// An operator has asked for the run that begins next.
    ///
    /// # Errors
    /// What keeps it from beginning.
    async fn asked_for(&self) -> anyhow::Result<()> {
        Ok(())
    }

    /// One run. It should end soon once `stop` is cancelled, and may be cut short at any await: the next run has to be
    /// able to start from whatever this one leaves.
    ///
    /// # Errors
    /// Whatever kept it from doing its work; kept with the run, so nothing in it may be secret.
    async fn run(&self, stop: &CancellationToken) -> anyhow::Result<Report>;
}

/// What a run did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Report {
    /// There was nothing to do. A scheduled run leaves no trace then.
    Nothing,
    /// What was done, in words.
    Did(String),
}
