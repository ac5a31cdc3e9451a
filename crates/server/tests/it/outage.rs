//! The database is away: clients notice nothing, and afterwards nothing is missing.

use std::time::Duration;

use tollgate_testkit::load::{self, LoadPlan};
use tollgate_testkit::postgres::PgCluster;

use crate::support::{Backend, GatewayBuilder, Setup, compare_with_invoice};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_stops_under_load_costs_no_request_and_no_entry() {
    let cluster = PgCluster::start_own().unwrap();
    let mut setup = Setup::new(Backend::postgres(&cluster).await).await;
    let plan = LoadPlan::new(setup.gateway.base_url(), &setup.key)
        .requests(1_000_000)
        .concurrency(8);
    let traffic = tokio::spawn(load::run(LoadPlan {
        time_limit: Some(Duration::from_secs(40)),
        ..plan
    }));

    setup.simulator.wait_until_received(200).await;
    cluster.stop().unwrap();
    tokio::time::sleep(Duration::from_secs(30)).await;
    assert_eq!(ready_status(setup.gateway.base_url()).await, "degraded");
    cluster.resume().unwrap();

    let report = traffic.await.unwrap().unwrap();
    let failures: Vec<_> = report.failures().take(3).collect();
    assert!(failures.is_empty(), "{:?}: {failures:?}", report.by_status());
    let invoice = setup.simulator.invoice();
    let entries = setup.books().await.wait_for(invoice.len()).await;
    assert_eq!(entries.len(), invoice.len());
    compare_with_invoice(&entries, &invoice);
    setup.gateway.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_start_without_the_database_serves_from_the_last_known_configuration() {
    let cluster = PgCluster::start_own().unwrap();
    let mut setup = Setup::new(Backend::postgres(&cluster).await).await;
    let plan = |setup: &Setup| {
        LoadPlan::new(setup.gateway.base_url(), &setup.key)
            .requests(50)
            .concurrency(4)
    };
    assert_eq!(load::run(plan(&setup)).await.unwrap().succeeded(), 50);
    // The sealed copy follows within a poll.
    setup.books().await.wait_for(50).await;
    setup.gateway.stop().await;

    cluster.stop().unwrap();
    let url = setup.backend.url(setup.data_dir.path());
    setup.gateway = GatewayBuilder::new(setup.data_dir.path(), &url).start().await;
    assert_eq!(ready_status(setup.gateway.base_url()).await, "degraded");
    assert_eq!(load::run(plan(&setup)).await.unwrap().succeeded(), 50);

    cluster.resume().unwrap();
    let entries = setup.books().await.wait_for(100).await;
    compare_with_invoice(&entries, &setup.simulator.invoice());
    setup.gateway.stop().await;
}

async fn ready_status(base_url: &str) -> String {
    let body: serde_json::Value = reqwest::get(format!("{base_url}/readyz"))
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    body["status"].as_str().unwrap_or_default().to_owned()
}
