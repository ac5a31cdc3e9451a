use async_trait::async_trait;
use tollgate_domain::ports::{
    Activated, Begun, Decided, Finish, FinishedRun, JobState, Lease, LetGo, ModelChange, NewRun,
    ReleaseStore, SeenModels, StaleModel, StoreError,
};
use tollgate_domain::{
    Actor, HeldPrice, HoldState, JournalId, ModelName, PriceRelease, ReleaseId, Timestamp, Validators,
};

use super::FakeStore;

#[async_trait]
impl ReleaseStore for FakeStore {
    async fn begin_run(&self, _: NewRun, _: Timestamp) -> Result<Begun, StoreError> {
        unreachable!("the runtime begins runs")
    }

    async fn keep_lease(&self, _: Lease, _: Timestamp) -> Result<bool, StoreError> {
        unreachable!("the runtime carries runs out")
    }

    async fn finish_run(&self, _: FinishedRun, _: Timestamp) -> Result<Finish, StoreError> {
        unreachable!("the runtime carries runs out")
    }

    async fn clear_lease(&self, _: Option<JournalId>, _: Timestamp) -> Result<u32, StoreError> {
        unreachable!("the runtime carries runs out")
    }

    async fn sync_job(&self) -> Result<JobState, StoreError> {
        unreachable!("there is no such endpoint")
    }

    async fn validators(&self, _: &str, _: &str) -> Result<Validators, StoreError> {
        unreachable!("the runtime carries runs out")
    }

    async fn held_prices(&self, _: HoldState) -> Result<Vec<HeldPrice>, StoreError> {
        Ok(self.open()?.held.clone())
    }

    async fn seen_models(&self, _: Timestamp) -> Result<SeenModels, StoreError> {
        unreachable!("the runtime carries runs out")
    }

    async fn releases(&self, after: Option<ReleaseId>, limit: u16) -> Result<Vec<PriceRelease>, StoreError> {
        let mut releases = self.open()?.releases.clone();
        releases.sort_by_key(|release| std::cmp::Reverse(release.id));
        releases.retain(|release| after.is_none_or(|after| release.id < after));
        releases.truncate(usize::from(limit));
        Ok(releases)
    }

    async fn release(&self, id: ReleaseId) -> Result<Option<PriceRelease>, StoreError> {
        Ok(self
            .open()?
            .releases
            .iter()
            .find(|release| release.id == id)
            .cloned())
    }

    async fn last_sync(&self) -> Result<Option<PriceRelease>, StoreError> {
        unreachable!("the overview asks for the catalog's state")
    }

    async fn release_changes(
        &self,
        id: ReleaseId,
        after: Option<ModelName>,
        limit: u16,
    ) -> Result<Option<Vec<ModelChange>>, StoreError> {
        let shelves = self.open()?;
        if !shelves.releases.iter().any(|release| release.id == id) {
            return Ok(None);
        }
        let mut changes = shelves.changes.clone();
        changes.retain(|change| after.as_ref().is_none_or(|after| change.model > *after));
        changes.truncate(usize::from(limit));
        Ok(Some(changes))
    }

    async fn decide(
        &self,
        id: ReleaseId,
        models: Option<Vec<ModelName>>,
        accept: bool,
        actor: &Actor,
        _: Timestamp,
    ) -> Result<Decided, StoreError> {
        let mut shelves = self.open()?;
        shelves.authors.push(actor.name.to_string());
        shelves.asked_decisions.push((id, models, accept));
        Ok(shelves.decided.clone().unwrap_or(Decided::Missing))
    }

    async fn activate_release(
        &self,
        _: ReleaseId,
        actor: &Actor,
        _: Timestamp,
    ) -> Result<Activated, StoreError> {
        let mut shelves = self.open()?;
        shelves.authors.push(actor.name.to_string());
        Ok(shelves.activated.unwrap_or(Activated::Missing))
    }

    async fn stale_models(
        &self,
        after: Option<ModelName>,
        limit: u16,
    ) -> Result<Vec<StaleModel>, StoreError> {
        let mut stale = self.open()?.stale.clone();
        stale.retain(|stale| after.as_ref().is_none_or(|after| stale.model.name > *after));
        stale.truncate(usize::from(limit));
        Ok(stale)
    }

    async fn let_go(
        &self,
        _: Option<Vec<ModelName>>,
        actor: &Actor,
        _: Timestamp,
    ) -> Result<LetGo, StoreError> {
        let mut shelves = self.open()?;
        shelves.authors.push(actor.name.to_string());
        Ok(shelves.let_go.clone().unwrap_or(LetGo::Nothing))
    }
}
