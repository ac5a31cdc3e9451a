use serde_json::{Value, json};

use super::RulesApi;
use crate::build::new_upstream;

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
