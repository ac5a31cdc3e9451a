//! Ports and what answers on them.

use serde_json::Value;
use tollgate_testkit::load::{self, LoadPlan};

use crate::support::{Backend, Setup};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_a_listener_of_its_own_the_admin_api_is_not_where_clients_connect() {
    let mut setup = Setup::with(Backend::Sqlite, |builder| {
        builder.env("TOLLGATE_ADMIN_LISTEN", "127.0.0.1:0")
    })
    .await;
    assert_ne!(setup.gateway.base_url(), setup.gateway.admin_url());
    let status = |url: String| async move { reqwest::get(url).await.unwrap().status().as_u16() };
    for path in ["/api/admin/keys", "/", "/api/openapi.json"] {
        assert_eq!(
            status(format!("{}{path}", setup.gateway.base_url())).await,
            404,
            "{path}"
        );
    }
    assert_eq!(status(format!("{}/readyz", setup.gateway.base_url())).await, 200);
    assert_eq!(status(format!("{}/", setup.gateway.admin_url())).await, 200);
    let plan = LoadPlan::new(setup.gateway.base_url(), &setup.key).requests(5);
    assert_eq!(load::run(plan).await.unwrap().succeeded(), 5);
    setup.gateway.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_shows_todays_cost_to_a_local_visitor_and_to_nobody_else() {
    let mut setup = Setup::new(Backend::Sqlite).await;
    let plan = LoadPlan::new(setup.gateway.base_url(), &setup.key).requests(20);
    assert_eq!(load::run(plan).await.unwrap().succeeded(), 20);
    setup.books().await.wait_for(20).await;
    let overview = setup.admin.get("/billing/overview").await;
    let cost = overview["today"]["cost"].as_str().unwrap().to_owned();
    assert_ne!(cost, "0");

    let page = |host: &'static str, language: &'static str| {
        let request = reqwest::Client::new().get(setup.gateway.admin_url());
        async move {
            let response = request
                .header("host", host)
                .header("accept-language", language)
                .send()
                .await
                .unwrap();
            assert!(response.headers().contains_key("content-security-policy"));
            response.text().await.unwrap()
        }
    };
    assert!(page("localhost", "en").await.contains(&cost));
    assert!(page("localhost", "zh-CN").await.contains("lang=\"zh-CN\""));
    assert!(!page("attacker.example", "en").await.contains(&cost));
    setup.gateway.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_openapi_document_is_served_as_the_binary_prints_it() {
    let mut setup = Setup::new(Backend::Sqlite).await;
    let served: Value = reqwest::get(format!("{}/api/openapi.json", setup.gateway.admin_url()))
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let printed = std::process::Command::new(env!("CARGO_BIN_EXE_gateway"))
        .arg("openapi")
        .output()
        .unwrap();
    assert_eq!(served, serde_json::from_slice::<Value>(&printed.stdout).unwrap());
    setup.gateway.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_base_url_without_its_version_is_told_so() {
    let mut setup = Setup::new(Backend::Sqlite).await;
    let url = format!("{}/chat/completions", setup.gateway.base_url());
    let response = reqwest::Client::new().post(url).send().await.unwrap();
    assert_eq!(response.status(), 404);
    let body: Value = response.json().await.unwrap();
    assert!(
        body["error"]["message"].as_str().unwrap().contains("ends in /v1"),
        "{body}"
    );
    setup.gateway.stop().await;
}
