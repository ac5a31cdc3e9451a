//! The API on a real database, of either kind.

use std::sync::Arc;

use secrecy::ExposeSecret;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tollgate_admin_api::{AccessPolicy, AdminState, BookNames, LiveStreams, PastMeans};
use tollgate_domain::ports::{AdminToken, LedgerStore, LedgerWrite, TokenStore};
use tollgate_domain::{AccountingZone, Actor, AdminRole, AdminTokenId, LedgerEntry, RequestLog, Timestamp};
use tollgate_storage::{Database, DatabaseConfig, Keyring, connect, migrate};
use tollgate_testkit::postgres::{PgCluster, TestDatabase};
use uuid::Uuid;

use crate::build::recorded;
use crate::fake::{FakeJobs, FakeRuntime, FakeSystem, FakeTests};
use crate::test_api::{ADMIN, Caller, CountingIds, FixedClock, FixedToken, NoPrices, PACE, now};

/// The API, its database, and what is removed with it.
pub(crate) struct DatabaseApi {
    pub(crate) store: Arc<Database>,
    pub(crate) stop: CancellationToken,
    pub(crate) streams: TaskTracker,
    caller: Caller,
    _place: Place,
}

/// What is removed in the end.
enum Place {
    Directory(#[expect(dead_code, reason = "held for its drop")] TempDir),
    Server(#[expect(dead_code, reason = "held for its drop")] TestDatabase),
}

/// Makes a test for each database of each body, a function of a [`DatabaseApi`].
#[macro_export]
macro_rules! on_both {
    ($($body:ident),+ $(,)?) => {
        mod on_sqlite {
            $(#[tokio::test]
            async fn $body() {
                super::$body($crate::database_api::DatabaseApi::sqlite().await).await;
            })+
        }

        mod on_postgres {
            $(#[tokio::test]
            async fn $body() {
                super::$body($crate::database_api::DatabaseApi::postgres().await).await;
            })+
        }
    };
}

impl DatabaseApi {
    pub(crate) async fn sqlite() -> Self {
        let directory = TempDir::new().unwrap();
        let url = format!("sqlite://{}", directory.path().join("tollgate.db").display());
        Self::on(url, Place::Directory(directory)).await
    }

    pub(crate) async fn postgres() -> Self {
        let cluster = PgCluster::shared().unwrap();
        let database = cluster.fresh_database(None).await.unwrap();
        Self::on(database.url().to_owned(), Place::Server(database)).await
    }

    async fn on(url: String, place: Place) -> Self {
        migrate(&url).await.unwrap();
        let key = Keyring::generate().unwrap();
        let config = DatabaseConfig {
            url,
            keyring: Keyring::from_base64(key.expose_secret(), []).unwrap(),
            max_connections: 3,
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
        let (streams, stop) = (TaskTracker::new(), CancellationToken::new());
        let router = tollgate_admin_api::router(AdminState {
            store: Arc::<Database>::clone(&store),
            runtime: Arc::new(FakeRuntime::new()),
            system: Arc::new(FakeSystem),
            jobs: Arc::new(FakeJobs::new(Arc::default())),
            tests: Arc::<FakeTests>::default(),
            prices: Arc::new(NoPrices),
            clock: Arc::new(FixedClock),
            ids: Arc::new(CountingIds::default()),
            tokens: Arc::new(FixedToken),
            zone: AccountingZone::UTC,
            guard_factor: "3".parse().unwrap(),
            past_means: PastMeans::default(),
            book_names: BookNames::default(),
            live: LiveStreams::new(streams.clone(), stop.clone(), PACE),
            access: AccessPolicy::default(),
        });
        Self {
            store,
            stop,
            streams,
            caller: Caller::of(router),
            _place: place,
        }
    }

    /// Writes entries and finished requests in one transaction, at the tests' time.
    pub(crate) async fn commit(&self, first_seq: u64, entries: Vec<LedgerEntry>, logs: Vec<RequestLog>) {
        let entries = (first_seq..).zip(entries);
        let write = LedgerWrite {
            entries: entries
                .map(|(seq, entry)| recorded(entry, seq).journaled)
                .collect(),
            logs,
            ..LedgerWrite::default()
        };
        self.store.commit(write, now()).await.unwrap();
    }

    /// Writes entries at an instant.
    pub(crate) async fn commit_at(&self, first_seq: u64, entries: Vec<LedgerEntry>, at: Timestamp) {
        let entries = (first_seq..).zip(entries);
        let write = LedgerWrite {
            entries: entries
                .map(|(seq, entry)| recorded(entry, seq).journaled)
                .collect(),
            ..LedgerWrite::default()
        };
        self.store.commit(write, at).await.unwrap();
    }
}

impl std::ops::Deref for DatabaseApi {
    type Target = Caller;

    fn deref(&self) -> &Caller {
        &self.caller
    }
}
