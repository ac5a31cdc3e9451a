use axum::http::Method;
use insta::assert_json_snapshot;
use serde_json::{Value, json};
use tollgate_domain::Protocol;
use tollgate_domain::ports::TestRefusal;

use crate::fake::Failure;
use crate::test_api::TestApi;

const NOBODY: &str = "/api/admin/upstreams/00000000-0000-0000-0000-000000000009/test";

async fn upstream(api: &TestApi) -> String {
    let body = json!({
        "name": "u", "provider": "openai", "protocols": ["openai_chat"], "base_url": "https://api.example.com",
    });
    let answer = api.post("/api/admin/upstreams", &body).await;
    format!("{}/test", answer.header("location"))
}

#[tokio::test]
async fn a_dry_run_says_what_it_would_cost_and_sends_nothing() {
    let api = TestApi::new();
    let path = upstream(&api).await;
    let answer = api.post(&path, &json!({"dry_run": true, "model": "m"})).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_json_snapshot!(answer.json(), {".upstream_id" => "[id]"});
    assert!(api.tests.calls.lock().unwrap().is_empty() && api.store.shelves().tested.is_empty());
}

#[tokio::test]
async fn a_test_says_what_came_of_it() {
    let api = TestApi::new();
    let path = upstream(&api).await;
    // No body asks for the defaults.
    let answer = api.call(Method::POST, &path, &[], None).await;
    let result = &answer.json()["result"];
    assert_eq!(
        (&result["ok"], &result["http_status"]),
        (&json!(false), &json!(503))
    );
    assert_eq!(result["error"], "upstream_unreachable");
    assert_eq!(
        (&result["cost"], &result["billing_status"]),
        (&Value::Null, &Value::Null)
    );
    let asked = json!({"model": "m", "protocol": "openai_responses", "stream": true});
    assert_eq!(api.post(&path, &asked).await.status, 200);
    assert_eq!(
        api.store.shelves().tested,
        ["ada tested u with first", "ada tested u with m"]
    );
    let calls = api.tests.calls.lock().unwrap();
    assert_eq!((calls[0].protocol, calls[0].stream), (None, false));
    assert_eq!(
        (calls[1].protocol, calls[1].stream),
        (Some(Protocol::OpenaiResponses), true)
    );
}

#[tokio::test]
async fn every_bound_of_a_test_is_named() {
    let api = TestApi::new();
    let path = upstream(&api).await;
    for (body, field, says) in [
        (json!({"model": ""}), "model", "1..=256"),
        (json!({"model": "x".repeat(257)}), "model", "257"),
        (json!({"model": null}), "model", "null"),
        (json!({"protocol": "smtp"}), "protocol", "smtp"),
        (json!({"dry_run": "yes"}), "dry_run", "boolean"),
        (json!({"stream": 1}), "stream", "boolean"),
    ] {
        let refused = api.post(&path, &body).await;
        let message = &refused.faults(&[field])[0];
        assert!(message.contains(says), "{message}");
    }
    let cases = [
        (TestRefusal::ModelMissing, "model"),
        (
            TestRefusal::NoStreams {
                protocol: Protocol::Rerank,
            },
            "stream",
        ),
        (
            TestRefusal::NotSpoken {
                protocol: Protocol::Rerank,
                spoken: "a".to_owned(),
            },
            "protocol",
        ),
        (
            TestRefusal::NotTestable {
                protocol: "a".to_owned(),
                testable: "b".to_owned(),
            },
            "protocol",
        ),
        (
            TestRefusal::NotCallable {
                problem: "odd".to_owned(),
            },
            "base_url",
        ),
    ];
    for (refusal, field) in cases {
        *api.tests.refusal.lock().unwrap() = Some(refusal);
        api.post(&path, &json!({})).await.faults(&[field]);
    }
    *api.tests.refusal.lock().unwrap() = Some(TestRefusal::UnknownUpstream);
    api.post(&path, &json!({})).await.problem(404, "not_found");
}

#[tokio::test]
async fn a_base_url_is_held_to_the_same_rules_as_when_it_was_stored() {
    let api = TestApi::new();
    let path = upstream(&api).await;
    for wrong in ["http://169.254.169.254/latest", "https://user:s3cret@example.com"] {
        api.store.shelves().upstreams[0].base_url = wrong.to_owned();
        let refused = api.post(&path, &json!({})).await;
        refused.faults(&["base_url"]);
        assert!(!refused.text.contains("s3cret"));
        let created = json!({
            "name": "v", "provider": "openai", "protocols": ["openai_chat"], "base_url": wrong,
        });
        api.post("/api/admin/upstreams", &created)
            .await
            .faults(&["base_url"]);
    }
    assert!(api.tests.calls.lock().unwrap().is_empty());
}

#[tokio::test]
async fn what_is_not_there_is_not_tested() {
    let api = TestApi::new();
    api.post(NOBODY, &json!({})).await.problem(404, "not_found");
    let path = upstream(&api).await;
    api.store.shelves().failure = Some(Failure::Unavailable);
    api.post(&path, &json!({}))
        .await
        .problem(503, "database_unavailable");
}
