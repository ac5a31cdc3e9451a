use axum::http::Method;
use serde_json::{Value, json};
use tollgate_domain::TokenHash;

use crate::fake::Failure;
use crate::test_api::{KEY_TOKEN, TestApi};

const NOBODY: &str = "/api/admin/keys/00000000-0000-0000-0000-000000000009/rotate";
const UPSTREAM: &str = "/api/admin/upstreams";

async fn key(api: &TestApi, body: &Value) -> String {
    let answer = api.post("/api/admin/keys", body).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    answer.header("location").to_owned()
}

async fn upstream(api: &TestApi, name: &str) -> String {
    let body = json!({
        "name": name, "provider": "openai", "protocols": ["openai_chat"], "base_url": "https://api.example.com",
    });
    let answer = api.post(UPSTREAM, &body).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    answer.json()["id"].as_str().unwrap().to_owned()
}

async fn rotate(api: &TestApi, path: &str, body: Option<&Value>) -> crate::test_api::Answer {
    api.call(Method::POST, &format!("{path}/rotate"), &[], body).await
}

#[tokio::test]
async fn a_rotated_key_shows_its_new_token_once_and_until_when_the_old_one_works() {
    let api = TestApi::new();
    let path = key(&api, &json!({"name": "a"})).await;
    api.store.shelves().keys[0].token_hash = TokenHash::of("before");
    let rotated = rotate(&api, &path, Some(&json!({"grace_seconds": 3600}))).await;
    assert_eq!(rotated.status, 200, "{}", rotated.text);
    assert_eq!(rotated.header("etag"), "\"2\"");
    let body = rotated.json();
    assert_eq!(body["token"], KEY_TOKEN);
    assert_eq!(
        body["key"]["retiring_token"]["accepted_until"],
        "2026-11-05T09:00:00Z"
    );
    assert_eq!(body["key"]["rotated_at"], "2026-11-05T08:00:00Z");
    {
        let shelves = api.store.shelves();
        assert_eq!(shelves.keys[0].token_hash, TokenHash::of(KEY_TOKEN));
        let retiring = shelves.keys[0].retiring.as_ref().unwrap();
        assert_eq!(retiring.token_hash, TokenHash::of("before"));
        assert_eq!(shelves.authors, ["ada", "ada"]);
    }
    assert!(!api.get(&path).await.text.contains(KEY_TOKEN));
    assert_eq!(api.refreshes(), 2);
    for body in [None, Some(json!({})), Some(json!({"grace_seconds": 0}))] {
        let at_once = rotate(&api, &path, body.as_ref()).await;
        assert_eq!(at_once.json()["key"]["retiring_token"], Value::Null);
    }
}

#[tokio::test]
async fn every_bound_of_a_rotation_is_named() {
    let api = TestApi::new();
    let path = key(&api, &json!({"name": "a"})).await;
    for (grace, says) in [
        (json!(-1), "0..=604800"),
        (json!(604_801), "604801"),
        (json!("1h"), "a whole number"),
        (json!(null), "null"),
    ] {
        let refused = rotate(&api, &path, Some(&json!({"grace_seconds": grace}))).await;
        assert!(
            refused.faults(&["grace_seconds"])[0].contains(says),
            "{}",
            refused.text
        );
    }
    rotate(&api, &path, Some(&json!({"grace": 1})))
        .await
        .problem(422, "validation_failed");
    let week = rotate(&api, &path, Some(&json!({"grace_seconds": 604_800}))).await;
    assert_eq!(week.status, 200);
}

#[tokio::test]
async fn a_stale_missing_or_unreachable_key_is_not_rotated() {
    let api = TestApi::new();
    let path = key(&api, &json!({"name": "a"})).await;
    let before = api.store.shelves().keys[0].clone();
    let conditional = |tag: &'static str| {
        let path = format!("{path}/rotate");
        let api = &api;
        async move { api.call(Method::POST, &path, &[("if-match", tag)], None).await }
    };
    conditional("\"7\"").await.problem(412, "stale");
    api.call(Method::POST, NOBODY, &[], None)
        .await
        .problem(404, "not_found");
    api.store.shelves().failure = Some(Failure::Unavailable);
    rotate(&api, &path, None)
        .await
        .problem(503, "database_unavailable");
    api.store.shelves().failure = None;
    assert_eq!(api.store.shelves().keys[0], before);
    assert_eq!(conditional("\"1\"").await.status, 200);
    api.store.shelves().lost_races = 2;
    assert_eq!(rotate(&api, &path, None).await.status, 200);
}

#[tokio::test]
async fn grants_are_set_kept_and_lifted() {
    let api = TestApi::new();
    let granted = upstream(&api, "u").await;
    let body = json!({"name": "a", "allowed_upstreams": [granted], "allowed_models": ["gpt-5*", "o3"]});
    let path = key(&api, &body).await;
    let shown = api.get(&path).await.json();
    assert_eq!(shown["allowed_upstreams"], json!([granted]));
    assert_eq!(shown["allowed_models"], json!(["gpt-5*", "o3"]));
    // The upstream goes; the key stays restricted, and other edits stay possible.
    assert_eq!(api.delete(&format!("{UPSTREAM}/{granted}")).await.status, 204);
    let edited = api.patch(&path, &json!({"team": "t"})).await;
    assert_eq!(edited.json()["allowed_upstreams"], json!([granted]));
    let lifted = api
        .patch(&path, &json!({"allowed_upstreams": null, "allowed_models": null}))
        .await
        .json();
    assert_eq!(
        (&lifted["allowed_upstreams"], &lifted["allowed_models"]),
        (&Value::Null, &Value::Null)
    );
}

#[tokio::test]
async fn every_bound_of_the_grants_is_named() {
    let api = TestApi::new();
    let path = key(&api, &json!({"name": "a"})).await;
    let id = upstream(&api, "u").await;
    let unknown = "00000000-0000-0000-0000-00000000dead";
    let many_ids: Vec<&str> = vec![&id; 101];
    let many_models: Vec<String> = (0..201).map(|n| format!("m{n}")).collect();
    for (change, field, says) in [
        (json!({"allowed_upstreams": []}), "allowed_upstreams", "empty"),
        (
            json!({"allowed_upstreams": many_ids}),
            "allowed_upstreams",
            "1..=100",
        ),
        (
            json!({"allowed_upstreams": [unknown]}),
            "allowed_upstreams[0]",
            unknown,
        ),
        (
            json!({"allowed_upstreams": [id, id]}),
            "allowed_upstreams[1]",
            "twice",
        ),
        (
            json!({"allowed_upstreams": ["x"]}),
            "allowed_upstreams[0]",
            "UUID",
        ),
        (json!({"allowed_models": []}), "allowed_models", "empty"),
        (
            json!({"allowed_models": many_models}),
            "allowed_models",
            "1..=200",
        ),
        (
            json!({"allowed_models": ["a*b"]}),
            "allowed_models[0]",
            "last character",
        ),
        (json!({"allowed_models": [""]}), "allowed_models[0]", "1..=256"),
        (
            json!({"allowed_models": ["a", "a"]}),
            "allowed_models[1]",
            "twice",
        ),
        (json!({"name": "console"}), "name", "test calls"),
    ] {
        let patched = api.patch(&path, &change).await;
        let message = &patched.faults(&[field])[0];
        assert!(message.contains(says), "{message} does not say {says}");
    }
    assert_eq!(api.get(&path).await.json()["revision"], 1);
}
