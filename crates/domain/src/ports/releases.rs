//! Runs of the price sync, what they held, and who may run.

use std::sync::Arc;

use async_trait::async_trait;

use super::StoreError;
use crate::{
    Actor, CatalogWrite, HeldPrice, HoldState, JournalId, ModelName, PriceRelease, PriceVersion, PricedModel,
    ProviderName, RateCard, ReleaseCounts, ReleaseId, ReleaseState, RunTrigger, Timestamp, Validators,
};

/// The name of the price sync among the jobs.
pub const PRICE_SYNC_JOB: &str = "price_sync";

/// The right to run a job. A later holder has a higher fencing number, and what an earlier one still tries to write
/// is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lease {
    /// Which process.
    pub holder: JournalId,
    /// Moves with every taking of the lease.
    pub fence: i64,
}

/// A job as all replicas see it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct JobState {
    /// Who runs it, and until when it is believed to.
    pub held: Option<(JournalId, Timestamp)>,
    /// When it last began.
    pub last_started_at: Option<Timestamp>,
    /// When it last ended.
    pub last_finished_at: Option<Timestamp>,
    /// When the schedule wants it next.
    pub next_due_at: Option<Timestamp>,
}

/// A run to begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRun {
    /// Its id.
    pub id: ReleaseId,
    /// What set it off.
    pub trigger: RunTrigger,
    /// Who set it off.
    pub actor: Actor,
    /// The process that will run it.
    pub holder: JournalId,
    /// How long it is believed to run without another word.
    pub lease_until: Timestamp,
}

/// Whether a run began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Begun {
    /// It did.
    Yes(Lease),
    /// Another one is under way.
    Busy(Option<ReleaseId>),
}

/// Whether a run asked for began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SyncStart {
    /// It did; its release tells how it goes.
    Started(ReleaseId),
    /// Another one is under way, here or at another replica.
    Busy(Option<ReleaseId>),
}

/// What came of a run, to be stored in one transaction.
#[derive(Debug, Clone)]
pub struct FinishedRun {
    /// The run.
    pub id: ReleaseId,
    /// The right to write it.
    pub lease: Lease,
    /// When the schedule wants the next one.
    pub next_due_at: Timestamp,
    /// What came of it.
    pub state: ReleaseState,
    /// Why.
    pub reason: Option<String>,
    /// What should alarm the operator.
    pub alarm: Option<String>,
    /// Where the map came from.
    pub url: Option<String>,
    /// What to ask with next time; kept only from runs that took a map in.
    pub validators: Validators,
    /// How maps are read by this binary; validators of a map read otherwise are not used.
    pub grammar: String,
    /// SHA-256 of the map, hex.
    pub content_hash: Option<String>,
    /// Priced models in the map.
    pub models: Option<u32>,
    /// What differed.
    pub counts: ReleaseCounts,
    /// Names of price fields nobody understood.
    pub unknown_fields: Vec<String>,
    /// The price version the map was compared with.
    pub base: Option<PriceVersion>,
    /// What to put in force and what to hold; `None` where no map was taken in, and what is held already stays.
    pub write: Option<CatalogWrite>,
    /// Prices held by earlier runs that the map proposes unchanged: they stay held.
    pub still_held: Vec<ModelName>,
}

/// How finishing a run went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finish {
    /// It is stored; the price version it made, if it changed prices.
    Done(Option<PriceVersion>),
    /// The catalog has moved since it was compared with: nothing is stored, compare again.
    Moved,
    /// Somebody else has taken the job over: nothing is stored.
    LeaseLost,
}

/// One model a release changed or held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelChange {
    /// The model.
    pub model: ModelName,
    /// Its row and card before; `None` where it is new.
    pub before: Option<(PricedModel, Arc<RateCard>)>,
    /// Its row and card after; `None` where it was let go.
    pub after: Option<(PricedModel, Arc<RateCard>)>,
    /// Set where the change is not in force by itself.
    pub held: Option<HeldPrice>,
}

/// What came of accepting or rejecting held prices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decided {
    /// There is no such release.
    Missing,
    /// It holds nothing that waits.
    NothingHeld,
    /// These models have no price waiting in it.
    NotHeld(Vec<ModelName>),
    /// Done for these models; accepting made a version.
    Done {
        /// The version, where prices changed.
        version: Option<PriceVersion>,
        /// The models decided on.
        models: Vec<ModelName>,
    },
}

/// What came of making a release current.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Activated {
    /// There is no such release.
    Missing,
    /// It never was in force, so there is nothing to go back to.
    NeverInForce,
    /// It is in force already.
    Already,
    /// Done.
    Done {
        /// The version it made.
        version: PriceVersion,
        /// Models whose row differs from the one before.
        changed: u32,
        /// Models that are there again.
        added: u32,
        /// Models the release did not have: they have no price any more.
        removed: u32,
    },
}

/// What came of letting stale models go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LetGo {
    /// These are not stale.
    NotStale(Vec<ModelName>),
    /// There is nothing stale.
    Nothing,
    /// Done.
    Done {
        /// The version it made.
        version: PriceVersion,
        /// The models that have no price any more.
        models: Vec<ModelName>,
    },
}

/// A model gone from the map whose last price still serves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaleModel {
    /// Its row.
    pub model: PricedModel,
    /// Its last price.
    pub card: Arc<RateCard>,
    /// The version that marked it stale.
    pub since_version: PriceVersion,
    /// When that was.
    pub since: Timestamp,
}

/// Models seen in traffic, by name as sent, served or requested.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SeenModels {
    /// The upstream's provider, and the name it served or was sent.
    pub served: Vec<(ProviderName, ModelName)>,
    /// Names that callers asked for.
    pub requested: Vec<ModelName>,
}

/// Releases of the price catalog.
#[async_trait]
pub trait ReleaseStore: Send + Sync {
    /// Takes the lease of the price sync and begins a run. Runs that nobody finished are marked failed.
    async fn begin_run(&self, run: NewRun, at: Timestamp) -> Result<Begun, StoreError>;

    /// Says that the run is still under way; `false` when the lease is lost.
    async fn keep_lease(&self, lease: Lease, until: Timestamp) -> Result<bool, StoreError>;

    /// Stores what came of a run and gives the lease back, in one transaction.
    async fn finish_run(&self, run: FinishedRun, at: Timestamp) -> Result<Finish, StoreError>;

    /// Gives back a lease that `holder` held before it was restarted, or that ran out; runs left open are marked
    /// failed. How many there were.
    async fn clear_lease(&self, holder: Option<JournalId>, at: Timestamp) -> Result<u32, StoreError>;

    /// The price sync as all replicas see it.
    async fn sync_job(&self) -> Result<JobState, StoreError>;

    /// What to ask a URL with: the validators of the latest run that took in a map from there and read it by this
    /// grammar.
    async fn validators(&self, url: &str, grammar: &str) -> Result<Validators, StoreError>;

    /// Prices in this state.
    async fn held_prices(&self, state: HoldState) -> Result<Vec<HeldPrice>, StoreError>;

    /// Models in traffic since then.
    async fn seen_models(&self, since: Timestamp) -> Result<SeenModels, StoreError>;

    /// Releases, newest first, after the given one.
    async fn releases(&self, after: Option<ReleaseId>, limit: u16) -> Result<Vec<PriceRelease>, StoreError>;

    /// One release.
    async fn release(&self, id: ReleaseId) -> Result<Option<PriceRelease>, StoreError>;

    /// The latest run that was a sync.
    async fn last_sync(&self) -> Result<Option<PriceRelease>, StoreError>;

    /// What a release changed and held, by model, after the given one; `None` if there is no such release.
    async fn release_changes(
        &self,
        id: ReleaseId,
        after: Option<ModelName>,
        limit: u16,
    ) -> Result<Option<Vec<ModelChange>>, StoreError>;

    /// Puts held prices in force (`accept`) or refuses them; `None` means all of the release.
    async fn decide(
        &self,
        id: ReleaseId,
        models: Option<Vec<ModelName>>,
        accept: bool,
        author: &Actor,
        at: Timestamp,
    ) -> Result<Decided, StoreError>;

    /// Makes an earlier release current: the catalog as it last stood under it. The prices it replaces count as
    /// refused, so that the next sync does not bring them back.
    async fn activate_release(
        &self,
        id: ReleaseId,
        author: &Actor,
        at: Timestamp,
    ) -> Result<Activated, StoreError>;

    /// Stale models, by name, after the given one.
    async fn stale_models(&self, after: Option<ModelName>, limit: u16)
    -> Result<Vec<StaleModel>, StoreError>;

    /// Takes stale models out of the catalog; `None` means all.
    async fn let_go(
        &self,
        models: Option<Vec<ModelName>>,
        author: &Actor,
        at: Timestamp,
    ) -> Result<LetGo, StoreError>;
}
