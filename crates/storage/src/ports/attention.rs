//! The queue of what wants attention.

use async_trait::async_trait;
use tollgate_domain::ports::{AttentionRow, AttentionState, AttentionStore, Edited, StoreError};
use tollgate_domain::{Actor, AttentionId, AttentionKind, Timestamp};

use crate::database::{Database, run};

#[async_trait]
impl AttentionStore for Database {
    async fn attention(
        &self,
        since: Timestamp,
        until: Option<Timestamp>,
        kinds: &[AttentionKind],
        limit: u16,
    ) -> Result<Vec<AttentionRow>, StoreError> {
        self.add_up().await?;
        let (range, kinds) = ((since, until), kinds.to_vec());
        run!(
            self.backend,
            reading,
            "reading what wants attention",
            attention::list(range, &kinds, limit)
        )
    }

    async fn unbilled_as_of(
        &self,
        ranges: Vec<(Timestamp, Timestamp)>,
        as_of: Timestamp,
        limit: u16,
    ) -> Result<Vec<Vec<AttentionRow>>, StoreError> {
        run!(
            self.backend,
            reading,
            "grouping unbilled attempts",
            unbilled::unbilled_as_of(&ranges, as_of, limit)
        )
    }

    async fn attention_seen(&self, id: AttentionId) -> Result<bool, StoreError> {
        self.add_up().await?;
        run!(
            self.backend,
            reading,
            "looking for what wants attention",
            attention::seen(&id)
        )
    }

    async fn attention_states(&self) -> Result<Vec<AttentionState>, StoreError> {
        run!(
            self.backend,
            reading,
            "reading what is said of the queue",
            attention::states()
        )
    }

    async fn attention_state(&self, id: AttentionId) -> Result<Option<AttentionState>, StoreError> {
        run!(
            self.backend,
            reading,
            "reading what is said of the queue",
            attention::state(&id)
        )
    }

    async fn set_attention_state(
        &self,
        state: AttentionState,
        expected: Option<i64>,
        actor: &Actor,
    ) -> Result<Edited<AttentionState>, StoreError> {
        let actor = actor.clone();
        run!(
            self.backend,
            writing,
            "changing what is said of the queue",
            attention::set_state(state, expected, &actor)
        )
    }
}
