//! `GET /api/admin/system/journal`

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use tollgate_domain::ports::{GapStretch, GapSummary, JournalDetail};
use tollgate_domain::{JournalId, Timestamp};
use utoipa::ToSchema;

use crate::AdminState;
use crate::problem::{Problem, ReadProblems};
use crate::schema::TimestampSchema;

/// The journal of the process that answers; each gateway has its own.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SystemJournal, examples(example))]
pub(super) struct SystemJournalResponse {
    /// Which journal.
    #[schema(value_type = Uuid)]
    id: JournalId,
    /// `ok`, `stalled` while one write takes longer than a second, or `full` while its disk budget is used up.
    state: &'static str,
    /// Bytes on disk, the reserve included.
    bytes_on_disk: u64,
    /// Bytes it may use.
    disk_budget_bytes: u64,
    /// Segment files, the one being written included.
    segments: u64,
    /// Whether the reserve for notes about unrecorded attempts is allocated and untouched.
    reserve_held: bool,
    /// Bytes handed over and not with the operating system yet.
    queued_bytes: u64,
    /// How long the write under way has taken so far; 0 between writes.
    writing_for_us: u64,
    /// Entries settled and not in the database yet.
    pending_entries: u64,
    /// Dispatch of the oldest of them; null where none waits.
    #[schema(value_type = Option<TimestampSchema>)]
    oldest_pending_at: Option<Timestamp>,
    /// Attempts opened and not ended yet.
    open_attempts: u64,
    /// Place of the last record.
    last_position: u64,
    /// Every record up to here is on disk.
    durable_position: u64,
    /// Every record up to here is in the database.
    committed_position: u64,
    /// When the disk last confirmed a sync; null before the first one of this process.
    #[schema(value_type = Option<TimestampSchema>)]
    last_sync_at: Option<Timestamp>,
    /// Syncs of this process.
    syncs: u64,
    /// Of those, that the disk refused.
    sync_failures: u64,
    /// Appends refused for lack of room.
    refused: u64,
    /// What an answer's last frame waits for: `process` or `strict`.
    durability: &'static str,
    /// What happens when the budget is used up: `refuse` or `serve`.
    when_full: &'static str,
    /// How long committed records are kept.
    retention_hours: u64,
    /// Attempts served while a journal had no room, over all gateways and all time, newest first. They have no entry and
    /// are in no sum.
    gaps: Vec<JournalGapJson>,
}

/// A stretch of time in which attempts were served unrecorded.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = JournalGap, examples(gap_example))]
struct JournalGapJson {
    /// The journal that had no room.
    #[schema(value_type = Uuid)]
    journal_id: JournalId,
    /// How many.
    attempts: u64,
    /// The dispatch of the first.
    #[schema(value_type = TimestampSchema)]
    from: Timestamp,
    /// The dispatch of the last.
    #[schema(value_type = TimestampSchema)]
    until: Timestamp,
}

/// More than this in one write is a disk that stalls, in microseconds.
const STALL_US: u64 = 1_000_000;

/// Shows the journal of the process that answers: what it holds, what waits, and what could not be recorded.
#[utoipa::path(
    get, path = "/api/admin/system/journal", tag = "system",
    responses((status = 200, description = "The journal", body = SystemJournalResponse), ReadProblems),
    security(("admin_token" = [])),
)]
pub(super) async fn get_journal(
    State(state): State<AdminState>,
) -> Result<Json<SystemJournalResponse>, Problem> {
    let stored = state.store.gaps().await?;
    let detail = state.system.journal_detail().await;
    // After the database: see `GapSummary::new`.
    let gaps = GapSummary::new(&stored, detail.state.id, &state.runtime.pending_gaps());
    Ok(Json(SystemJournalResponse::new(&detail, gaps)))
}

impl SystemJournalResponse {
    fn new(detail: &JournalDetail, gaps: GapSummary) -> Self {
        let state = if detail.state.full {
            "full"
        } else if detail.writing_for_us > STALL_US {
            "stalled"
        } else {
            "ok"
        };
        Self {
            id: detail.state.id,
            state,
            bytes_on_disk: detail.state.bytes_on_disk,
            disk_budget_bytes: detail.disk_budget_bytes,
            segments: detail.segments,
            reserve_held: detail.reserve_held,
            queued_bytes: detail.queued_bytes,
            writing_for_us: detail.writing_for_us,
            pending_entries: detail.state.pending_entries,
            oldest_pending_at: detail.oldest_pending_at,
            open_attempts: detail.state.open_attempts,
            last_position: detail.last_position,
            durable_position: detail.durable_position,
            committed_position: detail.committed_position,
            last_sync_at: detail.last_sync_at,
            syncs: detail.syncs,
            sync_failures: detail.sync_failures,
            refused: detail.refused,
            durability: detail.durability,
            when_full: detail.when_full,
            retention_hours: detail.retention_hours,
            gaps: gaps.stretches.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<(JournalId, GapStretch)> for JournalGapJson {
    fn from((journal_id, stretch): (JournalId, GapStretch)) -> Self {
        Self {
            journal_id,
            attempts: stretch.attempts,
            from: stretch.from,
            until: stretch.until,
        }
    }
}

fn example() -> serde_json::Value {
    serde_json::json!({
        "id": "0198f0a0-0000-7000-8000-000000000004",
        "state": "ok",
        "bytes_on_disk": 17_825_792,
        "disk_budget_bytes": 8_589_934_592_u64,
        "segments": 1,
        "reserve_held": true,
        "queued_bytes": 0,
        "writing_for_us": 0,
        "pending_entries": 0,
        "oldest_pending_at": null,
        "open_attempts": 3,
        "last_position": 90_112,
        "durable_position": 90_112,
        "committed_position": 90_112,
        "last_sync_at": "2026-11-05T07:59:59.9Z",
        "syncs": 4100,
        "sync_failures": 0,
        "refused": 0,
        "durability": "process",
        "when_full": "refuse",
        "retention_hours": 24,
        "gaps": [gap_example()],
    })
}

fn gap_example() -> serde_json::Value {
    serde_json::json!({
        "journal_id": "0198f0a0-0000-7000-8000-000000000004",
        "attempts": 12,
        "from": "2026-11-05T06:00:00Z",
        "until": "2026-11-05T06:00:09Z",
    })
}
