//! What the admin API asks of the running gateway rather than of the database.

use async_trait::async_trait;

use super::{PendingGap, StoreError, SyncStart};
use crate::{Actor, JournalId, PriceVersion};

/// The journal's state, for health checks and the console.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JournalState {
    /// Which journal.
    pub id: JournalId,
    /// Bytes on disk.
    pub bytes_on_disk: u64,
    /// Entries settled but not yet in the database.
    pub pending_entries: u64,
    /// Attempts opened and not yet ended.
    pub open_attempts: u64,
    /// Whether the disk budget is exhausted.
    pub full: bool,
}

/// Whether everything works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Health {
    /// Database reachable, snapshots fresh.
    Ready,
    /// Serving from memory or the last known configuration; the journal absorbs.
    Degraded,
}

/// The running gateway.
#[async_trait]
pub trait Runtime: Send + Sync {
    /// The price book new requests are dispatched with.
    fn price_version(&self) -> Option<PriceVersion>;

    /// The journal.
    fn journal(&self) -> JournalState;

    /// Attempts served while the journal had no room, as far as they may not be in the database yet; ask after the
    /// database.
    fn pending_gaps(&self) -> Vec<PendingGap>;

    /// Whether everything works.
    fn health(&self) -> Health;

    /// Takes changed configuration and prices over now rather than at the next poll.
    async fn refresh(&self);

    /// Begins a run of the price sync. With `force` the whole map is compared even if it has not changed.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails or is away.
    async fn start_price_sync(&self, actor: &Actor, force: bool) -> Result<SyncStart, StoreError>;
}
