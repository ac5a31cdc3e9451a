//! Releases of the price catalog.

use async_trait::async_trait;
use tollgate_domain::ports::{
    Activated, Begun, Decided, Finish, FinishedRun, JobState, Lease, LetGo, ModelChange, NewRun,
    ReleaseStore, SeenModels, StaleModel, StoreError,
};
use tollgate_domain::{
    Actor, HeldPrice, HoldState, JournalId, ModelName, PriceRelease, ReleaseId, Timestamp, Validators,
};

use crate::database::{Database, run};

#[async_trait]
impl ReleaseStore for Database {
    async fn begin_run(&self, new: NewRun, at: Timestamp) -> Result<Begun, StoreError> {
        run!(
            self.backend,
            writing,
            "beginning a price sync",
            runs::begin(&new, at)
        )
    }

    async fn keep_lease(&self, lease: Lease, until: Timestamp) -> Result<bool, StoreError> {
        run!(
            self.backend,
            writing,
            "keeping the lease of the price sync",
            runs::keep(lease, until)
        )
    }

    async fn finish_run(&self, finished: FinishedRun, at: Timestamp) -> Result<Finish, StoreError> {
        run!(
            self.backend,
            writing,
            "storing what came of a price sync",
            runs::finish(&finished, at)
        )
    }

    async fn clear_lease(&self, holder: Option<JournalId>, at: Timestamp) -> Result<u32, StoreError> {
        run!(
            self.backend,
            writing,
            "clearing the lease of the price sync",
            runs::clear(holder, at)
        )
    }

    async fn sync_job(&self) -> Result<JobState, StoreError> {
        run!(
            self.backend,
            reading,
            "reading the state of the price sync",
            runs::job()
        )
    }

    async fn validators(&self, url: &str, grammar: &str) -> Result<Validators, StoreError> {
        let (url, grammar) = (url.to_owned(), grammar.to_owned());
        run!(
            self.backend,
            reading,
            "reading what the last map was",
            releases::validators(&url, &grammar)
        )
    }

    async fn held_prices(&self, state: HoldState) -> Result<Vec<HeldPrice>, StoreError> {
        run!(
            self.backend,
            reading,
            "reading held prices",
            holds::in_state(state)
        )
    }

    async fn seen_models(&self, since: Timestamp) -> Result<SeenModels, StoreError> {
        self.add_up().await?;
        run!(
            self.backend,
            reading,
            "reading which models are in use",
            seen::models(since)
        )
    }

    async fn releases(&self, after: Option<ReleaseId>, limit: u16) -> Result<Vec<PriceRelease>, StoreError> {
        run!(
            self.backend,
            reading,
            "listing price releases",
            releases::list(after, limit)
        )
    }

    async fn release(&self, id: ReleaseId) -> Result<Option<PriceRelease>, StoreError> {
        run!(
            self.backend,
            reading,
            "reading a price release",
            releases::find(id)
        )
    }

    async fn last_sync(&self) -> Result<Option<PriceRelease>, StoreError> {
        run!(
            self.backend,
            reading,
            "reading the last price sync",
            releases::last_sync()
        )
    }

    async fn release_changes(
        &self,
        id: ReleaseId,
        after: Option<ModelName>,
        limit: u16,
    ) -> Result<Option<Vec<ModelChange>>, StoreError> {
        run!(
            self.backend,
            reading,
            "reading what a price release changed",
            changes::of_release(id, after.as_ref(), limit)
        )
    }

    async fn decide(
        &self,
        id: ReleaseId,
        models: Option<Vec<ModelName>>,
        accept: bool,
        actor: &Actor,
        at: Timestamp,
    ) -> Result<Decided, StoreError> {
        let actor = actor.clone();
        run!(
            self.backend,
            writing,
            "deciding on held prices",
            holds::decide(id, models.as_deref(), accept, &actor, at)
        )
    }

    async fn activate_release(
        &self,
        id: ReleaseId,
        actor: &Actor,
        at: Timestamp,
    ) -> Result<Activated, StoreError> {
        let actor = actor.clone();
        run!(
            self.backend,
            writing,
            "making a price release current",
            activation::activate(id, &actor, at)
        )
    }

    async fn stale_models(
        &self,
        after: Option<ModelName>,
        limit: u16,
    ) -> Result<Vec<StaleModel>, StoreError> {
        run!(
            self.backend,
            reading,
            "listing stale models",
            activation::stale(after.as_ref(), limit)
        )
    }

    async fn let_go(
        &self,
        models: Option<Vec<ModelName>>,
        actor: &Actor,
        at: Timestamp,
    ) -> Result<LetGo, StoreError> {
        let actor = actor.clone();
        run!(
            self.backend,
            writing,
            "letting stale models go",
            activation::let_go(models.as_deref(), &actor, at)
        )
    }
}
