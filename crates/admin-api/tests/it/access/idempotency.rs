use axum::http::{HeaderMap, Method};
use chrono::TimeDelta;
use serde_json::{Value, json};

use super::api::{AccessApi, Call};
use crate::build::new_upstream;
use crate::test_api::ADMIN;

const KEYS: &str = "/api/admin/keys";

fn once(path: &str, key: &str, body: &Value) -> Call {
    Call::post(path, body)
        .bearer(ADMIN)
        .header("idempotency-key", key)
}

async fn count(api: &AccessApi, path: &str) -> usize {
    api.get(path).await.json()["items"].as_array().unwrap().len()
}

fn kept(headers: &HeaderMap) -> Vec<(String, String)> {
    ["content-type", "etag", "location", "cache-control"]
        .into_iter()
        .filter_map(|name| Some((name.to_owned(), headers.get(name)?.to_str().unwrap().to_owned())))
        .collect()
}

#[tokio::test]
async fn a_create_that_is_sent_again_gets_the_first_answer() {
    let api = AccessApi::new().await;
    for (path, body) in [
        (KEYS, json!({"name": "a"})),
        ("/api/admin/tokens", json!({"name": "bob", "role": "viewer"})),
        ("/api/admin/upstreams", new_upstream("main")),
        (
            "/api/admin/billing/overrides",
            json!({"model": "m", "input_usd_per_mtok": "1", "confirm": true}),
        ),
    ] {
        let before = count(&api, path).await;
        let key = format!("key-of-{path}");
        let first = api.run(once(path, &key, &body)).await;
        assert_eq!(first.status, 201, "{path}: {}", first.text);
        assert_eq!(first.header("idempotency-replayed"), "");
        let again = api.run(once(path, &key, &body)).await;
        assert_eq!((again.status, &again.text), (first.status, &first.text), "{path}");
        assert_eq!(kept(&again.headers), kept(&first.headers));
        assert_eq!(again.header("idempotency-replayed"), "true");
        assert_eq!(count(&api, path).await, before + 1, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_at_once_one_is_carried_out() {
    let api = AccessApi::new().await;
    let body = json!({"name": "a"});
    let calls = (0..8).map(|_| api.run(once(KEYS, "same", &body)));
    let answers = futures_util::future::join_all(calls).await;
    let texts: Vec<&str> = answers.iter().map(|answer| answer.text.as_str()).collect();
    assert!(texts.iter().all(|text| *text == texts[0]), "{texts:?}");
    assert!(answers.iter().all(|answer| answer.status == 201));
    let fresh = answers
        .iter()
        .filter(|answer| answer.header("idempotency-replayed").is_empty());
    assert_eq!(fresh.count(), 1);
    assert_eq!(count(&api, KEYS).await, 1);
}

#[tokio::test]
async fn another_request_under_the_key_is_refused() {
    let api = AccessApi::new().await;
    api.run(once(KEYS, "k", &json!({"name": "a"}))).await;
    let other = api.run(once(KEYS, "k", &json!({"name": "b"}))).await;
    other.problem(422, "idempotency_key_reused");
    let elsewhere = once("/api/admin/tokens", "k", &json!({"name": "a"}));
    api.run(elsewhere).await.problem(422, "idempotency_key_reused");
    assert_eq!(count(&api, KEYS).await, 1);
}

#[tokio::test]
async fn a_key_belongs_to_the_token_and_ends_after_a_day() {
    let api = AccessApi::new().await;
    let (_, bob) = api.token("bob", "admin").await;
    let body = json!({"name": "a"});
    assert_eq!(api.run(once(KEYS, "k", &body)).await.status, 201);
    let bobs = Call::post(KEYS, &body)
        .bearer(&bob)
        .header("idempotency-key", "k");
    api.run(bobs).await.problem(409, "name_taken");
    api.clock.forward(TimeDelta::hours(24));
    api.run(once(KEYS, "k", &body)).await.problem(409, "name_taken");
}

#[tokio::test]
async fn what_failed_may_be_sent_again_as_it_was() {
    let api = AccessApi::new().await;
    let created = api.post(KEYS, &json!({"name": "a"})).await;
    let body = json!({"name": "a"});
    api.run(once(KEYS, "k", &body)).await.problem(409, "name_taken");
    api.delete(created.header("location")).await;
    let answer = api.run(once(KEYS, "k", &body)).await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("idempotency-replayed")),
        (201, "")
    );
}

#[tokio::test]
async fn a_key_that_is_none_is_refused_and_reads_ignore_it() {
    let api = AccessApi::new().await;
    let long = "x".repeat(256);
    for key in ["", "a b", "ä", &long] {
        let answer = api.run(once(KEYS, key, &json!({"name": "a"}))).await;
        answer.faults(&["idempotency-key"]);
    }
    let twice = once(KEYS, "a", &json!({"name": "a"})).header("idempotency-key", "b");
    api.run(twice).await.faults(&["idempotency-key"]);
    let whole = "x".repeat(255);
    assert_eq!(
        api.run(once(KEYS, &whole, &json!({"name": "a"}))).await.status,
        201
    );
    let read = Call::new(Method::GET, KEYS)
        .bearer(ADMIN)
        .header("idempotency-key", &whole);
    assert_eq!(api.run(read).await.status, 200);
}

#[tokio::test]
async fn a_role_is_asked_for_before_anything_is_kept() {
    let api = AccessApi::new().await;
    let (_, viewer) = api.token("vera", "viewer").await;
    let call = || {
        let body = json!({"name": "a"});
        Call::post(KEYS, &body)
            .bearer(&viewer)
            .header("idempotency-key", "k")
    };
    api.run(call()).await.problem(403, "forbidden");
    api.run(call()).await.problem(403, "forbidden");
}
