//! The journal in detail.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use tollgate_domain::ports::{JournalDetail, Runtime};
use tollgate_domain::{Clock, LedgerEntry, Timestamp};
use tollgate_journal::{Journal, Stats};
use tollgate_ledger::{ENTRIES, WriterState};

use crate::config::{DurabilityMode, JournalSection, WhenFull};

/// Records read at most in search of the oldest entry that waits.
const SEARCHED: usize = 2_000;
const SEARCHED_BYTES: usize = 4 << 20;

/// What there is to tell.
pub(crate) struct JournalReport {
    pub(crate) journal: Journal,
    pub(crate) runtime: Arc<dyn Runtime>,
    pub(crate) writer: Arc<WriterState>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) section: JournalSection,
}

impl JournalReport {
    pub(crate) async fn detail(&self) -> JournalDetail {
        let (figures, state) = (self.journal.stats(), self.runtime.journal());
        let oldest = if state.pending_entries == 0 {
            None
        } else {
            self.oldest_pending(&figures).await
        };
        let ago = figures.since_sync.and_then(|ago| TimeDelta::from_std(ago).ok());
        JournalDetail {
            state,
            segments: figures.segments,
            disk_budget_bytes: figures.disk_budget_bytes,
            reserve_held: figures.reserve_held,
            queued_bytes: figures.queued_bytes,
            writing_for_us: micros(figures.writing_for),
            last_position: figures.last_position,
            durable_position: figures.durable_position,
            committed_position: figures.mark.committed,
            oldest_pending_at: oldest,
            last_sync_at: ago.map(|ago| self.clock.now() - ago),
            syncs: figures.syncs,
            sync_failures: figures.sync_failures,
            refused: figures.refused,
            durability: match self.section.durability {
                DurabilityMode::Process => "process",
                DurabilityMode::Strict => "strict",
            },
            when_full: match self.section.when_full {
                WhenFull::Refuse => "refuse",
                WhenFull::Serve => "serve",
            },
            retention_hours: self.section.retention_hours,
        }
    }

    /// The dispatch of the first entry behind those that are written; a damaged record is the writer's to report.
    async fn oldest_pending(&self, stats: &Stats) -> Option<Timestamp> {
        let mut reader = self.journal.reader(stats.mark.committed);
        let written = self.writer.committed_seq();
        let found = tokio::task::spawn_blocking(move || {
            let records = reader.try_next_batch(SEARCHED, SEARCHED_BYTES).ok()?;
            let first = records
                .into_iter()
                .find(|record| record.lane == ENTRIES && record.lane_seq > written)?;
            let entry: LedgerEntry = serde_json::from_slice(&first.payload).ok()?;
            Some(entry.attempt.occurred_at)
        });
        found.await.ok().flatten()
    }
}

fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}
