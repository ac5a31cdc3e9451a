//! What is used later than it is asked for.

use async_trait::async_trait;
use tollgate_domain::ports::{
    DeferredClaim, DeferredCursor, DeferredFilter, DeferredRelease, DeferredRow, DeferredStore,
    DeferredSummary, StoreError,
};
use tollgate_domain::{DeferredOperation, EventId, JournalId, KeyId, Timestamp, UpstreamObject};

use crate::database::{Database, run};

#[async_trait]
impl DeferredStore for Database {
    async fn open_deferred(
        &self,
        operations: Vec<DeferredOperation>,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        run!(
            self.backend,
            writing,
            "taking over a deferred operation",
            deferred::open_all(&operations, at)
        )
    }

    async fn deferred_object(
        &self,
        object_id: String,
        key: KeyId,
    ) -> Result<Option<DeferredRow>, StoreError> {
        run!(
            self.backend,
            reading,
            "looking for a deferred operation",
            deferred::of_object(&object_id, key)
        )
    }

    async fn claim_deferred(
        &self,
        event: EventId,
        holder: JournalId,
        until: Timestamp,
        now: Timestamp,
    ) -> Result<Option<DeferredClaim>, StoreError> {
        run!(
            self.backend,
            writing,
            "claiming a deferred operation",
            deferred::claim(event, holder, until, now)
        )
    }

    async fn claim_due_deferred(
        &self,
        holder: JournalId,
        until: Timestamp,
        now: Timestamp,
        limit: u16,
    ) -> Result<Vec<(DeferredClaim, DeferredRow)>, StoreError> {
        run!(
            self.backend,
            writing,
            "claiming what is due",
            deferred::claim_due(holder, until, now, limit)
        )
    }

    async fn keep_deferred(&self, claim: DeferredClaim, until: Timestamp) -> Result<bool, StoreError> {
        run!(
            self.backend,
            writing,
            "keeping a claim",
            deferred::keep(claim, until)
        )
    }

    async fn release_deferred(
        &self,
        claim: DeferredClaim,
        release: DeferredRelease,
    ) -> Result<(), StoreError> {
        run!(
            self.backend,
            writing,
            "giving a claim back",
            deferred::release(claim, &release)
        )
    }

    async fn release_held_deferred(&self, holder: JournalId) -> Result<u32, StoreError> {
        run!(
            self.backend,
            writing,
            "giving claims back",
            deferred::release_held(holder)
        )
    }

    async fn nudge_deferred(&self, event: EventId, now: Timestamp) -> Result<(), StoreError> {
        run!(
            self.backend,
            writing,
            "making a deferred operation due",
            deferred::nudge(event, now)
        )
    }

    async fn nudge_all_deferred(&self, now: Timestamp) -> Result<(), StoreError> {
        run!(
            self.backend,
            writing,
            "making deferred operations due",
            deferred::nudge_all(now)
        )
    }

    async fn deferred_due(&self, now: Timestamp) -> Result<u64, StoreError> {
        run!(
            self.backend,
            reading,
            "counting what is due of deferred operations",
            deferred::due(now)
        )
    }

    async fn settled_events(&self, events: Vec<EventId>) -> Result<Vec<EventId>, StoreError> {
        run!(
            self.backend,
            reading,
            "looking for settled events",
            deferred::settled(&events)
        )
    }

    async fn deferred_summary(&self) -> Result<DeferredSummary, StoreError> {
        run!(
            self.backend,
            reading,
            "counting deferred operations",
            deferred::summary()
        )
    }

    async fn deferred_operations(
        &self,
        filter: DeferredFilter,
        after: Option<DeferredCursor>,
        limit: u16,
    ) -> Result<Vec<DeferredRow>, StoreError> {
        run!(
            self.backend,
            reading,
            "listing deferred operations",
            deferred::list(&filter, after, limit)
        )
    }

    async fn put_objects(&self, objects: Vec<UpstreamObject>) -> Result<(), StoreError> {
        run!(
            self.backend,
            writing,
            "noting an upstream's objects",
            deferred::put_objects(&objects)
        )
    }

    async fn object(&self, object_id: String, key: KeyId) -> Result<Option<UpstreamObject>, StoreError> {
        run!(
            self.backend,
            reading,
            "looking for an upstream's object",
            deferred::object(&object_id, key)
        )
    }
}
