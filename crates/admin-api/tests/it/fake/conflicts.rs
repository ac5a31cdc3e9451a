use async_trait::async_trait;
use tollgate_domain::JournalId;
use tollgate_domain::ports::{
    ConflictCursor, ConflictStore, HeldChangeStore, LedgerConflict, ModelChange, StoreError,
};
use tollgate_domain::{HoldState, ModelName};

use super::FakeStore;

#[async_trait]
impl ConflictStore for FakeStore {
    /// In the order they are on the shelf.
    async fn ledger_conflicts(
        &self,
        journal_id: Option<JournalId>,
        after: Option<ConflictCursor>,
        limit: u16,
    ) -> Result<Vec<LedgerConflict>, StoreError> {
        let conflicts = self.open()?.conflicts.clone();
        let place = |after| {
            conflicts
                .iter()
                .position(|conflict| ConflictCursor::of(conflict) == after)
        };
        let first = after.and_then(place).map_or(0, |place| place + 1);
        let of_journal = |conflict: &&LedgerConflict| {
            journal_id.is_none_or(|journal| conflict.refused.journaled.journal_id == journal)
        };
        let rest = conflicts.iter().skip(first).filter(of_journal);
        Ok(rest.take(usize::from(limit)).cloned().collect())
    }
}

#[async_trait]
impl HeldChangeStore for FakeStore {
    async fn held_changes(&self, models: Vec<ModelName>) -> Result<Vec<ModelChange>, StoreError> {
        let mut changes = self.open()?.changes.clone();
        changes.retain(|change| {
            let held = change.held.as_ref();
            models.contains(&change.model) && held.is_some_and(|held| held.state == HoldState::Held)
        });
        Ok(changes)
    }
}
