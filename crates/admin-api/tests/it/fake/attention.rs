use async_trait::async_trait;
use tollgate_domain::ports::{AttentionRow, AttentionState, AttentionStore, Edited, StoreError};
use tollgate_domain::{Actor, AttentionId, AttentionKind, Timestamp};

use super::FakeStore;

#[async_trait]
impl AttentionStore for FakeStore {
    async fn attention(
        &self,
        _: Timestamp,
        _: Option<Timestamp>,
        kinds: &[AttentionKind],
        _: u16,
    ) -> Result<Vec<AttentionRow>, StoreError> {
        let mut rows = self.open()?.attention.clone();
        rows.retain(|row| kinds.is_empty() || kinds.contains(&row.subject.kind));
        Ok(rows)
    }

    async fn unbilled_as_of(
        &self,
        ranges: Vec<(Timestamp, Timestamp)>,
        _: Timestamp,
        _: u16,
    ) -> Result<Vec<Vec<AttentionRow>>, StoreError> {
        Ok(vec![self.open()?.attention.clone(); ranges.len()])
    }

    async fn attention_seen(&self, id: AttentionId) -> Result<bool, StoreError> {
        Ok(self.open()?.attention.iter().any(|row| row.id == id))
    }

    async fn attention_states(&self) -> Result<Vec<AttentionState>, StoreError> {
        Ok(self.open()?.attention_states.clone())
    }

    async fn attention_state(&self, id: AttentionId) -> Result<Option<AttentionState>, StoreError> {
        let shelves = self.open()?;
        Ok(shelves
            .attention_states
            .iter()
            .find(|state| state.id == id)
            .cloned())
    }

    async fn set_attention_state(
        &self,
        state: AttentionState,
        expected: Option<i64>,
        actor: &Actor,
    ) -> Result<Edited<AttentionState>, StoreError> {
        let mut shelves = self.open()?;
        let before = shelves
            .attention_states
            .iter()
            .position(|other| other.id == state.id);
        let mut revision = before.map_or(0, |place| shelves.attention_states[place].revision);
        if shelves.lost_races > 0 {
            shelves.lost_races -= 1;
            revision += 1;
        }
        if expected.is_some_and(|expected| expected != revision) {
            return Ok(Edited::Stale { revision });
        }
        shelves.authors.push(actor.name.to_string());
        let state = AttentionState {
            revision: revision + 1,
            ..state
        };
        shelves.attention_states.retain(|other| other.id != state.id);
        shelves.attention_states.push(state.clone());
        Ok(Edited::Done(state))
    }
}
