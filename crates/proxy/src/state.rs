//! What every request shares.

use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;
use billing_core::PriceBook;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tollgate_domain::{Clock, IdSource};
use tollgate_ledger::Recorder;

use crate::deferred::{DeferredParts, DeferredUse, Desk};
use crate::forward::UpstreamClient;
use crate::{ProxyConfig, RoutingTable};

/// What the proxy is composed of.
pub struct ProxyParts {
    /// Keys and upstreams; swapped when the configuration changes.
    pub routes: Arc<ArcSwap<RoutingTable>>,
    /// The price book new attempts are dispatched with; swapped when prices change.
    pub prices: Arc<ArcSwap<PriceBook>>,
    /// Journals attempts, entries and request logs.
    pub recorder: Recorder,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Ids.
    pub ids: Arc<dyn IdSource>,
    /// Runs requests, so that they outlive their callers and a stop can wait for them.
    pub tracker: TaskTracker,
    /// Once cancelled, new requests are refused; those in flight finish.
    pub stopping: CancellationToken,
    /// Where deferred operations are kept; without it none is carried.
    pub deferred: Option<DeferredParts>,
    /// Limits and policies.
    pub config: ProxyConfig,
}

/// The proxy's shared state. Cheap to clone.
#[derive(Clone)]
pub struct ProxyState {
    shared: Arc<Shared>,
}

/// Why the proxy cannot be set up.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SetupError {
    /// The TLS library refuses its own defaults.
    #[error("TLS cannot be set up")]
    Tls(#[from] rustls::Error),
}

pub(crate) struct Shared {
    parts: ProxyParts,
    client: UpstreamClient,
    rng: Mutex<fastrand::Rng>,
    /// One estimate at a time.
    estimations: Arc<Semaphore>,
    desk: Option<Arc<Desk>>,
}

impl ProxyState {
    /// Sets up the forwarder and its TLS roots (the system's and a bundled set).
    ///
    /// # Errors
    /// [`SetupError::Tls`].
    pub fn new(parts: ProxyParts) -> Result<Self, SetupError> {
        let client = UpstreamClient::new(parts.config.connect_timeout)?;
        let rng = parts
            .config
            .seed
            .map_or_else(fastrand::Rng::new, fastrand::Rng::with_seed);
        let desk = parts.deferred.clone().map(|deferred| {
            Arc::new(Desk::new(
                deferred,
                parts.config.deferred_looks,
                parts.recorder.clone(),
                Arc::clone(&parts.clock),
                parts.tracker.clone(),
                Arc::clone(&parts.prices),
            ))
        });
        let shared = Shared {
            parts,
            client,
            rng: Mutex::new(rng),
            estimations: Arc::new(Semaphore::new(1)),
            desk,
        };
        Ok(Self {
            shared: Arc::new(shared),
        })
    }

    pub(crate) fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }
}

impl std::fmt::Debug for ProxyState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ProxyState")
            .field("config", &self.shared.parts.config)
            .finish_non_exhaustive()
    }
}

impl std::ops::Deref for Shared {
    type Target = ProxyParts;

    fn deref(&self) -> &ProxyParts {
        &self.parts
    }
}

impl Shared {
    pub(crate) fn client(&self) -> &UpstreamClient {
        &self.client
    }

    /// Where deferred operations are looked after.
    pub(crate) fn desk(&self) -> Option<&Arc<Desk>> {
        self.desk.as_ref()
    }

    /// Whether something may be used later than it is asked for.
    pub(crate) fn allows(&self, wanted: DeferredUse) -> bool {
        self.desk.is_some() && self.config.deferred.contains(&wanted)
    }

    /// The turn to estimate.
    pub(crate) fn estimations(&self) -> &Arc<Semaphore> {
        &self.estimations
    }

    /// A generator of its own for one request, so that no lock outlives the call.
    pub(crate) fn rng(&self) -> fastrand::Rng {
        self.rng.lock().unwrap_or_else(PoisonError::into_inner).fork()
    }
}
