//! Keys of a running gateway: rotation, grants, what they did.

use std::time::Duration;

use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Setup, both};

async fn ask(setup: &Setup, token: &str, model: &str) -> (StatusCode, Value) {
    let body = json!({"model": model, "messages": [{"role": "user", "content": "hello"}]});
    let url = format!("{}/v1/chat/completions", setup.gateway.base_url());
    let answer = Client::new()
        .post(url)
        .bearer_auth(token)
        .json(&body)
        .send()
        .await
        .unwrap();
    (answer.status(), answer.json().await.unwrap())
}

async fn key_id(setup: &Setup) -> String {
    let keys = setup.admin.get("/keys?q=laptop").await;
    keys["items"][0]["id"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rotated_key_works_with_both_tokens_and_then_with_the_new_one_alone() {
    both(|backend| async {
        let mut setup = Setup::new(backend).await;
        let id = key_id(&setup).await;
        let rotate = |grace: i64| {
            let (admin, path) = (setup.admin.clone(), format!("/keys/{id}/rotate"));
            async move {
                let body = json!({"grace_seconds": grace});
                let (status, body) = admin.call(Method::POST, &path, Some(body)).await;
                assert_eq!(status, StatusCode::OK, "{body}");
                body["token"].as_str().unwrap().to_owned()
            }
        };
        let second = rotate(600).await;
        for token in [&setup.key, &second] {
            assert_eq!(ask(&setup, token, "gpt-4o-mini").await.0, StatusCode::OK);
        }
        let third = rotate(1).await;
        assert_eq!(
            ask(&setup, &setup.key, "gpt-4o-mini").await.0,
            StatusCode::UNAUTHORIZED
        );
        tokio::time::sleep(Duration::from_millis(1_100)).await;
        let (status, refusal) = ask(&setup, &second, "gpt-4o-mini").await;
        assert_eq!(status, StatusCode::UNAUTHORIZED);
        assert!(refusal.to_string().contains("replaced"), "{refusal}");
        // What was rotated stays so when the gateway starts again.
        setup.gateway.stop().await;
        setup.restart().await;
        assert_eq!(ask(&setup, &third, "gpt-4o-mini").await.0, StatusCode::OK);
        assert_eq!(
            ask(&setup, &second, "gpt-4o-mini").await.0,
            StatusCode::UNAUTHORIZED
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn grants_are_in_force_at_once_and_what_a_key_did_is_summed() {
    both(|backend| async {
        let setup = Setup::new(backend).await;
        let path = format!("/keys/{}", key_id(&setup).await);
        let grant = json!({"allowed_models": ["gpt-4o-mini"]});
        let (status, _) = setup.admin.call(Method::PATCH, &path, Some(grant)).await;
        assert_eq!(status, StatusCode::OK);
        let (status, refusal) = ask(&setup, &setup.key, "gpt-4o").await;
        assert_eq!(status, StatusCode::FORBIDDEN);
        assert_eq!(refusal["error"]["code"], "model_not_granted");
        assert_eq!(ask(&setup, &setup.key, "gpt-4o-mini").await.0, StatusCode::OK);
        let counted = async {
            loop {
                let key = setup.admin.get(&path).await;
                if key["activity"]["month"]["attempts"] == 1 && key["activity"]["last_used_at"].is_string() {
                    return key;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        let key = tokio::time::timeout(Duration::from_secs(30), counted)
            .await
            .unwrap();
        let receipt_cost =
            setup.admin.get("/request-logs?model=gpt-4o-mini").await["items"][0]["cost"].clone();
        assert_eq!(key["activity"]["today"]["cost"], receipt_cost);
        let upstreams = setup.admin.get("/upstreams?q=openai&activity=true").await;
        assert_eq!(upstreams["items"][0]["activity"]["month"]["cost"], receipt_cost);
    })
    .await;
}
