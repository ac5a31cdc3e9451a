use std::collections::{BTreeMap, BTreeSet};

use axum::body::Body;
use axum::http::{Method, Request};

use crate::filled::Filled;
use crate::test_api::{ADMIN, Answer};

async fn send(filled: &Filled, method: &Method, path: &str) -> Answer {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("authorization", format!("Bearer {ADMIN}"));
    filled.api.send(request.body(Body::empty()).unwrap()).await
}

/// Paths, and the methods that each knows.
fn paths(filled: &Filled) -> BTreeMap<String, BTreeSet<String>> {
    let mut paths: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for operation in filled.operations() {
        let known = paths.entry(operation.path).or_default();
        known.insert(operation.method.to_string());
        if operation.method == Method::GET {
            known.insert("HEAD".to_owned());
        }
    }
    paths
}

#[tokio::test]
async fn every_path_names_the_methods_it_knows_to_all_others() {
    let filled = Filled::new().await;
    let paths = paths(&filled);
    assert!(paths.len() >= 50, "{}", paths.len());
    for (path, known) in &paths {
        for method in [
            Method::GET,
            Method::POST,
            Method::PUT,
            Method::PATCH,
            Method::DELETE,
            Method::OPTIONS,
            Method::TRACE,
            Method::from_bytes(b"PURGE").unwrap(),
        ] {
            if known.contains(method.as_str()) {
                continue;
            }
            let answer = send(&filled, &method, path).await;
            assert_eq!(answer.status, 405, "{method} {path}: {}", answer.text);
            answer.problem(405, "method_not_allowed");
            let allowed: BTreeSet<String> = answer.header("allow").split(',').map(str::to_owned).collect();
            assert_eq!(allowed, *known, "{path}");
        }
    }
}

#[tokio::test]
async fn no_path_is_another_one_with_a_slash_more() {
    let filled = Filled::new().await;
    for path in paths(&filled).keys() {
        for wrong in [
            format!("{path}/"),
            path.replacen("/api/admin/", "/api/admin//", 1),
            path.replacen("/api/admin/", "/api/Admin/", 1),
            format!("{path}/x/y/z"),
        ] {
            let answer = send(&filled, &Method::GET, &wrong).await;
            assert_eq!(answer.status, 404, "{wrong}: {}", answer.text);
            let kind = answer.json()["type"].as_str().unwrap().to_owned();
            assert!(kind.ends_with("no_such_endpoint"), "{wrong}: {kind}");
        }
    }
}
