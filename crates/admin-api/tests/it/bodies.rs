use axum::body::Body;
use axum::http::{Method, Request};
use serde_json::json;

use crate::test_api::{ADMIN, Answer, TestApi};

async fn post_raw(api: &TestApi, content_type: Option<&str>, body: impl Into<Body>) -> Answer {
    let mut request = Request::builder()
        .method(Method::POST)
        .uri("/api/admin/keys")
        .header("authorization", format!("Bearer {ADMIN}"));
    if let Some(content_type) = content_type {
        request = request.header("content-type", content_type);
    }
    api.send(request.body(body.into()).unwrap()).await
}

#[tokio::test]
async fn a_body_that_is_not_json_is_a_400() {
    let api = TestApi::new();
    for body in ["", "{", "name=x", "{\"name\":\"x\"} trailing"] {
        post_raw(&api, Some("application/json"), body)
            .await
            .problem(400, "invalid_json");
    }
}

#[tokio::test]
async fn a_body_that_does_not_say_it_is_json_is_a_415() {
    let api = TestApi::new();
    for content_type in [
        None,
        Some("text/plain"),
        Some("application/x-www-form-urlencoded"),
    ] {
        let answer = post_raw(&api, content_type, "{\"name\":\"x\"}").await;
        answer.problem(415, "unsupported_media_type");
    }
    let answer = post_raw(&api, Some("Application/JSON; charset=utf-8"), "{\"name\":\"x\"}").await;
    assert_eq!(answer.status, 201);
}

#[tokio::test]
async fn a_body_past_the_limit_is_a_413() {
    let api = TestApi::new();
    let body = format!("{{\"name\":\"{}\"}}", "x".repeat(1 << 20));
    post_raw(&api, Some("application/json"), body)
        .await
        .problem(413, "body_too_large");
}

#[tokio::test]
async fn what_does_not_fit_is_a_422_naming_the_field() {
    let api = TestApi::new();
    let unknown = api
        .post("/api/admin/keys", &json!({"name": "x", "colour": "red"}))
        .await;
    assert!(unknown.faults(&["colour"])[0].contains("unknown field"));
    let missing = api.post("/api/admin/keys", &json!({})).await;
    assert!(missing.faults(&["body"])[0].contains("name"));
    api.post("/api/admin/keys", &json!({"name": 3}))
        .await
        .faults(&["name"]);
    api.post("/api/admin/keys", &json!({"name": "x", "tags": [1]}))
        .await
        .faults(&["tags[0]"]);
    api.post("/api/admin/keys", &json!({"name": "x", "enabled": null}))
        .await
        .faults(&["enabled"]);
    api.post("/api/admin/keys", &json!(["x"])).await.faults(&["body"]);
}

#[tokio::test]
async fn an_unknown_path_under_api_is_a_404_problem_with_or_without_a_token() {
    let api = TestApi::new();
    for path in [
        "/api",
        "/api/",
        "/api/admin",
        "/api/admin/nothing",
        "/api/v2/upstreams",
    ] {
        api.get(path).await.problem(404, "no_such_endpoint");
        let request = Request::builder().uri(path).body(Body::empty()).unwrap();
        api.send(request).await.problem(404, "no_such_endpoint");
    }
}

#[tokio::test]
async fn a_wrong_method_is_a_405_naming_the_right_ones() {
    let api = TestApi::new();
    let answer = api.call(Method::PUT, "/api/admin/keys", &[], None).await;
    answer.problem(405, "method_not_allowed");
    let allowed = answer.header("allow");
    assert!(allowed.contains("GET") && allowed.contains("POST"), "{allowed}");
}

#[tokio::test]
async fn answers_are_not_stored_by_anybody() {
    let api = TestApi::new();
    for path in ["/api/admin/keys", "/api/admin/nothing", "/healthz"] {
        let answer = api.get(path).await;
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
    }
}
