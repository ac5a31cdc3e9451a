//! One run: fetch, compare, store.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tollgate_domain::ports::{Begun, Finish, FinishedRun, Lease, NewRun, Store, StoreError, SyncStart};
use tollgate_domain::{
    Actor, CardId, Clock, HeldPrice, HoldState, IdSource, JournalId, ModelName, PriceBookData, ReleaseCounts,
    ReleaseId, ReleaseState, RunTrigger, Timestamp, Validators,
};
use url::Url;

use super::fetch::{FetchError, Fetched, Fetcher};
use super::settings::{SyncSettings, shown};
use super::{in_use, reading};
use crate::{ParsedMap, Plan, PlanInput, plan, snapshot};

/// How long a run may be silent before another process takes over.
pub(super) const LEASE: Duration = Duration::from_mins(1);
/// After a failed run the next one is due this soon, whatever the interval.
const AFTER_FAILURE: Duration = Duration::from_hours(1);
/// How often a map is compared again because the catalog moved meanwhile.
const COMPARISONS: u32 = 5;

/// The sync of one gateway. Cheap to share.
pub struct PriceSync {
    pub(super) store: Arc<dyn Store>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) ids: Arc<dyn IdSource>,
    pub(super) holder: JournalId,
    pub(super) settings: SyncSettings,
    fetcher: Fetcher,
    runs: mpsc::Sender<Run>,
}

/// A run that has begun and is to be carried out.
#[derive(Debug)]
pub(super) struct Run {
    pub(super) id: ReleaseId,
    pub(super) lease: Lease,
    force: bool,
}

/// What came of looking for a map.
enum Found {
    Map {
        url: Url,
        map: Box<ParsedMap>,
        validators: Validators,
    },
    Unchanged {
        url: Url,
        validators: Validators,
    },
    Nothing {
        state: ReleaseState,
        reason: String,
    },
}

impl PriceSync {
    /// A sync that has nothing to do yet, and what its runner waits on.
    pub(super) fn new(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn IdSource>,
        holder: JournalId,
        settings: SyncSettings,
    ) -> Result<(Arc<Self>, mpsc::Receiver<Run>), FetchError> {
        let fetcher = Fetcher::new(&settings)?;
        // The lease lets one run begin at a time, so one place is enough.
        let (runs, waiting) = mpsc::channel(1);
        let sync = Self {
            store,
            clock,
            ids,
            holder,
            settings,
            fetcher,
            runs,
        };
        Ok((Arc::new(sync), waiting))
    }

    /// Begins a run on demand. With `force` the whole map is read and compared even if the server says that it has not
    /// changed.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails or is away.
    pub async fn start(&self, actor: &Actor, force: bool) -> Result<SyncStart, StoreError> {
        match self.begin(RunTrigger::Manual, actor, force).await? {
            Ok(run) => {
                let id = run.id;
                if let Err(error) = self.runs.try_send(run) {
                    let run = error.into_inner();
                    self.fail(&run, "the gateway is stopping").await;
                }
                Ok(SyncStart::Started(id))
            }
            Err(running) => Ok(SyncStart::Busy(running)),
        }
    }

    /// Takes the lease and makes the run's row; the inner error is the run that is under way.
    pub(super) async fn begin(
        &self,
        trigger: RunTrigger,
        actor: &Actor,
        force: bool,
    ) -> Result<Result<Run, Option<ReleaseId>>, StoreError> {
        let now = self.clock.now();
        let new = NewRun {
            id: ReleaseId::new(self.ids.new_id(now)),
            trigger,
            actor: actor.clone(),
            holder: self.holder,
            lease_until: now + LEASE,
        };
        let id = new.id;
        Ok(match self.store.begin_run(new, now).await? {
            Begun::Yes(lease) => Ok(Run { id, lease, force }),
            Begun::Busy(running) => Err(running),
        })
    }

    /// Carries a run out; what came of it.
    ///
    /// # Errors
    /// [`StoreError`]; the run is then still open.
    pub(super) async fn carry_out(&self, run: &Run) -> Result<(ReleaseState, Option<String>), StoreError> {
        match self.look(run).await? {
            Found::Map { url, map, validators } => self.take_in(run, &url, map, validators).await,
            Found::Unchanged { url, validators } => {
                let mut finished = self.finished(run, ReleaseState::Unchanged, None);
                finished.url = Some(shown(&url));
                finished.validators = validators;
                self.finish(finished).await
            }
            Found::Nothing { state, reason } => self.finish(self.finished(run, state, Some(reason))).await,
        }
    }

    /// Ends a run as failed. Best effort: where that fails too, the lease runs out.
    pub(super) async fn fail(&self, run: &Run, reason: &str) {
        let finished = self.finished(run, ReleaseState::Failed, Some(reason.to_owned()));
        if let Err(error) = self.store.finish_run(finished, self.clock.now()).await {
            tracing::debug!(%error, "a failed price sync could not be noted");
        }
    }

    /// Tries the URLs in order.
    async fn look(&self, run: &Run) -> Result<Found, StoreError> {
        let (mut faults, mut state) = (Vec::new(), ReleaseState::Failed);
        for url in &self.settings.urls {
            let known = if run.force {
                Validators::default()
            } else {
                self.store.validators(&shown(url), snapshot::grammar()).await?
            };
            match self.fetch(url, &known).await {
                Ok(Fetched::NotModified) => {
                    return Ok(Found::Unchanged {
                        url: url.clone(),
                        validators: known,
                    });
                }
                Ok(Fetched::Body { bytes, validators }) => {
                    let read = tokio::task::spawn_blocking(move || reading::read(&bytes)).await;
                    match read.unwrap_or_else(|error| Err(error.to_string())) {
                        Ok(map) => {
                            return Ok(Found::Map {
                                url: url.clone(),
                                map: Box::new(map),
                                validators,
                            });
                        }
                        Err(fault) => {
                            state = ReleaseState::Held;
                            faults.push(format!("{}: {fault}", shown(url)));
                        }
                    }
                }
                Err(fault) => faults.push(format!("{}: {fault}", shown(url))),
            }
        }
        let reason = faults.join("; ");
        Ok(Found::Nothing { state, reason })
    }

    async fn fetch(&self, url: &Url, known: &Validators) -> Result<Fetched, FetchError> {
        for tried in 1.. {
            match self.fetcher.fetch(url, known).await {
                Err(error) if error.is_transient() && tried < self.settings.tries => {
                    tracing::debug!(url = shown(url), %error, tried, "trying again for the price map");
                    tokio::time::sleep(self.settings.pause_before(tried)).await;
                }
                done => return done,
            }
        }
        Ok(Fetched::NotModified)
    }

    /// Compares a map with the catalog and stores what comes of it.
    async fn take_in(
        &self,
        run: &Run,
        url: &Url,
        map: Box<ParsedMap>,
        validators: Validators,
    ) -> Result<(ReleaseState, Option<String>), StoreError> {
        let map = Arc::new(*map);
        for _ in 0..COMPARISONS {
            let compared = self.compare(&map).await?;
            let (base, plan) = compared;
            let finished = FinishedRun {
                alarm: plan.alarm,
                url: Some(shown(url)),
                validators: validators.clone(),
                content_hash: Some(map.content_hash.clone()),
                models: Some(plan.models),
                counts: plan.counts,
                unknown_fields: map.unknown_fields.keys().cloned().collect(),
                base,
                write: Some(plan.write),
                still_held: plan.still_held,
                ..self.finished(run, plan.state, plan.reason)
            };
            let done = (finished.state, finished.reason.clone());
            match self.store.finish_run(finished, self.clock.now()).await? {
                Finish::Done(_) => return Ok(done),
                Finish::LeaseLost => return Ok(lease_lost()),
                Finish::Moved => {}
            }
        }
        let reason = "the catalog changed each time while the map was compared with it".to_owned();
        self.finish(self.finished(run, ReleaseState::Failed, Some(reason)))
            .await
    }

    async fn compare(
        &self,
        map: &Arc<ParsedMap>,
    ) -> Result<(Option<tollgate_domain::PriceVersion>, Plan), StoreError> {
        let now = self.clock.now();
        let book = self.store.price_book(None).await?;
        let seen = self.store.seen_models(now - self.settings.in_use).await?;
        let upstreams = self.store.upstreams().await?;
        let waiting = self.store.held_prices(HoldState::Held).await?;
        let refused = self.store.held_prices(HoldState::Rejected).await?;
        let (map, rules) = (Arc::clone(map), self.settings.guard);
        let base = book.as_ref().map(|book| book.version);
        let planning = move || {
            let book: Option<&PriceBookData> = book.as_ref();
            plan(PlanInput {
                map: &map,
                book,
                in_use: &in_use::names(&seen, &upstreams, book),
                refused: &refused_prices(refused),
                waiting: &waiting_prices(waiting),
                rules,
            })
        };
        let planned = tokio::task::spawn_blocking(planning).await;
        let planned = planned.map_err(|source| StoreError::Failed {
            operation: "comparing the price map with the catalog",
            source: Box::new(source),
        })?;
        Ok((base, planned))
    }

    async fn finish(&self, finished: FinishedRun) -> Result<(ReleaseState, Option<String>), StoreError> {
        let done = (finished.state, finished.reason.clone());
        match self.store.finish_run(finished, self.clock.now()).await? {
            Finish::Done(_) => Ok(done),
            Finish::LeaseLost | Finish::Moved => Ok(lease_lost()),
        }
    }

    fn finished(&self, run: &Run, state: ReleaseState, reason: Option<String>) -> FinishedRun {
        FinishedRun {
            id: run.id,
            lease: run.lease,
            next_due_at: self.next_due(state),
            state,
            reason,
            alarm: None,
            url: None,
            validators: Validators::default(),
            grammar: snapshot::grammar().to_owned(),
            content_hash: None,
            models: None,
            counts: ReleaseCounts::default(),
            unknown_fields: Vec::new(),
            base: None,
            write: None,
            still_held: Vec::new(),
        }
    }

    fn next_due(&self, state: ReleaseState) -> Timestamp {
        let interval = match state {
            ReleaseState::Failed => self.settings.interval.min(AFTER_FAILURE),
            _ => self.settings.interval,
        };
        self.clock.now() + interval + self.settings.some_jitter()
    }
}

fn lease_lost() -> (ReleaseState, Option<String>) {
    (
        ReleaseState::Failed,
        Some("another process has taken over".to_owned()),
    )
}

fn refused_prices(held: Vec<HeldPrice>) -> HashSet<(ModelName, CardId)> {
    let prices = held.into_iter();
    prices
        .filter_map(|held| Some((held.hold.model, held.hold.card_id?)))
        .collect()
}

fn waiting_prices(held: Vec<HeldPrice>) -> HashMap<ModelName, Option<CardId>> {
    let prices = held.into_iter();
    prices.map(|held| (held.hold.model, held.hold.card_id)).collect()
}

impl std::fmt::Debug for PriceSync {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PriceSync")
            .field("holder", &self.holder)
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}
