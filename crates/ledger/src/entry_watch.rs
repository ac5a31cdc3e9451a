//! Waiting for the entries of one request.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::mpsc;
use tollgate_domain::{LedgerEntry, RequestId, RequestLog};

use crate::Observer;

/// Entries kept for one who waits.
const ROOM: usize = 8;

/// Hands entries to whoever waits for their request. Costs one relaxed load per entry while nobody does.
#[derive(Debug, Default)]
pub struct EntryWatch {
    waiting: AtomicUsize,
    by_request: Mutex<HashMap<RequestId, mpsc::Sender<LedgerEntry>>>,
}

/// Who waits for a request's entries. Dropping it ends that.
#[derive(Debug)]
pub struct Watched {
    watch: Arc<EntryWatch>,
    request: RequestId,
    entries: mpsc::Receiver<LedgerEntry>,
}

impl EntryWatch {
    /// Waits for a request's entries from now on.
    pub fn watch(self: &Arc<Self>, request: RequestId) -> Watched {
        let (sender, entries) = mpsc::channel(ROOM);
        if self.map().insert(request, sender).is_none() {
            self.waiting.fetch_add(1, Ordering::Relaxed);
        }
        Watched {
            watch: Arc::clone(self),
            request,
            entries,
        }
    }

    fn map(&self) -> MutexGuard<'_, HashMap<RequestId, mpsc::Sender<LedgerEntry>>> {
        self.by_request.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Watched {
    /// The next entry. Cancel-safe.
    pub async fn entry(&mut self) -> Option<LedgerEntry> {
        self.entries.recv().await
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        if self.watch.map().remove(&self.request).is_some() {
            self.watch.waiting.fetch_sub(1, Ordering::Relaxed);
        }
    }
}

impl Observer for EntryWatch {
    fn entry(&self, entry: &LedgerEntry) {
        if self.waiting.load(Ordering::Relaxed) == 0 {
            return;
        }
        if let Some(sender) = self.map().get(&entry.attempt.request_id) {
            // More than there is room for are told by the ledger.
            sender.try_send(entry.clone()).ok();
        }
    }

    fn request(&self, _: &RequestLog) {}

    fn refused(&self, _: &'static str) {}
}
