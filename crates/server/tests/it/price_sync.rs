//! The price sync, from a map on a server to the next request's bill.

mod decisions;
mod faults;
mod map;
mod running;
mod sources;

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tollgate_testkit::{MapReply, MapServer};

use crate::support::{Admin, Backend, Setup};

pub(crate) use map::PriceMap;

/// The model whose price moves; the simulator serves it under its own name.
const MODEL: &str = "gpt-4o";

/// A gateway whose map is on a server of the test's own.
struct Synced {
    setup: Setup,
    server: MapServer,
}

impl Synced {
    async fn new(backend: Backend) -> Self {
        Self::with(backend, &[]).await
    }

    async fn with(backend: Backend, settings: &[(&str, &str)]) -> Self {
        let server = MapServer::start(MapReply::map(PriceMap::bundled().text(), "first"))
            .await
            .unwrap();
        let setup = Setup::with(backend, |builder| {
            let builder = sync_settings(builder, &server);
            settings
                .iter()
                .fold(builder, |builder, (name, value)| builder.env(name, value))
        })
        .await;
        Self { setup, server }
    }

    fn admin(&self) -> &Admin {
        &self.setup.admin
    }

    /// Serves a map from now on.
    fn serve(&self, map: &PriceMap, etag: &'static str) {
        self.server.reply(MapReply::map(map.text(), etag));
    }

    /// Syncs and waits for the end; the release.
    async fn sync(&self) -> Value {
        sync(self.admin()).await
    }

    /// Sends a request; the ledger entry's price version and rate of its input, once `count` entries are there.
    async fn bill(&self, count: usize) -> (i64, String) {
        chat(&self.setup).await;
        let entries = self.setup.books().await.wait_for(count).await;
        let entry = &entries[count - 1].journaled.entry;
        let pricing = entry.pricing.as_ref().unwrap();
        let input = entry
            .lines
            .iter()
            .find(|line| line.meter == tollgate_domain::Meter::Input);
        (pricing.version.get(), input.unwrap().usd_per_million.to_string())
    }

    async fn overview(&self) -> Value {
        self.admin().get("/billing/overview").await
    }
}

/// Points a gateway at a map server, with time limits fit for a test.
fn sync_settings(
    builder: crate::support::GatewayBuilder,
    server: &MapServer,
) -> crate::support::GatewayBuilder {
    builder
        .env("TOLLGATE_PRICES__SYNC__URLS", &format!("[\"{}\"]", server.url()))
        .env("TOLLGATE_PRICES__SYNC__TRIES", "2")
        .env("TOLLGATE_PRICES__SYNC__BACKOFF_MS", "20")
        .env("TOLLGATE_PRICES__SYNC__TOTAL_TIMEOUT_SECONDS", "20")
        .env("TOLLGATE_PRICES__SYNC__MAX_MB", "8")
}

async fn chat(setup: &Setup) {
    let body = json!({"model": MODEL, "messages": [{"role": "user", "content": "hello"}]});
    let answer = reqwest::Client::new()
        .post(format!("{}/v1/chat/completions", setup.gateway.base_url()))
        .bearer_auth(&setup.key)
        .json(&body)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    answer.bytes().await.unwrap();
}

async fn begin(admin: &Admin) -> Value {
    let (status, begun) = admin.call(Method::POST, "/billing/prices/sync", None).await;
    assert_eq!(status, StatusCode::ACCEPTED, "{begun}");
    begun
}

async fn sync(admin: &Admin) -> Value {
    let begun = begin(admin).await;
    finished(admin, begun["id"].as_str().unwrap()).await
}

/// A release once it is no longer running.
async fn finished(admin: &Admin, id: &str) -> Value {
    for _ in 0..600 {
        let release = admin.get(&format!("/billing/prices/releases/{id}")).await;
        if release["state"] != "running" {
            return release;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the sync did not end within a minute");
}

#[track_caller]
fn assert_outcome(release: &Value, state: &str, reason: &str) {
    assert_eq!(release["state"], state, "{release}");
    let text = release["reason"].as_str().unwrap_or_default();
    assert!(text.contains(reason), "{reason:?} in {release}");
}
