use std::sync::Arc;

use tokio::sync::watch;

use crate::error::JournalError;
use crate::shared::Shared;

/// How far the sync thread has come.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Progress {
    /// Readers may see everything up to here: it is synced, or the disk has refused to.
    pub(crate) released: u64,
    /// From the first to the last position whose sync failed since the journal was opened. Errs on the side of
    /// calling a position between two failures unsynced.
    pub(crate) failed: Option<(u64, u64)>,
    /// The sync thread has stopped; nothing will be released any more.
    pub(crate) closed: bool,
}

/// Tells when an appended record is on disk. Dropping it is fine.
#[derive(Clone)]
pub struct Ticket {
    shared: Arc<Shared>,
    position: u64,
}

impl Progress {
    /// The sync of everything after `released` up to `position` has ended.
    pub(crate) fn advance(&mut self, position: u64, succeeded: bool) {
        if !succeeded {
            let start = self.failed.map_or(self.released + 1, |(start, _)| start);
            self.failed = Some((start, position));
        }
        self.released = position;
    }

    fn outcome(self, position: u64) -> Result<(), JournalError> {
        if self.released < position {
            Err(JournalError::Closed)
        } else if self
            .failed
            .is_some_and(|(start, end)| (start..=end).contains(&position))
        {
            Err(JournalError::Unsynced { position })
        } else {
            Ok(())
        }
    }
}

impl Ticket {
    pub(crate) fn new(shared: Arc<Shared>, position: u64) -> Self {
        Self { shared, position }
    }

    /// Waits until the record is synced to disk. Cancel-safe.
    ///
    /// # Errors
    /// [`JournalError::Unsynced`] if the disk refused the sync, [`JournalError::Closed`] if the journal stopped
    /// before it came to the record.
    pub async fn durable(self) -> Result<(), JournalError> {
        self.shared.want(self.position);
        let progress = wait(&mut self.shared.progress.subscribe(), self.position).await?;
        progress.outcome(self.position)
    }
}

impl std::fmt::Debug for Ticket {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Ticket")
            .field("position", &self.position)
            .finish_non_exhaustive()
    }
}

/// Waits until `position` is released or nothing will be any more.
pub(crate) async fn wait(
    progress: &mut watch::Receiver<Progress>,
    position: u64,
) -> Result<Progress, JournalError> {
    let reached = progress
        .wait_for(|progress| progress.released >= position || progress.closed)
        .await;
    reached
        .map(|progress| *progress)
        .map_err(|_| JournalError::Closed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_sync_fails_its_own_records_only() {
        let mut progress = Progress::default();
        progress.advance(3, true);
        progress.advance(5, false);
        progress.advance(9, true);
        assert!(progress.outcome(3).is_ok());
        assert!(matches!(
            progress.outcome(4),
            Err(JournalError::Unsynced { position: 4 })
        ));
        assert!(matches!(
            progress.outcome(5),
            Err(JournalError::Unsynced { position: 5 })
        ));
        assert!(progress.outcome(9).is_ok());
        assert!(matches!(progress.outcome(10), Err(JournalError::Closed)));
    }
}
