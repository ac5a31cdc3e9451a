//! The API on a database, listening.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use billing_core::PriceBook;
use secrecy::ExposeSecret;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tollgate_admin_api::{
    AccessPolicy, AdminState, BookNames, CurrentPrices, LivePace, LiveStreams, PastMeans, SystemTokens,
    router,
};
use tollgate_domain::ports::{
    AdminToken, Health, JournalState, LedgerStore, PendingGap, PriceStore, Runtime, StoreError, SumStore,
    SyncStart, TokenStore,
};
use tollgate_domain::{
    AccountingZone, Actor, AdminRole, AdminTokenId, Clock, IdSource, JournalId, NewRelease, PriceVersion,
    PricedModel, ReleaseCounts, ReleaseId, ReleaseOrigin, Timestamp,
};
use tollgate_storage::{Database, DatabaseConfig, Keyring, connect, migrate};
use uuid::Uuid;

use crate::Failure;
use crate::process::Process;
use crate::world::{World, priced_names};

/// Lets the bench in.
pub(crate) const TOKEN: &str = "tga-bench";
/// Models nobody uses, for the size of the catalog.
const UNUSED: usize = 3_000;

/// What the bench works on.
pub(crate) struct Stage {
    pub(crate) store: Arc<Database>,
    pub(crate) address: SocketAddr,
    pub(crate) now: Timestamp,
}

struct Now(Timestamp);
struct Ids(AtomicU64);
struct Gateway(Arc<PriceBook>);

impl Stage {
    /// Migrates, and listens.
    pub(crate) async fn set(url: &str, world: &World) -> Result<Self, Failure> {
        migrate(url).await?;
        let key = Keyring::generate()?;
        let store = connect(DatabaseConfig {
            url: url.to_owned(),
            keyring: Keyring::from_base64(key.expose_secret(), [])?,
            max_connections: 4,
        })
        .await?;
        let now = chrono::DateTime::<chrono::Utc>::from(std::time::SystemTime::now());
        let now = Timestamp::from_timestamp_micros(now.timestamp_micros()).unwrap_or(now);
        let zone = AccountingZone::try_new("Europe/Berlin")?;
        store.sum_days_of(zone).await?;
        if store.price_book(None).await?.is_none() {
            store.publish_release(release(world)?, now).await?;
            store
                .put_admin_token(
                    AdminToken::new(
                        AdminTokenId::new(Uuid::from_u128(1)),
                        "bench",
                        TOKEN,
                        AdminRole::Admin,
                        now,
                    ),
                    &Actor::system("bench"),
                )
                .await?;
        }
        let book = store.price_book(None).await?.ok_or("no prices")?;
        let gateway = Arc::new(Gateway(Arc::new(PriceBook::build(book)?)));
        let process = Arc::new(Process {
            store: Arc::<Database>::clone(&store),
            runtime: Arc::<Gateway>::clone(&gateway),
            started_at: now,
        });
        let state = AdminState {
            store: Arc::<Database>::clone(&store),
            runtime: Arc::<Gateway>::clone(&gateway),
            system: Arc::<Process>::clone(&process),
            jobs: Arc::<Process>::clone(&process),
            tests: process,
            prices: gateway,
            clock: Arc::new(Now(now)),
            ids: Arc::new(Ids(AtomicU64::new(1))),
            tokens: Arc::new(SystemTokens::new()),
            zone,
            guard_factor: "3".parse()?,
            past_means: PastMeans::default(),
            book_names: BookNames::default(),
            live: LiveStreams::new(TaskTracker::new(), CancellationToken::new(), LivePace::default()),
            access: AccessPolicy::default(),
        };
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let serving = axum::serve(listener, router(state));
        #[expect(clippy::disallowed_methods, reason = "it serves until the program ends")]
        drop(tokio::spawn(async move { serving.await }));
        Ok(Self { store, address, now })
    }

    /// Whether nothing was ever recorded.
    pub(crate) async fn is_empty(&self) -> Result<bool, Failure> {
        Ok(self.store.entries(None, 1).await?.is_empty())
    }
}

fn release(world: &World) -> Result<NewRelease, Failure> {
    let used = priced_names(world).map(|model| model.as_str().to_owned());
    let unused = (0..UNUSED).map(|number| format!("unused-{number}"));
    let entries = used.chain(unused).enumerate().map(|(number, model)| {
        let rate = number % 97 + 1;
        format!(
            "\"{model}\": {{\"input_cost_per_token\": {rate}e-7, \"output_cost_per_token\": {rate}e-6, \
             \"litellm_provider\": \"openai\", \"mode\": \"chat\"}}"
        )
    });
    let map = format!("{{{}}}", entries.collect::<Vec<_>>().join(","));
    let book = PriceBook::from_litellm_json(&map)?;
    let models = book.synced().map(|model| PricedModel {
        name: model.name.clone(),
        card_id: model.card_id,
        provider: model.provider.cloned(),
        mode: model.mode.map(ToOwned::to_owned),
        stale: false,
        limits: model.limits,
    });
    Ok(NewRelease {
        id: ReleaseId::new(Uuid::from_u128(9)),
        content_hash: "bench".to_owned(),
        origin: ReleaseOrigin::Bundled,
        author: "bench".to_owned(),
        models: models.collect(),
        cards: book.synced().map(|model| Arc::clone(model.card)).collect(),
        counts: ReleaseCounts::default(),
        unknown_fields: Vec::new(),
    })
}

impl Clock for Now {
    fn now(&self) -> Timestamp {
        self.0
    }
}

impl IdSource for Ids {
    fn new_id(&self, _: Timestamp) -> Uuid {
        Uuid::from_u128(u128::from(self.0.fetch_add(1, Ordering::Relaxed)))
    }
}

impl CurrentPrices for Gateway {
    fn book(&self) -> Arc<PriceBook> {
        Arc::clone(&self.0)
    }
}

#[async_trait]
impl Runtime for Gateway {
    fn price_version(&self) -> Option<PriceVersion> {
        Some(self.0.version())
    }

    fn journal(&self) -> JournalState {
        JournalState {
            id: JournalId::new(Uuid::from_u128(4)),
            bytes_on_disk: 0,
            pending_entries: 0,
            open_attempts: 0,
            full: false,
        }
    }

    fn pending_gaps(&self) -> Vec<PendingGap> {
        Vec::new()
    }

    fn health(&self) -> Health {
        Health::Ready
    }

    async fn refresh(&self) {}

    async fn start_price_sync(&self, _: &Actor, _: bool) -> Result<SyncStart, StoreError> {
        Ok(SyncStart::Busy(None))
    }
}
