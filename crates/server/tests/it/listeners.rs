//! Ports and what answers on them.

use serde_json::Value;
use tollgate_domain::Meter;
use tollgate_testkit::load::{self, LoadPlan};

use crate::support::{ADMIN_TOKEN, Backend, Setup};

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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn metrics_count_what_passed_and_are_for_the_operator_only() {
    let mut setup = Setup::new(Backend::Sqlite).await;
    for model in ["gpt-4o", "sim-error-429"] {
        let body = serde_json::json!({"model": model, "messages": [{"role": "user", "content": "hi"}]});
        let request = reqwest::Client::new()
            .post(format!("{}/v1/chat/completions", setup.gateway.base_url()))
            .bearer_auth(&setup.key)
            .json(&body);
        drop(request.send().await.unwrap().bytes().await.unwrap());
    }
    let strange = reqwest::Client::new()
        .post(format!("{}/v1/messages", setup.gateway.base_url()))
        .bearer_auth("nobody");
    assert_eq!(strange.send().await.unwrap().status(), 401);
    let books = setup.books().await.wait_for(2).await;
    let entry = &books[0].journaled.entry;
    let (usage, cost) = (entry.usage.as_ref().unwrap(), entry.amounts.unwrap().cost);

    let scrape = |host: &'static str, token: Option<&'static str>| {
        let mut request = reqwest::Client::new().get(format!("{}/metrics", setup.gateway.admin_url()));
        request = request.header("host", host);
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        async move {
            let response = request.send().await.unwrap();
            (response.status().as_u16(), response.text().await.unwrap())
        }
    };
    let (status, text) = scrape("localhost", None).await;
    assert_eq!(status, 200);
    for line in [
        "tollgate_attempts_total{protocol=\"openai_chat\",upstream=\"openai\",outcome=\"completed\",billing_status=\"billed\",reason=\"\"} 1".to_owned(),
        "tollgate_attempts_total{protocol=\"openai_chat\",upstream=\"openai\",outcome=\"upstream_error\",billing_status=\"no_charge\",reason=\"rejected\"} 1".to_owned(),
        "tollgate_requests_total{protocol=\"openai_chat\",status=\"2xx\",error=\"\"} 1".to_owned(),
        "tollgate_refusals_total{reason=\"key_unknown\"} 1".to_owned(),
        format!("tollgate_usage_total{{meter=\"output\",source=\"reported\"}} {}", usage.get(Meter::Output).get()),
        "tollgate_writer_database_away 0".to_owned(),
        "tollgate_entries_committed_total 2".to_owned(),
    ] {
        assert!(text.contains(&line), "{line} is not in\n{text}");
    }
    let approximate = text.lines().find_map(|line| {
        line.strip_prefix("tollgate_cost_approximate_usd_total{upstream=\"openai\",source=\"reported\"} ")
    });
    let number = |text: &str| text.parse::<f64>().unwrap();
    let off = number(approximate.unwrap()) - number(&cost.to_string());
    assert!(off.abs() < 1e-12, "{text}");
    assert!(text.ends_with("# EOF\n"), "{text}");

    // A name from outside gets nothing without a token.
    assert_eq!(scrape("gateway.example.com", None).await.0, 401);
    assert_eq!(scrape("gateway.example.com", Some("wrong")).await.0, 401);
    assert_eq!(scrape("gateway.example.com", Some(ADMIN_TOKEN)).await.0, 200);
    setup.gateway.stop().await;
}
