use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use axum::http::Method;
use billing_core::PriceBook;
use chrono::TimeDelta;
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tollgate_admin_api::{
    AccessPolicy, AdminState, BookNames, CurrentPrices, LivePace, LiveStreams, PastMeans,
};
use tollgate_domain::ports::{
    AdminToken, Health, JournalState, LedgerStore, LedgerWrite, PendingGap, PriceStore, Runtime, StoreError,
    SyncStart, TokenStore,
};
use tollgate_domain::{
    AccountingZone, Actor, AdminRole, AdminTokenId, EventId, JournalId, LedgerEntry, ModelName, NewRelease,
    PriceVersion, PricedModel, ReleaseCounts, ReleaseId, ReleaseOrigin, RequestId, UpstreamId,
};
use tollgate_ledger::rerate;
use tollgate_storage::{Database, DatabaseConfig, Keyring, connect, migrate};
use uuid::Uuid;

use crate::build::{billed_entry, new_upstream};
use crate::fake::{FakeJobs, FakeSystem, FakeTests};
use crate::test_api::{ADMIN, Caller, CountedTokens, CountingIds, FixedClock, now};

const MAP: &str = r#"{
    "gpt-4o": {"input_cost_per_token": 2.5e-06, "output_cost_per_token": 1e-05,
        "cache_read_input_token_cost": 1.25e-06, "input_cost_per_token_flex": 1.25e-06,
        "output_cost_per_token_flex": 5e-06, "litellm_provider": "openai", "mode": "chat",
        "max_input_tokens": 128000, "max_output_tokens": 16384},
    "azure/gpt-4o": {"input_cost_per_token": 2.75e-06, "output_cost_per_token": 1.1e-05, "litellm_provider": "azure",
        "mode": "chat"},
    "gpt-4o_mini%": {"input_cost_per_token": 1.5e-07, "output_cost_per_token": 6e-07, "litellm_provider": "openai",
        "mode": "chat"},
    "claude-sonnet-4-5": {"input_cost_per_token": 3e-06, "output_cost_per_token": 1.5e-05,
        "cache_creation_input_token_cost": 3.75e-06, "input_cost_per_token_above_200k_tokens": 6e-06,
        "litellm_provider": "anthropic", "mode": "chat"},
    "text-embedding-3-small": {"input_cost_per_token": 2e-08, "litellm_provider": "openai", "mode": "embedding"},
    "free-model": {"input_cost_per_token": 0, "output_cost_per_token": 0, "litellm_provider": "house", "mode": "chat"}
}"#;

/// The API on `SQLite`, with a small price map.
pub(crate) struct RulesApi {
    pub(crate) store: Arc<Database>,
    pub(crate) prices: Arc<Served>,
    caller: Caller,
    _directory: TempDir,
}

/// The running gateway: its book follows the database when it is told to.
pub(crate) struct Served {
    store: Arc<Database>,
    book: Mutex<Arc<PriceBook>>,
}

impl RulesApi {
    pub(crate) async fn new() -> Self {
        let directory = TempDir::new().unwrap();
        let url = format!("sqlite://{}", directory.path().join("tollgate.db").display());
        migrate(&url).await.unwrap();
        let key = Keyring::generate().unwrap();
        let config = DatabaseConfig {
            url,
            keyring: Keyring::from_base64(key.expose_secret(), []).unwrap(),
            max_connections: 2,
        };
        let store = connect(config).await.unwrap();
        let token = AdminToken::new(
            AdminTokenId::new(Uuid::from_u128(1)),
            "ada",
            ADMIN,
            AdminRole::Admin,
            now(),
        );
        store
            .put_admin_token(token, &Actor::system("test"))
            .await
            .unwrap();
        store.publish_release(release(), now()).await.unwrap();
        let prices = Arc::new(Served {
            book: Mutex::new(Arc::new(PriceBook::from_cards([]))),
            store: Arc::clone(&store),
        });
        prices.refresh().await;
        let router = tollgate_admin_api::router(AdminState {
            store: Arc::<Database>::clone(&store),
            runtime: Arc::<Served>::clone(&prices),
            system: Arc::new(FakeSystem),
            jobs: Arc::new(FakeJobs::new(Arc::default())),
            tests: Arc::<FakeTests>::default(),
            prices: Arc::<Served>::clone(&prices),
            clock: Arc::new(FixedClock),
            ids: Arc::new(CountingIds::default()),
            tokens: Arc::<CountedTokens>::default(),
            zone: AccountingZone::UTC,
            guard_factor: "3".parse().unwrap(),
            past_means: PastMeans::default(),
            book_names: BookNames::default(),
            live: LiveStreams::new(TaskTracker::new(), CancellationToken::new(), LivePace::default()),
            access: AccessPolicy::default(),
        });
        Self {
            store,
            prices,
            caller: Caller::of(router),
            _directory: directory,
        }
    }

    /// An upstream of a provider; its id.
    pub(crate) async fn upstream(&self, name: &str, provider: &str) -> String {
        let mut body = new_upstream(name);
        body["provider"] = json!(provider);
        let answer = self.post("/api/admin/upstreams", &body).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        answer.json()["id"].as_str().unwrap().to_owned()
    }

    /// Creates what must be creatable; its path and the answer.
    pub(crate) async fn created(&self, path: &str, body: &Value) -> (String, Value) {
        let answer = self.post(path, body).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        (answer.header("location").to_owned(), answer.json())
    }

    /// Takes changed prices over.
    pub(crate) async fn refresh_prices(&self) {
        self.prices.refresh().await;
    }

    /// Puts attempts into the ledger, billed with the book in force.
    pub(crate) async fn traffic(&self, attempts: Vec<LedgerEntry>) {
        let book = self.prices.book();
        let entries = (1..).zip(attempts).map(|(journal_seq, mut entry)| {
            let rerated = rerate(&entry, &book);
            entry.verdict = rerated.verdict;
            entry.detail = rerated.detail;
            entry.amounts = rerated.amounts;
            entry.lines = rerated
                .charge
                .as_ref()
                .map(|charge| charge.lines.clone())
                .unwrap_or_default();
            entry.pricing = rerated.charge.map(|charge| charge.pricing);
            tollgate_domain::JournaledEntry {
                journal_id: JournalId::new(Uuid::from_u128(4)),
                journal_seq,
                entry,
            }
        });
        let write = LedgerWrite {
            entries: entries.collect(),
            logs: Vec::new(),
            ..LedgerWrite::default()
        };
        self.store.commit(write, now()).await.unwrap();
    }

    pub(crate) async fn remove(&self, path_and_query: &str) -> crate::test_api::Answer {
        self.call(Method::DELETE, path_and_query, &[], None).await
    }
}

/// The request of such an attempt.
pub(crate) fn request_of_attempt(number: u16) -> RequestId {
    RequestId::new(Uuid::from_u128(0xF000 + u128::from(number)))
}

/// An attempt of `hours` ago: 1,000 input and 1,000 output tokens, sent and served under one name.
pub(crate) fn attempt(number: u16, hours: i64, upstream: &str, model: &str) -> LedgerEntry {
    let mut attempt = billed_entry(number).journaled.entry;
    let occurred_at = now() - TimeDelta::hours(hours);
    let millis = u128::try_from(occurred_at.timestamp_millis()).unwrap();
    let context = Arc::make_mut(&mut attempt.attempt);
    context.event_id = EventId::new(Uuid::from_u128(
        (millis << 80) | (7 << 76) | (2 << 62) | u128::from(number),
    ));
    context.request_id = request_of_attempt(number);
    context.occurred_at = occurred_at;
    context.model_requested = Some(ModelName::new(model));
    context.model_sent = Some(ModelName::new(model));
    let reference = Arc::make_mut(&mut context.upstream);
    reference.id = upstream.parse::<UpstreamId>().unwrap();
    attempt.outcome.model_served = Some(ModelName::new(model));
    attempt
}

fn release() -> NewRelease {
    let book = PriceBook::from_litellm_json(MAP).unwrap();
    let models = book.synced().map(|model| PricedModel {
        name: model.name.clone(),
        card_id: model.card_id,
        provider: model.provider.cloned(),
        mode: model.mode.map(ToOwned::to_owned),
        stale: model.name.as_str() == "azure/gpt-4o",
        limits: model.limits,
    });
    NewRelease {
        id: ReleaseId::new(Uuid::from_u128(9)),
        content_hash: "hash".to_owned(),
        origin: ReleaseOrigin::Bundled,
        author: "test".to_owned(),
        models: models.collect(),
        cards: book.synced().map(|model| Arc::clone(model.card)).collect(),
        counts: ReleaseCounts::default(),
        unknown_fields: Vec::new(),
    }
}

impl std::ops::Deref for RulesApi {
    type Target = Caller;

    fn deref(&self) -> &Caller {
        &self.caller
    }
}

impl CurrentPrices for Served {
    fn book(&self) -> Arc<PriceBook> {
        Arc::clone(&self.book.lock().unwrap())
    }
}

#[async_trait]
impl Runtime for Served {
    fn price_version(&self) -> Option<PriceVersion> {
        Some(self.book().version())
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

    async fn refresh(&self) {
        let data = self.store.price_book(None).await.unwrap().unwrap();
        *self.book.lock().unwrap() = Arc::new(PriceBook::build(data).unwrap());
    }

    async fn start_price_sync(&self, _: &Actor, _: bool) -> Result<SyncStart, StoreError> {
        Ok(SyncStart::Busy(None))
    }
}
