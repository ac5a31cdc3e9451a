use std::sync::Mutex;

use async_trait::async_trait;
use tollgate_domain::ports::{Health, JournalState, PendingGap, Runtime, StoreError, SyncStart};
use tollgate_domain::{Actor, JournalId, PriceVersion};
use uuid::Uuid;

/// The running gateway.
pub(crate) struct FakeRuntime {
    pub(crate) health: Mutex<Health>,
    pub(crate) refreshes: Mutex<u32>,
    /// What comes of asking for a sync.
    pub(crate) sync: Mutex<SyncStart>,
    /// Who asked for a sync, and whether with force.
    pub(crate) asked_syncs: Mutex<Vec<(String, bool)>>,
    pub(crate) pending_gaps: Mutex<Vec<PendingGap>>,
}

impl FakeRuntime {
    pub(crate) fn new() -> Self {
        Self {
            health: Mutex::new(Health::Ready),
            refreshes: Mutex::new(0),
            sync: Mutex::new(SyncStart::Busy(None)),
            asked_syncs: Mutex::default(),
            pending_gaps: Mutex::default(),
        }
    }
}

#[async_trait]
impl Runtime for FakeRuntime {
    fn price_version(&self) -> Option<PriceVersion> {
        Some(PriceVersion::new(12))
    }

    fn journal(&self) -> JournalState {
        JournalState {
            id: JournalId::new(Uuid::from_u128(4)),
            bytes_on_disk: 1024,
            pending_entries: 2,
            open_attempts: 1,
            full: false,
        }
    }

    fn pending_gaps(&self) -> Vec<PendingGap> {
        self.pending_gaps.lock().unwrap().clone()
    }

    fn health(&self) -> Health {
        *self.health.lock().unwrap()
    }

    async fn refresh(&self) {
        *self.refreshes.lock().unwrap() += 1;
    }

    async fn start_price_sync(&self, actor: &Actor, force: bool) -> Result<SyncStart, StoreError> {
        self.asked_syncs
            .lock()
            .unwrap()
            .push((actor.name.to_string(), force));
        Ok(*self.sync.lock().unwrap())
    }
}
