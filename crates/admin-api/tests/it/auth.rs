use axum::body::Body;
use axum::http::{Method, Request};
use serde_json::Value;

use crate::fake::Failure;
use crate::test_api::{ADMIN, TestApi};

/// Every documented operation, its ids filled in, and whether it asks for a token.
fn operations() -> Vec<(Method, String, bool)> {
    let document = serde_json::to_value(tollgate_admin_api::openapi()).unwrap();
    let paths = document["paths"].as_object().unwrap().clone();
    let operations = paths.into_iter().flat_map(|(path, item)| {
        let methods = item.as_object().unwrap().clone();
        let path = path
            .replace("{id}", "00000000-0000-0000-0000-000000000009")
            .replace("{name}", "sweep");
        methods.into_iter().map(move |(method, operation)| {
            let guarded = operation.get("security").is_some();
            (method.to_uppercase().parse().unwrap(), path.clone(), guarded)
        })
    });
    operations.collect()
}

fn request(method: &Method, path: &str, authorization: Option<&str>) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(path);
    if let Some(value) = authorization {
        request = request.header("authorization", value);
    }
    request.body(Body::empty()).unwrap()
}

#[tokio::test]
async fn every_admin_operation_refuses_callers_without_a_living_admin_token() {
    let api = TestApi::new();
    let mut tried = 0;
    for (method, path, guarded) in operations() {
        if !guarded {
            continue;
        }
        for wrong in [
            None,
            Some("Bearer wrong"),
            Some("Bearer "),
            Some(ADMIN),
            Some("Basic dGVzdA=="),
        ] {
            let answer = api.send(request(&method, &path, wrong)).await;
            let problem = answer.problem(401, "unauthenticated");
            assert!(answer.header("www-authenticate").starts_with("Bearer"));
            assert!(
                !problem.to_string().contains("wrong"),
                "the token is not repeated"
            );
            tried += 1;
        }
    }
    assert!(tried >= 5 * 56, "every operation of the document was tried");
    assert!(api.store.shelves().authors.is_empty(), "nothing was changed");
}

#[tokio::test]
async fn the_scheme_is_read_without_case() {
    let api = TestApi::new();
    let value = format!("bearer  {ADMIN}");
    let answer = api
        .send(request(&Method::GET, "/api/admin/keys", Some(&value)))
        .await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn public_operations_need_no_token() {
    let api = TestApi::new();
    let mut tried = 0;
    for (method, path, _) in operations() {
        if path.starts_with("/api/admin/") {
            continue;
        }
        assert_eq!(
            api.send(request(&method, &path, None)).await.status,
            200,
            "{path}"
        );
        tried += 1;
    }
    assert_eq!(tried, 4);
}

#[tokio::test]
async fn a_database_that_is_away_is_a_503_with_retry_after_everywhere() {
    let api = TestApi::new();
    api.store.shelves().failure = Some(Failure::Unavailable);
    for (method, path, guarded) in operations() {
        if guarded {
            let answer = api.call(method, &path, &[], None).await;
            answer.problem(503, "database_unavailable");
            assert_eq!(answer.header("retry-after"), "2");
        }
    }
}

#[tokio::test]
async fn a_failure_of_ours_never_shows_its_inner_text() {
    let api = TestApi::new();
    api.store.shelves().failure = Some(Failure::Failed);
    let answer = api.get("/api/admin/upstreams").await;
    let problem = answer.problem(500, "internal");
    assert!(
        !answer.text.contains("secret") && !answer.text.contains("testing"),
        "{problem}"
    );
    assert_eq!(problem["errors"], Value::Null);
}
