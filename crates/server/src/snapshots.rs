//! What the hot path reads: routing table and price book, swapped whole when the database says they moved.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use arc_swap::ArcSwap;
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;
use tollgate_catalog::PriceBook;
use tollgate_domain::PriceBookData;
use tollgate_domain::ports::{GatewayConfig, Store, Versions};
use tollgate_proxy::RoutingTable;
use tollgate_storage::Keyring;

use crate::last_known;

/// How often the database is asked whether anything moved.
const POLL: Duration = Duration::from_secs(1);

/// The current snapshots.
pub(crate) struct Snapshots {
    pub(crate) routing: Arc<ArcSwap<RoutingTable>>,
    pub(crate) book: Arc<ArcSwap<PriceBook>>,
    source: Source,
    loaded: Mutex<Loaded>,
    stale: AtomicBool,
}

/// Where snapshots come from and where they are kept for a start without a database.
pub(crate) struct Source {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) keyring: Keyring,
    pub(crate) last_known: PathBuf,
}

/// What is loaded, as data.
struct Loaded {
    config: GatewayConfig,
    prices: PriceBookData,
}

impl Loaded {
    fn versions(&self) -> Versions {
        Versions {
            config: self.config.version,
            prices: Some(self.prices.version),
        }
    }
}

impl Snapshots {
    /// Loads from the database.
    ///
    /// # Errors
    /// When the database fails or has no price book yet.
    pub(crate) async fn from_store(source: Source) -> Result<Self> {
        let config = source
            .store
            .gateway_config()
            .await
            .context("loading upstreams and keys")?;
        let Some(prices) = source
            .store
            .price_book(None)
            .await
            .context("loading the price book")?
        else {
            bail!("the database holds no price book");
        };
        let loaded = Loaded { config, prices };
        source.keep(&loaded).await;
        Self::build(source, loaded, false)
    }

    /// Starts from the last known configuration: the database is away.
    ///
    /// # Errors
    /// When there is none, or it cannot be opened.
    pub(crate) fn from_last_known(source: Source) -> Result<Self> {
        let Some(known) = last_known::load(&source.last_known, &source.keyring)? else {
            bail!("the database is not reachable and there is no last known configuration to start from");
        };
        Self::build(
            source,
            Loaded {
                config: known.config,
                prices: known.prices,
            },
            true,
        )
    }

    fn build(source: Source, loaded: Loaded, stale: bool) -> Result<Self> {
        let book = PriceBook::build(loaded.prices.clone()).context("building the price book")?;
        let routing = RoutingTable::build(loaded.config.clone());
        Ok(Self {
            routing: Arc::new(ArcSwap::from_pointee(routing)),
            book: Arc::new(ArcSwap::from_pointee(book)),
            source,
            loaded: Mutex::new(loaded),
            stale: AtomicBool::new(stale),
        })
    }

    /// Whether the last look at the database failed.
    pub(crate) fn stale(&self) -> bool {
        self.stale.load(Ordering::Relaxed)
    }

    /// Looks whether anything moved and takes it over. A failure leaves the old snapshots serving.
    pub(crate) async fn refresh(&self) {
        match self.try_refresh().await {
            Ok(()) => {
                if self.stale.swap(false, Ordering::Relaxed) {
                    tracing::info!("configuration and prices are fresh again");
                }
            }
            Err(error) => {
                if !self.stale.swap(true, Ordering::Relaxed) {
                    tracing::warn!(
                        error = format!("{error:#}"),
                        "serving from memory: configuration cannot be refreshed"
                    );
                }
            }
        }
    }

    async fn try_refresh(&self) -> Result<()> {
        let mut loaded = self.loaded.lock().await;
        let (store, seen) = (&self.source.store, loaded.versions());
        let mut current = store.versions().await.context("polling versions")?;
        if current == seen {
            return Ok(());
        }
        let mut config = None;
        if current.config != seen.config {
            config = Some(
                store
                    .gateway_config()
                    .await
                    .context("loading upstreams and keys")?,
            );
            // Each new upstream came with a price version: prices are read after it and serve before it does, so
            // that no request meets an upstream whose multipliers are not known.
            current = store.versions().await.context("polling versions")?;
        }
        if current.prices != seen.prices {
            let prices = store.price_book(None).await.context("loading the price book")?;
            if let Some(prices) = prices {
                self.book.store(Arc::new(
                    PriceBook::build(prices.clone()).context("building the price book")?,
                ));
                loaded.prices = prices;
            }
        }
        if let Some(config) = config {
            self.routing.store(Arc::new(RoutingTable::build(config.clone())));
            loaded.config = config;
        }
        self.source.keep(&loaded).await;
        Ok(())
    }

    /// Polls until stopped.
    pub(crate) async fn follow(self: Arc<Self>, stop: CancellationToken) {
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(POLL) => self.refresh().await,
            }
        }
    }
}

impl Source {
    /// Keeps a sealed copy. Failing to is reported, not fatal: requests do not depend on it.
    async fn keep(&self, loaded: &Loaded) {
        let (path, keyring) = (self.last_known.clone(), self.keyring.clone());
        let (config, prices) = (loaded.config.clone(), loaded.prices.clone());
        let kept =
            tokio::task::spawn_blocking(move || last_known::save(&path, &keyring, &config, &prices)).await;
        if let Ok(Err(error)) = kept {
            tracing::warn!(
                error = format!("{error:#}"),
                "the last known configuration could not be kept"
            );
        }
    }
}
