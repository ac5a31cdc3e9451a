//! Listeners and routers.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use arc_swap::ArcSwap;
use axum::http::{StatusCode, Uri};
use axum::serve::ListenerExt;
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tollgate_admin_api::{
    AdminState, BookNames, CurrentPrices, LivePace, LiveStreams, PastMeans, SystemTokens,
};
use tollgate_catalog::PriceBook;
use tollgate_domain::ports::{JobControl, Runtime, Store, System, TestCalls};
use tollgate_ledger::{EntryWatch, Recorder, WriterState};
use tollgate_proxy::{
    DeferredConfig, DeferredParts, DeferredUse, ProxyConfig, ProxyParts, ProxyState, TestCaller,
};
use tollgate_storage::Database;

use super::{Edge, console, scrape};
use crate::config::{self, Config};
use crate::metrics::Metrics;
use crate::snapshots::Snapshots;

/// What the routers are made of.
pub(super) struct Parts<'a> {
    pub(super) config: &'a Config,
    pub(super) edge: &'a Edge,
    pub(super) database: &'a Arc<Database>,
    pub(super) runtime: &'a Arc<dyn Runtime>,
    pub(super) system: &'a Arc<dyn System>,
    pub(super) jobs: &'a Arc<dyn JobControl>,
    pub(super) snapshots: &'a Snapshots,
    pub(super) recorder: &'a Recorder,
    pub(super) writer: &'a Arc<WriterState>,
    pub(super) metrics: &'a Arc<Metrics>,
    /// Observes the recorder.
    pub(super) watch: &'a Arc<EntryWatch>,
    pub(super) requests: &'a TaskTracker,
    pub(super) stop: &'a CancellationToken,
}

/// Open ports with what answers on them.
pub(super) struct Servers {
    clients: (TcpListener, Router),
    admin: Option<(TcpListener, Router)>,
    addresses: (SocketAddr, SocketAddr),
    proxy: ProxyState,
    stop: CancellationToken,
}

/// Opens the ports.
///
/// # Errors
/// When a port cannot be opened.
pub(super) async fn listen(parts: Parts<'_>) -> Result<Servers> {
    let clients = bind("listen", &parts.config.listen).await?;
    let client_address = clients.local_addr().context("reading the listening address")?;
    let state = proxy_state(&parts)?;
    let tests = Arc::new(TestCaller::new(state.clone(), Arc::clone(parts.watch)));
    let proxy = tollgate_proxy::router(state.clone());
    let admin = admin_state(&parts, tests)?;
    let (clients, admin, admin_address) = if let Some(address) = &parts.config.admin_listen {
        let listener = bind("admin_listen", address).await?;
        let admin_address = listener.local_addr().context("reading the listening address")?;
        // Whoever balances clients must be able to ask for health where they connect.
        let clients = (
            clients,
            proxy.merge(tollgate_admin_api::health_router(admin.clone())),
        );
        (
            clients,
            Some((listener, admin_router(&parts, admin, admin_address))),
            admin_address,
        )
    } else {
        let router = proxy.merge(admin_router(&parts, admin, client_address));
        ((clients, router), None, client_address)
    };
    let clients = (clients.0, clients.1.fallback(unknown_path));
    Ok(Servers {
        clients,
        admin,
        addresses: (client_address, admin_address),
        proxy: state,
        stop: parts.stop.clone(),
    })
}

impl Servers {
    /// One line: where it listens and what to do next.
    pub(super) fn greeting(&self) -> String {
        let (clients, admin) = self.addresses;
        format!(
            "tollgate {} listens on http://{clients}; open http://{admin}/ to see what to do next",
            env!("CARGO_PKG_VERSION")
        )
    }

    /// What answers clients.
    pub(super) fn proxy(&self) -> &ProxyState {
        &self.proxy
    }

    /// Serves until stopped; each handle ends when its listener's connections have ended.
    pub(super) fn run(self, tracker: &TaskTracker) -> Vec<JoinHandle<()>> {
        let listeners = std::iter::once(self.clients).chain(self.admin);
        listeners
            .map(|(listener, router)| tracker.spawn(serve(listener, router, self.stop.clone())))
            .collect()
    }
}

async fn serve(listener: TcpListener, router: Router, stop: CancellationToken) {
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "a connection keeps its delay");
        }
    });
    let serving = axum::serve(
        listener,
        router.into_make_service_with_connect_info::<SocketAddr>(),
    )
    .with_graceful_shutdown(stop.cancelled_owned());
    if let Err(error) = serving.await {
        tracing::error!(%error, "a listener ended");
    }
}

async fn bind(key: &str, address: &str) -> Result<TcpListener> {
    TcpListener::bind(address)
        .await
        .with_context(|| format!("opening {key} = {address:?}; is another process on that port?"))
}

/// What no router knows, in the shape most clients read: commonly a base URL without its `/v1`.
async fn unknown_path(uri: Uri) -> (StatusCode, Json<Value>) {
    let path = uri.path();
    let message = format!(
        "there is nothing at {path}; the OpenAI SDKs want a base URL that ends in /v1, the paths are /v1/chat/completions, \
         /v1/responses, /v1/embeddings, /v1/messages, /v1/models and /v1beta/models/{{model}}:generateContent"
    );
    let error =
        json!({"message": message, "type": "invalid_request_error", "param": null, "code": "unknown_path"});
    (StatusCode::NOT_FOUND, Json(json!({ "error": error })))
}

/// The book that requests are dispatched with, for the admin API.
struct ServedPrices(Arc<ArcSwap<PriceBook>>);

impl CurrentPrices for ServedPrices {
    fn book(&self) -> Arc<PriceBook> {
        self.0.load_full()
    }
}

fn admin_state(parts: &Parts<'_>, tests: Arc<dyn TestCalls>) -> Result<AdminState> {
    Ok(AdminState {
        store: Arc::clone(parts.database) as Arc<dyn Store>,
        runtime: Arc::clone(parts.runtime),
        system: Arc::clone(parts.system),
        jobs: Arc::clone(parts.jobs),
        tests,
        prices: Arc::new(ServedPrices(Arc::clone(&parts.snapshots.book))),
        clock: Arc::clone(&parts.edge.clock),
        ids: Arc::clone(&parts.edge.ids),
        tokens: Arc::new(SystemTokens::default()),
        zone: parts.edge.zone,
        guard_factor: parts.config.prices.sync.settings()?.guard.factor,
        past_means: PastMeans::default(),
        book_names: BookNames::default(),
        live: LiveStreams::new(parts.requests.clone(), parts.stop.clone(), LivePace::default()),
        access: parts.config.access.policy()?,
    })
}

fn admin_router(parts: &Parts<'_>, admin: AdminState, admin_address: SocketAddr) -> Router {
    let scrape = scrape::ScrapeState {
        metrics: Arc::clone(parts.metrics),
        store: Arc::clone(&admin.store),
        runtime: Arc::clone(parts.runtime),
        recorder: parts.recorder.clone(),
        writer: Arc::clone(parts.writer),
        clock: Arc::clone(&parts.edge.clock),
        admin_address,
    };
    tollgate_admin_api::router(admin)
        .merge(console::router())
        .merge(scrape::router(scrape))
}

fn proxy_state(parts: &Parts<'_>) -> Result<ProxyState> {
    ProxyState::new(ProxyParts {
        routes: Arc::clone(&parts.snapshots.routing),
        prices: Arc::clone(&parts.snapshots.book),
        recorder: parts.recorder.clone(),
        clock: Arc::clone(&parts.edge.clock),
        ids: Arc::clone(&parts.edge.ids),
        tracker: parts.requests.clone(),
        stopping: parts.stop.clone(),
        deferred: Some(DeferredParts {
            store: Arc::clone(parts.database) as _,
            lists: Arc::clone(parts.database) as _,
            prices: Arc::clone(parts.database) as _,
            holder: parts.runtime.journal().id,
        }),
        config: proxy_config(parts.config)?,
    })
    .context("setting up the proxy")
}

fn proxy_config(config: &Config) -> Result<ProxyConfig> {
    let section = &config.proxy;
    Ok(ProxyConfig {
        max_request_bytes: usize::try_from(section.max_request_mb << 20).unwrap_or(usize::MAX),
        connect_timeout: Duration::from_millis(section.connect_timeout_ms),
        response_timeout: Duration::from_secs(section.response_timeout_seconds),
        idle_timeout: Duration::from_secs(section.idle_timeout_seconds),
        client_gone: match section.client_gone {
            config::ClientGone::Drain => tollgate_proxy::ClientGone::Drain {
                max_time: Duration::from_secs(section.drain_seconds),
                max_bytes: section.drain_mb << 20,
            },
            config::ClientGone::Cancel => tollgate_proxy::ClientGone::Cancel,
        },
        estimate_missing_usage: config.billing.estimate_missing_usage,
        unmetered_paths: section.unmetered_paths.clone(),
        deferred: section
            .deferred
            .iter()
            .map(|wanted| deferred_use(*wanted))
            .collect(),
        deferred_looks: DeferredConfig {
            first_look: Duration::from_secs(section.deferred_poll_seconds),
            longest_pause: Duration::from_secs(section.deferred_poll_max_seconds),
            expiry: Duration::from_secs(section.deferred_expiry_hours * 3_600),
        },
        on_unpriced: config.billing.on_unpriced,
        metadata_keys: section.metadata_keys.iter().cloned().collect::<BTreeSet<_>>(),
        trusted_proxies: config.access.policy()?.trusted_proxies,
        ..ProxyConfig::default()
    })
}

const fn deferred_use(wanted: config::DeferredUse) -> DeferredUse {
    match wanted {
        config::DeferredUse::BackgroundResponses => DeferredUse::BackgroundResponses,
        config::DeferredUse::Batches => DeferredUse::Batches,
        config::DeferredUse::Files => DeferredUse::Files,
    }
}
