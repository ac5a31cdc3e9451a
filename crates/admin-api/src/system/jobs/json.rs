//! Jobs on the wire.

use serde::Serialize;
use tollgate_domain::ports::{JobOutcome, JobRun, JobView};
use tollgate_domain::{JobRunId, JournalId, Timestamp};
use utoipa::ToSchema;

use crate::schema::{JobOutcomeSchema, JobPhaseSchema, RunTriggerSchema, TimestampSchema};

/// A background job. Among all gateways on one database one runs it at a time.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Job, examples(super::json::example))]
pub(super) struct JobResponse {
    /// Its stable name.
    name: &'static str,
    /// What it does.
    description: &'static str,
    /// Time between two scheduled runs; null where the configuration switched the schedule off.
    every_seconds: Option<u64>,
    /// What it is doing.
    #[schema(value_type = JobPhaseSchema)]
    state: &'static str,
    /// Who paused its schedule; null while it is not paused.
    paused_by: Option<String>,
    /// Since when.
    #[schema(value_type = Option<TimestampSchema>)]
    paused_at: Option<Timestamp>,
    /// The process that runs it; null while it does not run.
    #[schema(value_type = Option<Uuid>)]
    lease_holder: Option<JournalId>,
    /// Until when that process is believed to, unless it says so again.
    #[schema(value_type = Option<TimestampSchema>)]
    lease_expires_at: Option<Timestamp>,
    /// When the schedule wants it next; null while it is paused, switched off, or before its first run.
    #[schema(value_type = Option<TimestampSchema>)]
    next_run_at: Option<Timestamp>,
    /// Its latest runs, newest first; 50 are kept. Scheduled runs that found nothing to do are not among them.
    runs: Vec<JobRunJson>,
}

/// A run of a job.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = JobRun, examples(run_example))]
pub(super) struct JobRunJson {
    /// Its id; that of a price sync is its release's.
    #[schema(value_type = Uuid)]
    id: JobRunId,
    /// What set it off.
    #[schema(value_type = RunTriggerSchema)]
    trigger: &'static str,
    /// Who set it off.
    author: String,
    /// The process that ran it; null where that is not known.
    #[schema(value_type = Option<Uuid>)]
    process_id: Option<JournalId>,
    /// When it began.
    #[schema(value_type = TimestampSchema)]
    started_at: Timestamp,
    /// When it ended; null while it is under way.
    #[schema(value_type = Option<TimestampSchema>)]
    ended_at: Option<Timestamp>,
    /// How long it took; null while it is under way.
    duration_ms: Option<i64>,
    /// How it ended; null while it is under way.
    #[schema(value_type = Option<JobOutcomeSchema>)]
    outcome: Option<&'static str>,
    /// What it did, or why it failed.
    detail: Option<String>,
}

impl From<JobView> for JobResponse {
    fn from(job: JobView) -> Self {
        let (paused_by, paused_at) = job.paused.map(|pause| (pause.by, pause.at)).unzip();
        let (lease_holder, lease_expires_at) = job.held.unzip();
        Self {
            name: job.name,
            description: job.description,
            every_seconds: job.every_seconds,
            state: job.phase.as_str(),
            paused_by,
            paused_at,
            lease_holder,
            lease_expires_at,
            next_run_at: job.next_due_at,
            runs: job.runs.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<JobRun> for JobRunJson {
    fn from(run: JobRun) -> Self {
        let (ended_at, outcome) = run.ended.unzip();
        Self {
            id: run.id,
            trigger: run.trigger.as_str(),
            author: run.author,
            process_id: run.holder,
            started_at: run.started_at,
            ended_at,
            duration_ms: ended_at.map(|end| (end - run.started_at).num_milliseconds()),
            outcome: outcome.map(JobOutcome::as_str),
            detail: run.detail,
        }
    }
}

pub(super) fn example() -> serde_json::Value {
    serde_json::json!({
        "name": "partition_maintenance",
        "description": "Makes the partitions of the coming months",
        "every_seconds": 3600,
        "state": "idle",
        "paused_by": null,
        "paused_at": null,
        "lease_holder": null,
        "lease_expires_at": null,
        "next_run_at": "2026-11-05T09:00:00Z",
        "runs": [run_example()],
    })
}

fn run_example() -> serde_json::Value {
    serde_json::json!({
        "id": "0198f0a0-0000-7000-8000-000000000009",
        "trigger": "schedule",
        "author": "schedule",
        "process_id": "0198f0a0-0000-7000-8000-000000000004",
        "started_at": "2026-11-05T08:00:00Z",
        "ended_at": "2026-11-05T08:00:00.25Z",
        "duration_ms": 250,
        "outcome": "done",
        "detail": "made request_logs_2027_02",
    })
}
