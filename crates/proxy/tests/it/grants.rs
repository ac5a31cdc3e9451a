//! Keys that may not use everything, and keys whose token was replaced.

use http::Request;
use http_body_util::Full;
use serde_json::json;
use tollgate_domain::{KeyGrants, ModelName, RetiringToken, TokenHash, UpstreamId};
use tollgate_testkit::Simulator;

use crate::support::{CLIENT_KEY, Client, Gateway, anthropic, chat, gemini, of};

fn models(patterns: &[&str]) -> Vec<ModelName> {
    patterns.iter().map(|pattern| ModelName::new(*pattern)).collect()
}

#[tokio::test]
async fn a_model_that_is_not_granted_is_refused_before_dispatch_in_the_callers_dialect() {
    let simulator = Simulator::start().await.unwrap();
    let gateway = Gateway::with_key(vec![of(&simulator, 0)], |key| {
        key.grants.models = Some(models(&["gpt-4o-mini*", "o3"]));
    })
    .await;
    let client = Client::of(&gateway);
    let cases = [
        (
            chat(&json!({"model": "gpt-5"})),
            "/error/code",
            "model_not_granted",
        ),
        (
            anthropic(&json!({"model": "claude-x"})),
            "/error/type",
            "permission_error",
        ),
        (gemini("generateContent"), "/error/status", "PERMISSION_DENIED"),
    ];
    for (request, pointer, expected) in cases {
        let answered = client.send(request).await;
        assert_eq!(answered.status, 403, "{}", answered.text());
        assert_eq!(answered.json().pointer(pointer).unwrap(), expected);
        assert_eq!(answered.header("x-tollgate-error"), Some("model_not_granted"));
        assert!(answered.text().contains("gpt-4o-mini*") && answered.text().contains("o3"));
    }
    assert_eq!(simulator.stats().received, 0);
    let answered = client.send(chat(&json!({"model": "gpt-4o-mini"}))).await;
    assert_eq!(answered.status, 200, "{}", answered.text());
    let books = gateway.finish().await;
    // Refusals are in the request log, and only what was sent is in the ledger.
    assert_eq!((books.logs().count(), books.entries.len()), (4, 1));
}

#[tokio::test]
async fn an_upstream_that_is_not_granted_is_neither_tried_nor_named() {
    let (granted, other) = (
        Simulator::start().await.unwrap(),
        Simulator::start().await.unwrap(),
    );
    let (mut first, mut second) = (of(&other, 0), of(&granted, 1));
    first.upstream.name = "the-other-one".to_owned();
    let rule = |model: &str| tollgate_domain::ModelRule {
        model: ModelName::new(model),
        send_as: None,
    };
    first.upstream.models = vec![rule("gpt-4o"), rule("gpt-secret")];
    second.upstream.models = vec![rule("gpt-4o")];
    let id = second.upstream.id;
    let gateway = Gateway::with_key(vec![first, second], move |key| {
        key.grants = KeyGrants {
            upstreams: Some(vec![id]),
            models: None,
        };
    })
    .await;
    let client = Client::of(&gateway);
    let answered = client.send(chat(&json!({"model": "gpt-4o"}))).await;
    assert_eq!(answered.status, 200);
    let refused = client.send(chat(&json!({"model": "gpt-secret"}))).await;
    assert_eq!(refused.status, 404);
    assert_eq!(refused.json()["error"]["code"], "model_not_found");
    assert!(!refused.text().contains("the-other-one"));
    assert_eq!((granted.stats().received, other.stats().received), (1, 0));
    let list = Request::get("/v1/models")
        .header("authorization", format!("Bearer {CLIENT_KEY}"))
        .body(Full::default())
        .unwrap();
    let listed = client.send(list).await;
    assert!(listed.text().contains("gpt-4o") && !listed.text().contains("gpt-secret"));
}

#[tokio::test]
async fn grants_hold_when_their_upstream_is_gone() {
    let simulator = Simulator::start().await.unwrap();
    let gateway = Gateway::with_key(vec![of(&simulator, 0)], |key| {
        key.grants.upstreams = Some(vec![UpstreamId::new(uuid::Uuid::from_u128(9_999))]);
    })
    .await;
    let answered = Client::of(&gateway).send(chat(&json!({"model": "gpt-4o"}))).await;
    assert_eq!(answered.status, 404);
    assert_eq!(simulator.stats().received, 0);
}

#[tokio::test]
async fn both_tokens_of_a_rotated_key_are_the_same_caller() {
    let simulator = Simulator::start().await.unwrap();
    let gateway = Gateway::with_key(vec![of(&simulator, 0)], |key| {
        key.token_hash = TokenHash::of("tg-the-new-token");
        key.retiring = Some(RetiringToken {
            token_hash: TokenHash::of(CLIENT_KEY),
            token_hint: String::new(),
            until: key.created_at + std::time::Duration::from_secs(1),
        });
    })
    .await;
    let client = Client::of(&gateway);
    let mut new = chat(&json!({"model": "gpt-4o"}));
    new.headers_mut()
        .insert("authorization", "Bearer tg-the-new-token".parse().unwrap());
    let old = chat(&json!({"model": "gpt-4o"}));
    for request in [new, old] {
        assert_eq!(client.send(request).await.status, 200);
    }
    let books = gateway.finish().await;
    let keys: Vec<_> = books.entries.iter().map(|entry| entry.attempt.key.id).collect();
    assert_eq!((keys.len(), keys[0]), (2, keys[1]));
}
