use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::json;
use tollgate_testkit::{MapReply, MapServer};

use super::{MODEL, PriceMap, Synced, assert_outcome, begin, chat, finished, sync, sync_settings};
use crate::support::{Admin, Backend, GatewayBuilder, Setup, both};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_next_request_is_billed_at_the_synced_price_and_version() {
    both(next_request).await;
}

async fn next_request(backend: Backend) {
    let synced = Synced::new(backend).await;
    let (old_version, old_rate) = synced.bill(1).await;
    assert_eq!(old_rate, "2.5");
    let map = PriceMap::bundled()
        .with(MODEL, "input_cost_per_token", "5e-06")
        .with_model(
            "acme/new",
            "\"input_cost_per_token\":1e-06,\"litellm_provider\":\"acme\",\"mode\":\"chat\"",
        );
    synced.serve(&map, "second");
    let release = synced.sync().await;
    assert_outcome(&release, "success", "");
    assert_eq!(
        (&release["added"], &release["changed"], &release["held"]),
        (&json!(1), &json!(1), &json!(0))
    );
    assert_eq!(
        (&release["trigger"], &release["author"]),
        (&json!("manual"), &json!("environment"))
    );
    let diff = format!(
        "/billing/prices/releases/{}/diff",
        release["id"].as_str().unwrap()
    );
    let diff = synced.admin().get(&diff).await;
    assert_eq!(diff["items"][0]["model"], "acme/new");
    assert_eq!(
        diff["items"][1]["rates"][0]["text"],
        "input: 2.5 -> 5 USD per million tokens (x2)"
    );
    // Taken over at the next poll.
    for _ in 0..100 {
        if synced.overview().await["price_version"] == release["price_version"] {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let (version, rate) = synced.bill(2).await;
    assert_eq!(
        (json!(version), rate.as_str()),
        (release["price_version"].clone(), "5")
    );
    assert!(version > old_version);
    let catalog = &synced.overview().await["catalog"];
    assert_eq!(
        (&catalog["origin"], &catalog["last_sync"]),
        (&json!("synced"), &release)
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unchanged_map_is_asked_for_by_its_tag() {
    both(unchanged).await;
}

async fn unchanged(backend: Backend) {
    let synced = Synced::new(backend).await;
    assert_outcome(&synced.sync().await, "unchanged", "");
    let versions = synced.overview().await["price_version"].clone();
    assert_outcome(&synced.sync().await, "unchanged", "");
    let asked: Vec<_> = synced
        .server
        .take_seen()
        .into_iter()
        .map(|request| request.if_none_match)
        .collect();
    assert_eq!(asked, [None, Some("\"first\"".to_owned())]);
    let body = Some(json!({"source": "litellm", "force": true}));
    let (_, begun) = synced
        .admin()
        .call(Method::POST, "/billing/prices/sync", body)
        .await;
    assert_outcome(
        &finished(synced.admin(), begun["id"].as_str().unwrap()).await,
        "unchanged",
        "",
    );
    assert_eq!(synced.server.take_seen()[0].if_none_match, None);
    assert_eq!(synced.overview().await["price_version"], versions);
    synced.serve(
        &PriceMap::bundled().with(MODEL, "input_cost_per_token", "3e-06"),
        "second",
    );
    assert_outcome(&synced.sync().await, "success", "");
    let sent = &synced.server.take_seen()[0];
    assert_eq!(sent.if_none_match.as_deref(), Some("\"first\""));
    for secret in ["authorization", "cookie", "referer", "x-api-key"] {
        assert!(!sent.headers.iter().any(|(name, _)| name == secret), "{sent:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_sync_runs_at_a_time_among_all_replicas() {
    both(one_at_a_time).await;
}

async fn one_at_a_time(backend: Backend) {
    let synced = Synced::new(backend).await;
    synced.server.reply(MapReply::Silence);
    let begun = begin(synced.admin()).await;
    let (status, problem) = synced
        .admin()
        .call(Method::POST, "/billing/prices/sync", None)
        .await;
    assert_eq!(status, StatusCode::CONFLICT, "{problem}");
    assert!(
        problem["detail"]
            .as_str()
            .unwrap()
            .contains(begun["id"].as_str().unwrap())
    );
    if !matches!(synced.setup.backend, Backend::Sqlite) {
        let data_dir = tempfile::tempdir().unwrap();
        let url = synced.setup.backend.url(data_dir.path());
        let other = sync_settings(GatewayBuilder::new(data_dir.path(), &url), &synced.server)
            .start()
            .await;
        let other = Admin::new(other.admin_url());
        let (status, problem) = other.call(Method::POST, "/billing/prices/sync", None).await;
        assert_eq!(status, StatusCode::CONFLICT, "{problem}");
        let seen = other
            .get(&format!(
                "/billing/prices/releases/{}",
                begun["id"].as_str().unwrap()
            ))
            .await;
        assert_eq!(seen["state"], "running");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_cut_short_by_a_crash_reads_as_failed_and_the_next_one_goes_through() {
    both(crash).await;
}

async fn crash(backend: Backend) {
    let mut synced = Synced::new(backend).await;
    synced.server.reply(MapReply::Silence);
    let cut = begin(synced.admin()).await;
    synced.setup.gateway.kill().await;
    let url = synced.setup.backend.url(synced.setup.data_dir.path());
    let builder = GatewayBuilder::new(synced.setup.data_dir.path(), &url);
    synced.setup.gateway = sync_settings(builder, &synced.server).start().await;
    synced.setup.admin = Admin::new(synced.setup.gateway.admin_url());
    let cut = finished(synced.admin(), cut["id"].as_str().unwrap()).await;
    assert_outcome(&cut, "failed", "interrupted");
    assert_eq!(synced.bill(1).await.1, "2.5");
    synced.serve(
        &PriceMap::bundled().with(MODEL, "input_cost_per_token", "3e-06"),
        "second",
    );
    assert_outcome(&synced.sync().await, "success", "");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_ends_a_run_as_failed() {
    let mut synced = Synced::new(Backend::Sqlite).await;
    synced.server.reply(MapReply::Silence);
    let cut = begin(synced.admin()).await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    synced.setup.gateway.stop().await;
    synced.setup.restart().await;
    let cut = synced
        .admin()
        .get(&format!(
            "/billing/prices/releases/{}",
            cut["id"].as_str().unwrap()
        ))
        .await;
    assert_outcome(&cut, "failed", "stopped");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_schedule_syncs_by_itself_and_once_for_all_replicas() {
    both(scheduled).await;
}

async fn scheduled(backend: Backend) {
    let map = PriceMap::bundled().with(MODEL, "input_cost_per_token", "3e-06");
    let server = MapServer::start(MapReply::map(map.text(), "first"))
        .await
        .unwrap();
    let by_itself = |builder: GatewayBuilder| {
        sync_settings(builder, &server)
            .env("TOLLGATE_PRICES__SYNC__ENABLED", "true")
            .env("TOLLGATE_PRICES__SYNC__START_DELAY_SECONDS", "0")
            .env("TOLLGATE_PRICES__SYNC__JITTER_SECONDS", "0")
    };
    let setup = Setup::with(backend, by_itself).await;
    let mut releases = json!(null);
    for _ in 0..300 {
        releases = setup.admin.get("/billing/prices/releases").await;
        if releases["items"][0]["state"] == "success" && releases["items"][0]["origin"] == "synced" {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let newest = &releases["items"][0];
    assert_eq!(
        (&newest["trigger"], &newest["author"], &newest["changed"]),
        (&json!("schedule"), &json!("schedule"), &json!(1))
    );
    assert_eq!(releases["items"].as_array().unwrap().len(), 2, "{releases}");
    if backend_is_shared(&setup) {
        let data_dir = tempfile::tempdir().unwrap();
        let url = setup.backend.url(data_dir.path());
        let other = by_itself(GatewayBuilder::new(data_dir.path(), &url))
            .start()
            .await;
        tokio::time::sleep(Duration::from_secs(2)).await;
        let seen = Admin::new(other.admin_url())
            .get("/billing/prices/releases")
            .await;
        assert_eq!(
            seen["items"].as_array().unwrap().len(),
            2,
            "the next run is due tomorrow: {seen}"
        );
    }
    chat(&setup).await;
}

fn backend_is_shared(setup: &Setup) -> bool {
    !matches!(setup.backend, Backend::Sqlite)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_start_without_a_network_says_so_in_one_line_and_serves() {
    let unreachable = "http://127.0.0.1:1/map.json";
    let setup = Setup::with(Backend::Sqlite, |builder| {
        builder
            .env("TOLLGATE_PRICES__SYNC__ENABLED", "true")
            .env("TOLLGATE_PRICES__SYNC__URLS", &format!("[\"{unreachable}\"]"))
            .env("TOLLGATE_PRICES__SYNC__START_DELAY_SECONDS", "0")
            .env("TOLLGATE_PRICES__SYNC__JITTER_SECONDS", "0")
            .env("TOLLGATE_PRICES__SYNC__TRIES", "1")
    })
    .await;
    let mut last = json!(null);
    for _ in 0..300 {
        last = setup.admin.get("/billing/overview").await["catalog"]["last_sync"].clone();
        if last["state"] == "failed" {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_outcome(&last, "failed", "no connection");
    assert!(last["reason"].as_str().unwrap().contains(unreachable));
    chat(&setup).await;
    let again = sync(&setup.admin).await;
    assert_outcome(&again, "failed", "no connection");
}
