//! Background jobs as the admin API sees and steers them.

use async_trait::async_trait;

use super::{JobPause, JobRun, StoreError};
use crate::{Actor, JobRunId, JournalId, Timestamp};

/// What a job is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum JobPhase {
    /// It waits for its time.
    Idle,
    /// A run is under way, here or at another replica.
    Running,
    /// Its schedule is paused.
    Paused,
}

/// A job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobView {
    /// Its stable name.
    pub name: &'static str,
    /// What it does.
    pub description: &'static str,
    /// Time between two scheduled runs, in seconds; `None` where the configuration switched the schedule off.
    pub every_seconds: Option<u64>,
    /// What it is doing.
    pub phase: JobPhase,
    /// Set while its schedule is paused, also during a run that somebody asked for.
    pub paused: Option<JobPause>,
    /// Who runs it, and until when it is believed to.
    pub held: Option<(JournalId, Timestamp)>,
    /// When the schedule wants it next; `None` while it is paused, switched off or never ran.
    pub next_due_at: Option<Timestamp>,
    /// Its latest runs, newest first.
    pub runs: Vec<JobRun>,
}

/// Whether a run that somebody asked for began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobStart {
    /// It did.
    Started(JobRunId),
    /// Another one is under way, here or at another replica.
    Busy,
    /// There is no such job.
    Unknown,
}

/// The jobs of the running gateway.
#[async_trait]
pub trait JobControl: Send + Sync {
    /// All of them, in a fixed order, each with up to `runs` of its latest runs.
    async fn jobs(&self, runs: u16) -> Result<Vec<JobView>, StoreError>;

    /// One of them.
    async fn job(&self, name: &str, runs: u16) -> Result<Option<JobView>, StoreError>;

    /// Begins a run now, paused or not.
    async fn run_job(&self, name: &str, actor: &Actor) -> Result<JobStart, StoreError>;
}

impl JobPhase {
    /// Every phase.
    pub const ALL: [Self; 3] = [Self::Idle, Self::Running, Self::Paused];

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Running => "running",
            Self::Paused => "paused",
        }
    }
}
