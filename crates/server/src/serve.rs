//! `gateway serve`: puts the parts together and takes them apart in order.

mod billing;
mod chores;
mod console;
mod http;
mod maintenance;
mod prices;
mod scrape;
mod shutdown;
mod store;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use anyhow::{Context, Result};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tollgate_domain::ports::Runtime;
use tollgate_domain::{AccountingZone, Clock, IdSource};
use tollgate_ledger::EntryWatch;

use crate::clock::{SystemClock, SystemIds};
use crate::config::Loaded;
use crate::home::Home;
use crate::jobs::Looker;
use crate::metrics::Metrics;
use crate::runtime::RunningGateway;
use crate::{keyring, logging};

/// What every part is handed.
struct Edge {
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdSource>,
    zone: AccountingZone,
}

/// Runs until told to stop, then drains.
///
/// # Errors
/// Whatever keeps it from starting, in words for the operator.
pub(crate) async fn serve(loaded: Loaded) -> Result<()> {
    let Loaded { config, settings } = loaded;
    let stop_signals = shutdown::StopSignals::listen()?;
    let home = Home::open(&config)?;
    let keyring = keyring::load(home.dir(), home.embedded())?;
    let edge = Edge {
        clock: Arc::new(SystemClock),
        ids: Arc::new(SystemIds::new()),
        zone: AccountingZone::try_new(&config.accounting_zone)?,
    };
    // The journal's lock comes first: two processes on one data directory must not get further.
    let journal = billing::open_journal(&config, &home, &edge).await?;
    let store::Started {
        database,
        snapshots,
        unready,
    } = store::start(&config, &home, keyring, &edge).await?;
    let snapshots = Arc::new(snapshots);
    let billing = billing::start(&config, &edge, journal, &database, &snapshots)?;

    let stop_admission = CancellationToken::new();
    let stop_background = CancellationToken::new();
    let requests = TaskTracker::new();
    let background = TaskTracker::new();
    let writer = background.spawn(billing.writer.run(billing.stop.clone(), Duration::from_secs(10)));
    if let Some(preparation) = unready {
        background.spawn(preparation.keep_trying(stop_background.clone()));
    }
    background.spawn(Arc::clone(&snapshots).follow(stop_background.clone()));
    background.spawn(maintenance::sum_days_of(
        Arc::clone(&database),
        edge.zone,
        stop_background.clone(),
    ));
    let misplaced = Arc::new(AtomicBool::new(false));
    background.spawn(maintenance::watch(
        Arc::clone(&database),
        Arc::clone(&misplaced),
        stop_background.clone(),
    ));

    let (price_sync, sync_runner) = prices::start(&config, &edge, &billing.journal, &database)?;
    let syncing = background.spawn(sync_runner.run(stop_background.clone()));
    let job_tasks = TaskTracker::new();
    let tasks = (&job_tasks, &stop_background);
    let (jobs, looker) = chores::jobs(&config, &edge, &billing.journal, &database, &price_sync, tasks)?;

    let runtime: Arc<dyn Runtime> = Arc::new(RunningGateway {
        snapshots: Arc::clone(&snapshots),
        journal: billing.journal.clone(),
        recorder: billing.recorder.clone(),
        writer: Arc::clone(&billing.state),
        misplaced,
        price_sync,
    });
    let records = (&billing.journal, &billing.state);
    let system = chores::system(&config, settings, &edge, records, &runtime);
    let watch = Arc::new(EntryWatch::default());
    let metrics = Metrics::observing(&billing.recorder, &watch);
    let servers = http::listen(http::Parts {
        config: &config,
        edge: &edge,
        database: &database,
        runtime: &runtime,
        system: &system,
        jobs: &jobs,
        snapshots: &snapshots,
        recorder: &billing.recorder,
        writer: &billing.state,
        metrics: &metrics,
        watch: &watch,
        requests: &requests,
        stop: &stop_admission,
    })
    .await?;
    logging::say(&servers.greeting());
    let proxy = servers.proxy().clone();
    looker.get_or_init(|| Looker { proxy, runtime });
    let serving = servers.run(&background);

    stop_signals.received().await;
    tracing::info!("stopping: finishing what is in flight");
    stop_admission.cancel();
    let grace = Duration::from_secs(config.shutdown_grace_seconds);
    shutdown::drain(serving, &requests, &billing.recorder, grace).await;
    stop_background.cancel();
    prices::stopped(syncing).await;
    shutdown::jobs_ended(&job_tasks).await;
    billing.stop.cancel();
    writer.await.context("the writer died")??;
    billing.journal.close().await.context("closing the journal")?;
    tracing::info!("stopped");
    Ok(())
}
