use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Method, Request};
use billing_core::PriceBook;
use chrono::TimeDelta;
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tollgate_admin_api::{AccessPolicy, AdminState, BookNames, CurrentPrices, LiveStreams, PastMeans};
use tollgate_domain::ports::{AdminToken, TokenStore};
use tollgate_domain::{AccountingZone, Actor, AdminRole, AdminTokenId, Clock, Timestamp};
use tollgate_storage::{Database, DatabaseConfig, Keyring, connect, migrate};
use uuid::Uuid;

use crate::fake::{FakeJobs, FakeRuntime, FakeSystem, FakeTests};
use crate::test_api::{ADMIN, Answer, Caller, CountedTokens, CountingIds, PACE, now};

/// The API on `SQLite`.
pub(crate) struct AccessApi {
    pub(crate) store: Arc<Database>,
    pub(crate) clock: Arc<MovedClock>,
    caller: Caller,
    _directory: TempDir,
}

/// The time of the tests, as far as it was moved.
#[derive(Default)]
pub(crate) struct MovedClock(Mutex<TimeDelta>);

struct NoPrices;

/// A request to be.
pub(crate) struct Call(axum::http::request::Builder, Body);

/// A signed-in browser.
pub(crate) struct Browser {
    pub(crate) cookie: String,
    pub(crate) csrf: String,
}

impl AccessApi {
    pub(crate) async fn new() -> Self {
        Self::with(AccessPolicy::default()).await
    }

    pub(crate) async fn with(access: AccessPolicy) -> Self {
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
        let id = AdminTokenId::new(Uuid::from_u128(1));
        let token = AdminToken::new(id, "ada", ADMIN, AdminRole::Admin, now());
        store
            .put_admin_token(token, &Actor::system("start"))
            .await
            .unwrap();
        let clock = Arc::new(MovedClock::default());
        let router = tollgate_admin_api::router(AdminState {
            store: Arc::<Database>::clone(&store),
            runtime: Arc::new(FakeRuntime::new()),
            system: Arc::new(FakeSystem),
            jobs: Arc::new(FakeJobs::new(Arc::default())),
            tests: Arc::<FakeTests>::default(),
            prices: Arc::new(NoPrices),
            clock: Arc::<MovedClock>::clone(&clock),
            ids: Arc::new(CountingIds::default()),
            tokens: Arc::<CountedTokens>::default(),
            zone: AccountingZone::UTC,
            guard_factor: "3".parse().unwrap(),
            past_means: PastMeans::default(),
            book_names: BookNames::default(),
            live: LiveStreams::new(TaskTracker::new(), CancellationToken::new(), PACE),
            access,
        });
        Self {
            store,
            clock,
            caller: Caller::of(router),
            _directory: directory,
        }
    }

    /// A new admin token; its id and the token.
    pub(crate) async fn token(&self, name: &str, role: &str) -> (String, String) {
        let answer = self
            .post("/api/admin/tokens", &json!({"name": name, "role": role}))
            .await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        let issued = answer.json();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        (text(&issued["admin_token"]["id"]), text(&issued["token"]))
    }

    pub(crate) async fn sign_in(&self, token: &str) -> Browser {
        let answer = self
            .run(Call::post("/api/admin/session", &json!({"token": token})))
            .await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        let cookie = answer.header("set-cookie").split(';').next().unwrap().to_owned();
        let csrf = answer.json()["csrf_token"].as_str().unwrap().to_owned();
        Browser { cookie, csrf }
    }

    pub(crate) async fn run(&self, call: Call) -> Answer {
        self.send(call.0.body(call.1).unwrap()).await
    }
}

impl Call {
    pub(crate) fn new(method: Method, path: &str) -> Self {
        let from: SocketAddr = "192.0.2.7:40000".parse().unwrap();
        let builder = Request::builder().method(method).uri(path);
        Self(builder.extension(ConnectInfo(from)), Body::empty())
    }

    pub(crate) fn get(path: &str) -> Self {
        Self::new(Method::GET, path)
    }

    pub(crate) fn post(path: &str, body: &Value) -> Self {
        Self::new(Method::POST, path).body(body)
    }

    pub(crate) fn body(mut self, body: &Value) -> Self {
        self.1 = Body::from(body.to_string());
        self.header("content-type", "application/json")
    }

    pub(crate) fn header(self, name: &str, value: &str) -> Self {
        Self(self.0.header(name, value), self.1)
    }

    pub(crate) fn bearer(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    pub(crate) fn from(self, address: &str) -> Self {
        let from: SocketAddr = format!("{address}:40000").parse().unwrap();
        Self(self.0.extension(ConnectInfo(from)), self.1)
    }

    /// With the cookie alone.
    pub(crate) fn cookie(self, browser: &Browser) -> Self {
        self.header("cookie", &browser.cookie)
    }

    /// As the console's page does.
    pub(crate) fn page(self, browser: &Browser) -> Self {
        self.cookie(browser)
            .header("x-csrf-token", &browser.csrf)
            .header("sec-fetch-site", "same-origin")
    }
}

impl MovedClock {
    pub(crate) fn forward(&self, by: TimeDelta) {
        *self.0.lock().unwrap() += by;
    }
}

impl Clock for MovedClock {
    fn now(&self) -> Timestamp {
        now() + *self.0.lock().unwrap()
    }
}

impl CurrentPrices for NoPrices {
    fn book(&self) -> Arc<PriceBook> {
        Arc::new(PriceBook::from_cards([]))
    }
}

impl std::ops::Deref for AccessApi {
    type Target = Caller;

    fn deref(&self) -> &Caller {
        &self.caller
    }
}
