//! The queue of what wants attention.

use async_trait::async_trait;

use super::{Edited, StoreError};
use crate::{Actor, AttentionId, AttentionKind, AttentionSubject, AttentionValues, Timestamp};

/// One thing that wants attention, over some time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttentionRow {
    /// Its id.
    pub id: AttentionId,
    /// What it is about.
    pub subject: AttentionSubject,
    /// The upstream's name, where it is about one.
    pub upstream_name: Option<String>,
    /// The upstream's provider, where it is about one.
    pub provider: Option<String>,
    /// The sums.
    pub values: AttentionValues,
    /// The first.
    pub first_seen: Timestamp,
    /// The latest.
    pub last_seen: Timestamp,
}

/// What people say of a thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttentionState {
    /// Which thing.
    pub id: AttentionId,
    /// Who looks after it.
    pub owner: Option<String>,
    /// Until when nobody wants to see it.
    pub snoozed_until: Option<Timestamp>,
    /// Why.
    pub note: Option<String>,
    /// When this was said.
    pub updated_at: Timestamp,
    /// By whom.
    pub updated_by: String,
    /// Moves with every change, from 1.
    pub revision: i64,
}

/// Reads what the writer has gathered, and keeps what people say of it.
#[async_trait]
pub trait AttentionStore: Send + Sync {
    /// Everything of these kinds (none: of all) that was seen on the days that began from `since` on, before `until`: at
    /// most `limit`, the most frequent first.
    async fn attention(
        &self,
        since: Timestamp,
        until: Option<Timestamp>,
        kinds: &[AttentionKind],
        limit: u16,
    ) -> Result<Vec<AttentionRow>, StoreError>;

    /// Of each range, the attempts dispatched in it that were unbilled at an instant, by what the database had taken by
    /// then: at most `limit` groups, the most frequent first. Looks at every attempt that ever was unbilled between the
    /// first and the last instant of all ranges.
    async fn unbilled_as_of(
        &self,
        ranges: Vec<(Timestamp, Timestamp)>,
        as_of: Timestamp,
        limit: u16,
    ) -> Result<Vec<Vec<AttentionRow>>, StoreError>;

    /// Whether such a thing was ever seen in the ledger.
    async fn attention_seen(&self, id: AttentionId) -> Result<bool, StoreError>;

    /// What people say of all things.
    async fn attention_states(&self) -> Result<Vec<AttentionState>, StoreError>;

    /// What people say of one.
    async fn attention_state(&self, id: AttentionId) -> Result<Option<AttentionState>, StoreError>;

    /// Replaces what is said of a thing if its revision still is `expected` (0: nothing was said; `None`: whatever it
    /// is). `revision` is set by the store and returned; the edit is noted in the audit log.
    async fn set_attention_state(
        &self,
        state: AttentionState,
        expected: Option<i64>,
        actor: &Actor,
    ) -> Result<Edited<AttentionState>, StoreError>;
}
