//! The console, as a browser finds it.

use std::collections::BTreeSet;

use reqwest::Response;
use reqwest::header::HeaderMap;

use crate::support::{Backend, Setup};

async fn get(setup: &Setup, path: &str, headers: &[(&'static str, &'static str)]) -> Response {
    let url = format!("{}{path}", setup.gateway.admin_url());
    let request = headers
        .iter()
        .fold(reqwest::Client::new().get(url), |request, (name, value)| {
            request.header(*name, *value)
        });
    request.send().await.unwrap()
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).map_or("", |value| value.to_str().unwrap())
}

/// The script that the document starts.
fn script(document: &str) -> String {
    let start = document.find("/assets/index-").unwrap();
    let rest = document.get(start..).unwrap();
    rest.get(..rest.find('"').unwrap()).unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_path_of_the_console_opens_it_under_a_policy_of_its_own() {
    let mut setup = Setup::new(Backend::Sqlite).await;
    let mut policies = BTreeSet::new();
    for path in [
        "/",
        "/logs",
        "/system/billing",
        "/prices?q=gpt&page=3",
        "/upstreams/some/where",
    ] {
        let answer = get(&setup, path, &[]).await;
        assert_eq!(answer.status(), 200, "{path}");
        let headers = answer.headers().clone();
        assert_eq!(header(&headers, "content-type"), "text/html; charset=utf-8");
        assert_eq!(header(&headers, "cache-control"), "no-cache");
        let policy = header(&headers, "content-security-policy").to_owned();
        assert!(!policy.contains("unsafe"), "{policy}");
        let nonce = policy
            .split("'nonce-")
            .nth(1)
            .and_then(|rest| rest.split('\'').next())
            .unwrap();
        let document = answer.text().await.unwrap();
        assert!(document.contains(&format!("nonce=\"{nonce}\"")), "{document}");
        policies.insert(policy);
    }
    assert_eq!(policies.len(), 5, "a nonce was used twice");
    setup.gateway.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn assets_are_kept_for_ever_and_sent_as_the_client_reads_them() {
    let mut setup = Setup::new(Backend::Sqlite).await;
    let document = get(&setup, "/", &[]).await.text().await.unwrap();
    let path = script(&document);
    let mut lengths = Vec::new();
    for (accepted, encoding) in [("identity", ""), ("gzip", "gzip"), ("gzip, deflate, br", "br")] {
        let answer = get(&setup, &path, &[("accept-encoding", accepted)]).await;
        let headers = answer.headers().clone();
        assert_eq!(header(&headers, "content-encoding"), encoding);
        assert_eq!(header(&headers, "content-type"), "text/javascript; charset=utf-8");
        assert_eq!(header(&headers, "vary"), "accept-encoding");
        assert!(header(&headers, "cache-control").contains("immutable"));
        lengths.push(answer.bytes().await.unwrap().len());
    }
    assert!(
        lengths.is_sorted_by(|longer, shorter| longer > shorter),
        "{lengths:?}"
    );
    assert_eq!(get(&setup, "/assets/gone-12345678.js", &[]).await.status(), 404);
    setup.gateway.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_the_consoles_is_answered_as_before() {
    let mut setup = Setup::new(Backend::Sqlite).await;
    for (path, status) in [
        ("/v1/nothing", 404),
        ("/api/admin/billing/overview", 401),
        ("/api/admin/nothing", 404),
        ("/api/openapi.json", 200),
        ("/healthz", 200),
        ("/readyz", 200),
        ("/metrics", 200),
        ("/chat/completions", 404),
        ("/index.html", 404),
    ] {
        let answer = get(&setup, path, &[]).await;
        assert_eq!(answer.status(), status, "{path}");
        let text = answer.text().await.unwrap();
        assert!(!text.contains("csp-nonce"), "{path} shows the console");
    }
    setup.gateway.stop().await;
}
