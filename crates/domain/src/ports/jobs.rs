//! Background jobs: who runs them, what came of their runs, and which the operator has paused.

use async_trait::async_trait;

use super::{JobState, Lease, StoreError};
use crate::{Actor, JobRunId, JournalId, RunTrigger, Timestamp};

/// How many runs of a job are kept.
pub const KEPT_JOB_RUNS: u16 = 50;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum JobOutcome {
    /// It did what it had to.
    Done,
    /// It could not.
    Failed,
    /// The process that ran it went away.
    Interrupted,
}

/// A run, ended or under way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobRun {
    /// Its id.
    pub id: JobRunId,
    /// What set it off.
    pub trigger: RunTrigger,
    /// Who set it off.
    pub author: String,
    /// The process that runs it.
    pub holder: Option<JournalId>,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended, and how; `None` while it is under way.
    pub ended: Option<(Timestamp, JobOutcome)>,
    /// What it did, or why it failed.
    pub detail: Option<String>,
}

/// Who paused a job, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobPause {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: String,
}

/// A job as all replicas see it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct JobRecord {
    /// Its lease and schedule.
    pub state: JobState,
    /// Set while its schedule is paused.
    pub paused: Option<JobPause>,
    /// Its latest runs, newest first.
    pub runs: Vec<JobRun>,
}

/// A run to begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewJobRun {
    /// Its id.
    pub id: JobRunId,
    /// Of which job.
    pub job: &'static str,
    /// What set it off.
    pub trigger: RunTrigger,
    /// Who set it off; noted in the audit log where it was an operator.
    pub actor: Actor,
    /// The process that will run it.
    pub holder: JournalId,
    /// How long it is believed to run without another word.
    pub lease_until: Timestamp,
}

/// Whether a run began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobBegun {
    /// It did.
    Yes(Lease),
    /// Another one is under way, here or at another replica.
    Busy,
    /// The schedule is paused. Runs that somebody asks for begin all the same.
    Paused,
    /// The schedule does not want it yet: another replica has run it meanwhile.
    NotDue,
}

/// What came of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FinishedJobRun {
    /// The run.
    pub id: JobRunId,
    /// Of which job.
    pub job: &'static str,
    /// The right to write it.
    pub lease: Lease,
    /// How it ended.
    pub outcome: JobOutcome,
    /// What it did, or why it failed.
    pub detail: Option<String>,
    /// Whether it is worth remembering. A scheduled run that found nothing to do leaves no row.
    pub keep: bool,
    /// When the schedule wants the next one.
    pub next_due_at: Timestamp,
}

/// Jobs in the database. One process at a time runs a job, under a lease with a fencing number.
#[async_trait]
pub trait JobStore: Send + Sync {
    /// A job with up to `runs` of its latest runs.
    async fn job_record(&self, job: &str, runs: u16) -> Result<JobRecord, StoreError>;

    /// Takes the lease and begins a run. A scheduled one begins only if it is due and the job is not paused. What
    /// another process left open is marked as interrupted, and runs beyond [`KEPT_JOB_RUNS`] are forgotten.
    async fn begin_job(&self, run: &NewJobRun, at: Timestamp) -> Result<JobBegun, StoreError>;

    /// Says that a run is still under way; `false` when the lease is lost.
    async fn keep_job(&self, job: &str, lease: Lease, until: Timestamp) -> Result<bool, StoreError>;

    /// Ends a run and gives the lease back; `false` when it was lost, and then nothing is written.
    async fn finish_job(&self, run: &FinishedJobRun, at: Timestamp) -> Result<bool, StoreError>;

    /// Ends the runs of a job that `holder` left open before it was restarted.
    async fn clear_job(&self, job: &str, holder: JournalId, at: Timestamp) -> Result<bool, StoreError>;

    /// Stops a job's schedule on all replicas. Repeating it changes nothing and is not noted.
    async fn pause_job(&self, job: &str, actor: &Actor, at: Timestamp) -> Result<(), StoreError>;

    /// Lets a job's schedule go on. Repeating it changes nothing and is not noted.
    async fn resume_job(&self, job: &str, actor: &Actor, at: Timestamp) -> Result<(), StoreError>;

    /// Whether a job's schedule is paused.
    async fn job_paused(&self, job: &str) -> Result<bool, StoreError>;
}

impl JobOutcome {
    /// Every outcome.
    pub const ALL: [Self; 3] = [Self::Done, Self::Failed, Self::Interrupted];

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Interrupted => "interrupted",
        }
    }
}
