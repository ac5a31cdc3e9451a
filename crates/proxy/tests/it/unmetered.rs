//! What the operator lets pass although nothing is known of its cost.

use http::{Method, Request};
use http_body_util::Full;
use tollgate_proxy::ProxyConfig;

use crate::support::{CLIENT_KEY, Canned, Client, Gateway, Reply, at_url};

const ANSWER: &[u8] = br#"{"id":"job-1","usage":{"prompt_tokens":5,"completion_tokens":5}}"#;

fn request(method: Method, path: &str, body: &'static str) -> Request<Full<bytes::Bytes>> {
    Request::builder()
        .method(method)
        .uri(path)
        .header("authorization", format!("Bearer {CLIENT_KEY}"))
        .body(Full::from(body))
        .unwrap()
}

#[tokio::test]
async fn an_allowed_path_is_carried_as_called_and_left_to_the_operator() {
    let canned = Canned::start(vec![Reply::sized("200 OK", "application/json", ANSWER)]).await;
    let config = ProxyConfig {
        unmetered_paths: vec!["/v1/fine_tuning".to_owned()],
        ..ProxyConfig::default()
    };
    let gateway = Gateway::configured(vec![at_url(&canned.base_url, 0)], config).await;
    let client = Client::of(&gateway);
    let made = client
        .send(request(
            Method::POST,
            "/v1/fine_tuning/jobs?x=1",
            "{\"model\":\"gpt-4o\"}",
        ))
        .await;
    assert_eq!((made.status.as_u16(), made.body.as_ref()), (200, ANSWER));
    let looked = client
        .send(request(Method::GET, "/api/proxy/v1/fine_tuning/jobs/job-1", ""))
        .await;
    assert_eq!((looked.status.as_u16(), looked.body.as_ref()), (200, ANSWER));

    let heads: Vec<String> = canned.requests();
    assert!(
        heads[0].starts_with("POST /v1/fine_tuning/jobs?x=1 HTTP/1.1"),
        "{heads:?}"
    );
    assert!(
        heads[1].starts_with("GET /v1/fine_tuning/jobs/job-1 HTTP/1.1"),
        "{heads:?}"
    );
    let books = gateway.finish().await;
    // Making something may cost, how much nobody knows; looking at it does not.
    assert_eq!(
        books.verdicts(),
        [
            "unbilled (not_metered), completed",
            "no_charge (free_endpoint), completed"
        ]
    );
    assert!(books.entries.iter().all(|entry| entry.usage.is_none()));
}

#[tokio::test]
async fn what_an_unmetered_path_refuses_costs_nothing() {
    let canned = Canned::start(vec![Reply::sized("400 Bad Request", "application/json", b"{}")]).await;
    let config = ProxyConfig {
        unmetered_paths: vec!["/v1/fine_tuning".to_owned()],
        ..ProxyConfig::default()
    };
    let gateway = Gateway::configured(vec![at_url(&canned.base_url, 0)], config).await;
    let refused = Client::of(&gateway)
        .send(request(Method::POST, "/v1/fine_tuning/jobs", "{}"))
        .await;
    assert_eq!(refused.status, 400);
    assert_eq!(
        gateway.finish().await.verdicts(),
        ["no_charge (rejected), upstream_error"]
    );
}
