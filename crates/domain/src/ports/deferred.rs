//! Requests whose usage comes later, until it is in the ledger.

use async_trait::async_trait;

use super::StoreError;
use crate::{
    DeferredKind, DeferredOperation, EventId, JournalId, KeyId, Timestamp, UpstreamId, UpstreamObject,
};

/// Whether the usage is in the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DeferredState {
    /// Not yet.
    Open,
    /// It is.
    Settled,
}

/// An operation as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeferredRow {
    /// What was asked for.
    pub operation: DeferredOperation,
    /// Whether it is billed already.
    pub state: DeferredState,
    /// The provider answered an earlier request with the same object, and that one is billed.
    pub duplicate: bool,
    /// How often the gateway itself has looked at it.
    pub polls: u32,
    /// When it looks again.
    pub next_poll_at: Timestamp,
    /// Who is settling it, until when.
    pub held: Option<(JournalId, Timestamp)>,
    /// How the provider last described it, in its own word.
    pub provider_state: Option<String>,
    /// What kept it from being settled at the last look.
    pub problem: Option<String>,
    /// When its entry reached the ledger.
    pub settled_at: Option<Timestamp>,
}

/// The right to settle an operation, for a while: the database grants it to one at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeferredClaim {
    /// The operation's event.
    pub event_id: EventId,
    /// Who holds it.
    pub holder: JournalId,
    /// Grows with every claim; an older one is worth nothing any more.
    pub fence: i64,
}

/// What is noted when a claim is given back without a settlement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeferredRelease {
    /// When to look again.
    pub next_poll_at: Timestamp,
    /// How the provider describes it.
    pub provider_state: Option<String>,
    /// What went wrong, if something did; never secret.
    pub problem: Option<String>,
}

/// What is still open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DeferredSummary {
    /// How many.
    pub open: u64,
    /// Since when the oldest of them is.
    pub oldest: Option<Timestamp>,
}

/// Which operations are wanted; all conditions hold.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DeferredFilter {
    /// This one.
    pub event_id: Option<EventId>,
    /// Open or settled.
    pub state: Option<DeferredState>,
    /// Of this kind.
    pub kind: Option<DeferredKind>,
    /// At this upstream.
    pub upstream_id: Option<UpstreamId>,
    /// Of this key.
    pub key_id: Option<KeyId>,
    /// Of this name at the provider.
    pub object_id: Option<String>,
}

/// The place of an operation in the list, newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeferredCursor {
    /// When it was made.
    pub created_at: Timestamp,
    /// Its event.
    pub event_id: EventId,
}

/// Deferred operations and the objects that belong to them.
#[async_trait]
pub trait DeferredStore: Send + Sync {
    /// Takes operations over, at once; the journal's writer does the same a little later. Repeating it changes nothing.
    async fn open_deferred(
        &self,
        operations: Vec<DeferredOperation>,
        at: Timestamp,
    ) -> Result<(), StoreError>;

    /// The operation of a key that has this name at its provider.
    async fn deferred_object(&self, object_id: String, key: KeyId)
    -> Result<Option<DeferredRow>, StoreError>;

    /// Asks for the right to settle one operation. `None` where it is settled, unknown, or somebody else is at it.
    async fn claim_deferred(
        &self,
        event: EventId,
        holder: JournalId,
        until: Timestamp,
        now: Timestamp,
    ) -> Result<Option<DeferredClaim>, StoreError>;

    /// Claims up to `limit` open operations whose time to look has come.
    async fn claim_due_deferred(
        &self,
        holder: JournalId,
        until: Timestamp,
        now: Timestamp,
        limit: u16,
    ) -> Result<Vec<(DeferredClaim, DeferredRow)>, StoreError>;

    /// Says that the settling is still under way; `false` where the claim is not held any more.
    async fn keep_deferred(&self, claim: DeferredClaim, until: Timestamp) -> Result<bool, StoreError>;

    /// Gives a claim back: the operation stays open.
    async fn release_deferred(
        &self,
        claim: DeferredClaim,
        release: DeferredRelease,
    ) -> Result<(), StoreError>;

    /// Gives back whatever a process held before it was restarted.
    async fn release_held_deferred(&self, holder: JournalId) -> Result<u32, StoreError>;

    /// Has an open operation looked at as soon as possible.
    async fn nudge_deferred(&self, event: EventId, now: Timestamp) -> Result<(), StoreError>;

    /// Has every open operation looked at as soon as possible.
    async fn nudge_all_deferred(&self, now: Timestamp) -> Result<(), StoreError>;

    /// How many open operations are due and held by nobody.
    async fn deferred_due(&self, now: Timestamp) -> Result<u64, StoreError>;

    /// Those of these events that have a usage entry in the ledger.
    async fn settled_events(&self, events: Vec<EventId>) -> Result<Vec<EventId>, StoreError>;

    /// What is open.
    async fn deferred_summary(&self) -> Result<DeferredSummary, StoreError>;

    /// Newest first, after the cursor.
    async fn deferred_operations(
        &self,
        filter: DeferredFilter,
        after: Option<DeferredCursor>,
        limit: u16,
    ) -> Result<Vec<DeferredRow>, StoreError>;

    /// Notes objects; one that is known stays as it is.
    async fn put_objects(&self, objects: Vec<UpstreamObject>) -> Result<(), StoreError>;

    /// The object of a key that has this name at its provider.
    async fn object(&self, object_id: String, key: KeyId) -> Result<Option<UpstreamObject>, StoreError>;
}

impl DeferredState {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Open, Self::Settled];

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Settled => "settled",
        }
    }
}
