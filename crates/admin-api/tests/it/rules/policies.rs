use serde_json::{Value, json};

use super::RulesApi;
use crate::build::new_upstream;

#[tokio::test]
async fn whether_missing_usage_is_estimated_is_said_by_each_upstream() {
    let api = RulesApi::new().await;
    let mut body = new_upstream("a");
    let (path, upstream) = api.created("/api/admin/upstreams", &body).await;
    assert_eq!(upstream["estimate_missing_usage"], Value::Null);
    for value in [json!(true), json!(false), Value::Null] {
        let changed = api
            .patch(&path, &json!({"estimate_missing_usage": value}))
            .await
            .json();
        assert_eq!(changed["estimate_missing_usage"], value);
        let kept = api.patch(&path, &json!({"priority": 1})).await.json();
        assert_eq!(kept["estimate_missing_usage"], value);
    }
    api.patch(&path, &json!({"estimate_missing_usage": "yes"}))
        .await
        .faults(&["estimate_missing_usage"]);
    body["name"] = json!("b");
    body["estimate_missing_usage"] = json!(true);
    let (_, upstream) = api.created("/api/admin/upstreams", &body).await;
    assert_eq!(upstream["estimate_missing_usage"], true);
}

#[tokio::test]
async fn what_happens_without_a_price_is_said_by_upstream_and_key() {
    let api = RulesApi::new().await;
    let mut body = new_upstream("a");
    body["on_unpriced"] = json!("refuse");
    body["price_modifiers"] = json!(["regional_processing_eu"]);
    let (path, upstream) = api.created("/api/admin/upstreams", &body).await;
    assert_eq!(
        (&upstream["on_unpriced"], &upstream["price_modifiers"]),
        (&json!("refuse"), &json!(["regional_processing_eu"]))
    );
    let cleared = api
        .patch(&path, &json!({"on_unpriced": null, "price_modifiers": []}))
        .await
        .json();
    assert_eq!(
        (&cleared["on_unpriced"], &cleared["price_modifiers"]),
        (&Value::Null, &json!([]))
    );
    let twice = json!({"price_modifiers": ["a", "a", ""], "on_unpriced": "drop"});
    api.patch(&path, &twice).await.faults(&["on_unpriced"]);
    api.patch(&path, &json!({"price_modifiers": ["a", "a", ""]}))
        .await
        .faults(&["price_modifiers[1]", "price_modifiers[2]"]);
    let many: Vec<String> = (0..21).map(|n| format!("m{n}")).collect();
    api.patch(&path, &json!({"price_modifiers": many}))
        .await
        .faults(&["price_modifiers"]);

    let (path, key) = api
        .created("/api/admin/keys", &json!({"name": "k", "on_unpriced": "serve"}))
        .await;
    assert_eq!(key["key"]["on_unpriced"], "serve");
    assert_eq!(
        api.patch(&path, &json!({"enabled": true})).await.json()["on_unpriced"],
        "serve"
    );
    assert_eq!(
        api.patch(&path, &json!({"on_unpriced": null})).await.json()["on_unpriced"],
        Value::Null
    );
}
