use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use billing_core::PriceBook;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tollgate_domain::ports::{GatewayConfig, UpstreamWithCredential};
use tollgate_domain::{AccountingZone, ApiKey, Clock as _, KeyId, TokenHash};
use tollgate_journal::{Journal, JournalConfig};
use tollgate_ledger::{Durability, EntryWatch, Recorder, RecorderConfig, WhenFull};
use tollgate_proxy::{ProxyConfig, ProxyParts, ProxyState, RoutingTable, TestCaller, router};
use uuid::Uuid;

use super::Books;
use super::ids::{Counter, FixedClock};

/// The key the tests' callers use.
pub(crate) const CLIENT_KEY: &str = "tg-client-key";

const PRICES: &str = r#"{
  "gpt-4o": {"input_cost_per_token": 2.5e-06, "output_cost_per_token": 1e-05,
    "cache_read_input_token_cost": 1.25e-06, "litellm_provider": "openai", "mode": "chat"},
  "text-embedding-3-small": {"input_cost_per_token": 2e-08, "output_cost_per_token": 0.0,
    "litellm_provider": "openai", "mode": "embedding"}
}"#;

/// A gateway on a loopback port, over a journal in a temporary directory.
pub(crate) struct Gateway {
    pub(crate) address: SocketAddr,
    pub(crate) stopping: CancellationToken,
    pub(crate) state: ProxyState,
    watch: Arc<EntryWatch>,
    journal: Journal,
    server: TaskTracker,
    tracker: TaskTracker,
    shutdown: CancellationToken,
    _dir: TempDir,
}

impl Gateway {
    pub(crate) async fn start(upstreams: Vec<UpstreamWithCredential>) -> Self {
        Self::with(upstreams, ProxyConfig::default(), |journal| journal).await
    }

    pub(crate) async fn configured(upstreams: Vec<UpstreamWithCredential>, config: ProxyConfig) -> Self {
        Self::with(upstreams, config, |journal| journal).await
    }

    pub(crate) async fn priced(
        upstreams: Vec<UpstreamWithCredential>,
        config: ProxyConfig,
        prices: PriceBook,
    ) -> Self {
        Self::composed(upstreams, config, prices, key(), |journal| journal).await
    }

    /// A gateway whose callers' key was changed.
    pub(crate) async fn with_key(
        upstreams: Vec<UpstreamWithCredential>,
        change: impl FnOnce(&mut ApiKey),
    ) -> Self {
        let mut key = key();
        change(&mut key);
        let prices = PriceBook::from_litellm_json(PRICES).unwrap();
        Self::composed(upstreams, ProxyConfig::default(), prices, key, |journal| journal).await
    }

    pub(crate) async fn with(
        upstreams: Vec<UpstreamWithCredential>,
        config: ProxyConfig,
        journal: impl FnOnce(JournalConfig) -> JournalConfig,
    ) -> Self {
        let prices = PriceBook::from_litellm_json(PRICES).unwrap();
        Self::composed(upstreams, config, prices, key(), journal).await
    }

    async fn composed(
        upstreams: Vec<UpstreamWithCredential>,
        config: ProxyConfig,
        prices: PriceBook,
        key: ApiKey,
        journal: impl FnOnce(JournalConfig) -> JournalConfig,
    ) -> Self {
        let dir = TempDir::new().unwrap();
        let journal = Journal::open(journal(JournalConfig::new(dir.path())), [1; 16])
            .await
            .unwrap()
            .journal;
        let clock = Arc::new(FixedClock);
        let recorder_config = RecorderConfig {
            zone: AccountingZone::UTC,
            durability: Durability::Strict,
            max_wait: Duration::from_secs(5),
            when_full: WhenFull::Refuse,
        };
        let table = RoutingTable::build(GatewayConfig {
            version: 1,
            upstreams,
            keys: vec![key],
        });
        let (tracker, stopping) = (TaskTracker::new(), CancellationToken::new());
        let recorder = Recorder::new(journal.clone(), clock.clone(), recorder_config);
        let watch = Arc::new(EntryWatch::default());
        recorder.observe(watch.clone());
        let state = ProxyState::new(ProxyParts {
            routes: Arc::new(ArcSwap::from_pointee(table)),
            prices: Arc::new(ArcSwap::from_pointee(prices)),
            recorder,
            clock,
            ids: Arc::new(Counter::default()),
            tracker: tracker.clone(),
            stopping: stopping.clone(),
            deferred: None,
            config,
        })
        .unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (server, shutdown) = (TaskTracker::new(), CancellationToken::new());
        let app = router(state.clone());
        let stop = shutdown.clone().cancelled_owned();
        server.spawn(async move {
            axum::serve(listener, app)
                .with_graceful_shutdown(stop)
                .await
                .unwrap();
        });
        Self {
            address,
            stopping,
            state,
            watch,
            journal,
            server,
            tracker,
            shutdown,
            _dir: dir,
        }
    }

    /// Sends the operator's own test calls.
    pub(crate) fn test_caller(&self) -> TestCaller {
        TestCaller::new(self.state.clone(), Arc::clone(&self.watch))
    }

    /// Waits until a request log has been written.
    pub(crate) async fn wait_for_log(&self) {
        let mut reader = self.journal.reader(0);
        loop {
            let records = reader.next_batch(100, 1 << 20).await.unwrap();
            if Books::of(&records).logs().next().is_some() {
                return;
            }
        }
    }

    /// Lets everything end and reads the journal back.
    pub(crate) async fn finish(self) -> Books {
        self.shutdown.cancel();
        self.server.close();
        self.tracker.close();
        let ended = async {
            self.server.wait().await;
            self.tracker.wait().await;
        };
        tokio::time::timeout(Duration::from_secs(30), ended)
            .await
            .unwrap();
        self.journal.flush().await.unwrap();
        let mut reader = self.journal.reader(0);
        let records = reader.try_next_batch(10_000, 64 << 20).unwrap();
        Books::of(&records)
    }
}

fn key() -> ApiKey {
    let now = FixedClock.now();
    ApiKey {
        id: KeyId::new(Uuid::from_u128(7)),
        name: "client".to_owned(),
        token_hash: TokenHash::of(CLIENT_KEY),
        token_hint: String::new(),
        owner: Some("ada".to_owned()),
        team: None,
        tags: vec![],
        on_unpriced: None,
        retiring: None,
        rotated_at: None,
        grants: tollgate_domain::KeyGrants::default(),
        enabled: true,
        expires_at: None,
        created_at: now,
        updated_at: now,
        revision: 1,
    }
}
