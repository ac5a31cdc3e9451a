//! The background task: the schedule, and runs begun on demand.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tollgate_domain::ports::{PRICE_SYNC_JOB, Store, StoreError};
use tollgate_domain::{Actor, Clock, IdSource, JournalId, ReleaseState, RunTrigger};

use super::fetch::FetchError;
use super::service::{LEASE, PriceSync, Run};
use super::settings::SyncSettings;

/// How often the schedule is looked at.
const LOOK: Duration = Duration::from_mins(1);
/// Whose name scheduled runs carry.
const AUTHOR: &str = "schedule";

/// Carries out the runs of a [`PriceSync`].
#[derive(Debug)]
pub struct SyncRunner {
    sync: Arc<PriceSync>,
    waiting: mpsc::Receiver<Run>,
    /// One line when it stops working, not one a run.
    complained: AtomicBool,
}

impl SyncRunner {
    /// A sync and its runner. `holder` names this process over restarts.
    ///
    /// # Errors
    /// [`FetchError::Setup`].
    pub fn new(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn IdSource>,
        holder: JournalId,
        settings: SyncSettings,
    ) -> Result<(Arc<PriceSync>, Self), FetchError> {
        let (sync, waiting) = PriceSync::new(store, clock, ids, holder, settings)?;
        let runner = Self {
            sync: Arc::clone(&sync),
            waiting,
            complained: AtomicBool::new(false),
        };
        Ok((sync, runner))
    }

    /// Runs until stopped. A run under way then ends as failed.
    pub async fn run(mut self, stop: CancellationToken) {
        self.sweep(true).await;
        let settings = &self.sync.settings;
        let mut next = tokio::time::Instant::now() + settings.start_delay + settings.some_jitter();
        loop {
            tokio::select! {
                () = stop.cancelled() => break,
                Some(run) = self.waiting.recv() => self.carry_out(run, &stop).await,
                () = tokio::time::sleep_until(next) => {
                    let pause = self.look(&stop).await;
                    next = tokio::time::Instant::now() + pause;
                }
            }
        }
        self.waiting.close();
        while let Some(run) = self.waiting.recv().await {
            self.sync.fail(&run, "the gateway was stopped").await;
        }
    }

    /// Looks at the schedule; how long until the next look.
    async fn look(&self, stop: &CancellationToken) -> Duration {
        self.sweep(false).await;
        if !self.sync.settings.scheduled || self.is_paused().await {
            return LOOK;
        }
        match self.due_in().await {
            Ok(Some(pause)) if pause > Duration::ZERO => return pause.min(LOOK),
            Ok(Some(_)) => {}
            Ok(None) => return LOOK,
            Err(error) => {
                tracing::debug!(%error, "the schedule of the price sync cannot be read");
                return LOOK;
            }
        }
        match self
            .sync
            .begin(RunTrigger::Schedule, &Actor::system(AUTHOR), false)
            .await
        {
            Ok(Ok(run)) => self.carry_out(run, stop).await,
            // Another replica was quicker.
            Ok(Err(_)) => {}
            Err(error) => tracing::debug!(%error, "a scheduled price sync cannot begin"),
        }
        LOOK
    }

    /// Whether the operator has paused the schedule. A database that does not answer runs nothing either.
    async fn is_paused(&self) -> bool {
        self.sync.store.job_paused(PRICE_SYNC_JOB).await.unwrap_or(true)
    }

    /// How long until the next run is due; `None` while one is under way.
    async fn due_in(&self) -> Result<Option<Duration>, StoreError> {
        let job = self.sync.store.sync_job().await?;
        if job.held.is_some() {
            return Ok(None);
        }
        let now = self.sync.clock.now();
        let wait = job.next_due_at.map(|due| due - now);
        Ok(Some(wait.and_then(|wait| wait.to_std().ok()).unwrap_or_default()))
    }

    /// Ends runs nobody is carrying out any more: this process's own from before its start, or those whose lease ran
    /// out.
    async fn sweep(&self, own: bool) {
        let holder = own.then_some(self.sync.holder);
        match self.sync.store.clear_lease(holder, self.sync.clock.now()).await {
            Ok(0) => {}
            Ok(runs) => tracing::warn!(runs, "a price sync was cut short; the prices before it serve"),
            Err(error) => tracing::debug!(%error, "cut short price syncs cannot be looked for"),
        }
    }

    async fn carry_out(&self, run: Run, stop: &CancellationToken) {
        let outcome = tokio::select! {
            outcome = self.sync.carry_out(&run) => outcome,
            () = self.keep_lease(&run) => {
                tracing::warn!("another process took the price sync over");
                return;
            }
            () = stop.cancelled() => {
                self.sync.fail(&run, "the gateway was stopped").await;
                return;
            }
        };
        match outcome {
            Ok((state, reason)) => self.report(&run, state, reason.as_deref().unwrap_or_default()),
            Err(error) => {
                self.sync.fail(&run, "the database failed during the run").await;
                self.report(&run, ReleaseState::Failed, &error.to_string());
            }
        }
    }

    /// Renews the lease until it is lost.
    async fn keep_lease(&self, run: &Run) {
        loop {
            tokio::time::sleep(LEASE / 3).await;
            let until = self.sync.clock.now() + LEASE;
            // A database that is away takes nothing away either.
            if let Ok(false) = self.sync.store.keep_lease(run.lease, until).await {
                return;
            }
        }
    }

    fn report(&self, run: &Run, state: ReleaseState, reason: &str) {
        let id = run.id;
        let went_wrong = matches!(state, ReleaseState::Failed | ReleaseState::Held);
        if !went_wrong {
            self.complained.store(false, Ordering::Relaxed);
            tracing::info!(release = %id, %state, reason, "price sync done");
        } else if self.complained.swap(true, Ordering::Relaxed) {
            tracing::debug!(release = %id, %state, reason, "price sync without effect, as before");
        } else {
            tracing::warn!(release = %id, %state, reason, "price sync without effect: the prices before it serve");
        }
    }
}
