//! The running gateway, as the admin API sees it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use tollgate_catalog::sync::PriceSync;
use tollgate_domain::ports::{Health, JournalState, PendingGap, Runtime, StoreError, SyncStart};
use tollgate_domain::{Actor, JournalId, PriceVersion};
use tollgate_journal::Journal;
use tollgate_ledger::{ENTRIES, Recorder, WriterState};

use crate::snapshots::Snapshots;

/// A write of the journal that takes longer is a disk that stalls.
const STALL: Duration = Duration::from_secs(1);

/// Answers from memory.
pub(crate) struct RunningGateway {
    pub(crate) snapshots: Arc<Snapshots>,
    pub(crate) journal: Journal,
    pub(crate) recorder: Recorder,
    pub(crate) writer: Arc<WriterState>,
    /// Rows lie in a partition that was not made for them.
    pub(crate) misplaced: Arc<AtomicBool>,
    pub(crate) price_sync: Arc<PriceSync>,
}

#[async_trait]
impl Runtime for RunningGateway {
    fn price_version(&self) -> Option<PriceVersion> {
        Some(self.snapshots.book.load().version())
    }

    fn journal(&self) -> JournalState {
        let stats = self.journal.stats();
        let settled = stats.lanes.get(&ENTRIES).copied().unwrap_or(0);
        JournalState {
            id: JournalId::new(uuid::Uuid::from_bytes(self.journal.id())),
            bytes_on_disk: stats.disk_bytes,
            pending_entries: settled.saturating_sub(self.writer.committed_seq()),
            open_attempts: self.recorder.stats().open,
            full: stats.full,
        }
    }

    fn pending_gaps(&self) -> Vec<PendingGap> {
        self.recorder.pending_gaps()
    }

    fn health(&self) -> Health {
        let journal = self.journal.stats();
        let away = self.writer.database_away()
            || self.writer.in_trouble()
            || self.snapshots.stale()
            || journal.full
            || journal.writing_for > STALL;
        if away || self.misplaced.load(Ordering::Relaxed) {
            Health::Degraded
        } else {
            Health::Ready
        }
    }

    async fn refresh(&self) {
        self.snapshots.refresh().await;
    }

    async fn start_price_sync(&self, actor: &Actor, force: bool) -> Result<SyncStart, StoreError> {
        self.price_sync.start(actor, force).await
    }
}
