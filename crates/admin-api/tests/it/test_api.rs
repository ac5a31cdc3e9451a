//! The API under test, and a caller.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::body::Body;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, IF_MATCH};
use axum::http::{HeaderMap, Method, Request, Response, StatusCode};
use billing_core::PriceBook;
use http_body_util::BodyExt;
use serde_json::Value;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tollgate_admin_api::{
    AccessPolicy, AdminState, BookNames, CurrentPrices, LivePace, LiveStreams, PastMeans,
    RandomnessUnavailable, TokenSource,
};
use tollgate_domain::ports::AdminToken;
use tollgate_domain::{AccountingZone, AdminRole, AdminTokenId, Clock, IdSource, Timestamp};
use tower::ServiceExt;
use uuid::Uuid;

use crate::documented;
use crate::fake::{FakeJobs, FakeRuntime, FakeStore, FakeSystem, FakeTests};

/// The admin token that is let in.
pub(crate) const ADMIN: &str = "tga-test-token";
/// One that may change prices.
pub(crate) const FINANCE: &str = "tga-finance-token";
/// One that may only read.
pub(crate) const VIEWER: &str = "tga-viewer-token";
/// The token the next key gets.
pub(crate) const KEY_TOKEN: &str = "tg-0123456789abcdefghijklmnopqrstuvwxyzABCDEFGx9Qw";

/// As fast as a test likes, as slow as a busy machine needs.
pub(crate) const PACE: LivePace = LivePace {
    every: Duration::from_millis(20),
    patience: Duration::from_millis(200),
    heartbeat: Duration::from_millis(500),
};

/// The API on a store in memory, at a fixed time.
pub(crate) struct TestApi {
    pub(crate) store: Arc<FakeStore>,
    pub(crate) runtime: Arc<FakeRuntime>,
    pub(crate) jobs: Arc<FakeJobs>,
    pub(crate) tests: Arc<FakeTests>,
    pub(crate) streams: TaskTracker,
    pub(crate) stop: CancellationToken,
    caller: Caller,
}

/// Calls an API as an admin.
pub(crate) struct Caller(axum::Router);

/// An answer.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

pub(crate) struct FixedClock;
pub(crate) struct CountingIds(AtomicU64);
pub(crate) struct FixedToken;
/// No two alike.
#[derive(Default)]
pub(crate) struct CountedTokens(AtomicU64);
pub(crate) struct NoPrices;

/// The time of every test.
pub(crate) fn now() -> Timestamp {
    "2026-11-05T08:00:00Z".parse().unwrap()
}

impl TestApi {
    pub(crate) fn new() -> Self {
        let store = Arc::new(FakeStore::default());
        for (n, name, token, role) in [
            (1, "ada", ADMIN, AdminRole::Admin),
            (2, "fritz", FINANCE, AdminRole::Finance),
            (3, "vera", VIEWER, AdminRole::Viewer),
        ] {
            let id = AdminTokenId::new(Uuid::from_u128(n));
            let token = AdminToken::new(id, name, token, role, now());
            store.shelves().tokens.push(token);
        }
        let runtime = Arc::new(FakeRuntime::new());
        let tests = Arc::new(FakeTests::default());
        let jobs = Arc::new(FakeJobs::new(Arc::clone(&store)));
        let (streams, stop) = (TaskTracker::new(), CancellationToken::new());
        let router = tollgate_admin_api::router(AdminState {
            store: Arc::<FakeStore>::clone(&store),
            runtime: Arc::<FakeRuntime>::clone(&runtime),
            system: Arc::new(FakeSystem),
            jobs: Arc::<FakeJobs>::clone(&jobs),
            tests: Arc::<FakeTests>::clone(&tests),
            prices: Arc::new(NoPrices),
            clock: Arc::new(FixedClock),
            ids: Arc::new(CountingIds::default()),
            tokens: Arc::new(FixedToken),
            zone: AccountingZone::try_new("Europe/Berlin").unwrap(),
            guard_factor: "3".parse().unwrap(),
            past_means: PastMeans::default(),
            book_names: BookNames::default(),
            live: LiveStreams::new(streams.clone(), stop.clone(), PACE),
            access: AccessPolicy::default(),
        });
        Self {
            store,
            runtime,
            jobs,
            tests,
            streams,
            stop,
            caller: Caller(router),
        }
    }

    /// How often changes were put into force at once.
    pub(crate) fn refreshes(&self) -> u32 {
        *self.runtime.refreshes.lock().unwrap()
    }
}

impl std::ops::Deref for TestApi {
    type Target = Caller;

    fn deref(&self) -> &Caller {
        &self.caller
    }
}

impl Caller {
    pub(crate) fn of(router: axum::Router) -> Self {
        Self(router)
    }

    /// The answer with its body unread.
    pub(crate) async fn respond(&self, request: Request<Body>) -> Response<Body> {
        self.0.clone().oneshot(request).await.unwrap()
    }

    /// The whole answer, which must be one that the document promises.
    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let response = self.respond(request).await;
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let answer = Answer {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8(bytes.to_vec()).unwrap(),
        };
        documented::check(&method, &path, &answer);
        answer
    }

    /// Only the status: for answers that never end.
    pub(crate) async fn status(&self, request: Request<Body>) -> StatusCode {
        self.0.clone().oneshot(request).await.unwrap().status()
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.call(Method::GET, path, &[], None).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.call(Method::DELETE, path, &[], None).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.call(Method::POST, path, &[], Some(body)).await
    }

    pub(crate) async fn put(&self, path: &str, body: &Value) -> Answer {
        self.call(Method::PUT, path, &[], Some(body)).await
    }

    pub(crate) async fn patch(&self, path: &str, body: &Value) -> Answer {
        self.call(Method::PATCH, path, &[], Some(body)).await
    }

    pub(crate) async fn patch_if(&self, path: &str, if_match: &str, body: &Value) -> Answer {
        self.call(Method::PATCH, path, &[(IF_MATCH.as_str(), if_match)], Some(body))
            .await
    }

    pub(crate) async fn call(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Answer {
        self.call_as(ADMIN, method, path, headers, body).await
    }

    pub(crate) async fn call_as(
        &self,
        token: &str,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(AUTHORIZATION, format!("Bearer {token}"));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = body.map(|body| serde_json::to_vec(body).unwrap());
        let request = match body {
            Some(body) => request
                .header(CONTENT_TYPE, "application/json")
                .body(Body::from(body)),
            None => request.body(Body::empty()),
        };
        self.send(request.unwrap()).await
    }
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error} in {:?}", self.text))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Checks that it is this problem, and gives its JSON.
    #[track_caller]
    pub(crate) fn problem(&self, status: u16, name: &str) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        assert_eq!(self.header("content-type"), "application/problem+json");
        let problem = self.json();
        assert_eq!(problem["type"], format!("urn:tollgate:problem:{name}"));
        assert_eq!(problem["status"], status);
        problem
    }

    /// Checks that exactly these fields are at fault, and gives their messages in that order.
    #[track_caller]
    pub(crate) fn faults(&self, fields: &[&str]) -> Vec<String> {
        let problem = self.problem(422, "validation_failed");
        let errors = problem["errors"].as_array().unwrap();
        let found: Vec<&str> = errors
            .iter()
            .map(|error| error["field"].as_str().unwrap())
            .collect();
        assert_eq!(found, fields, "{problem}");
        errors
            .iter()
            .map(|error| error["message"].as_str().unwrap().to_owned())
            .collect()
    }
}

impl CurrentPrices for NoPrices {
    fn book(&self) -> Arc<PriceBook> {
        Arc::new(PriceBook::from_cards([]))
    }
}

impl Default for CountingIds {
    fn default() -> Self {
        Self(AtomicU64::new(0x100))
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        now()
    }
}

impl IdSource for CountingIds {
    fn new_id(&self, _: Timestamp) -> Uuid {
        Uuid::from_u128(u128::from(self.0.fetch_add(1, Ordering::Relaxed)))
    }
}

impl TokenSource for FixedToken {
    fn new_token(&self) -> Result<secrecy::SecretString, RandomnessUnavailable> {
        Ok(KEY_TOKEN.into())
    }
}

impl TokenSource for CountedTokens {
    fn new_token(&self) -> Result<secrecy::SecretString, RandomnessUnavailable> {
        let n = self.0.fetch_add(1, Ordering::Relaxed);
        Ok(format!("tg-secret-of-the-tests-{n:04}").into())
    }
}
