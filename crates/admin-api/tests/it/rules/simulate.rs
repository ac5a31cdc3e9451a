use serde_json::{Value, json};

use super::RulesApi;

const PATH: &str = "/api/admin/billing/simulate";

#[tokio::test]
async fn a_simulation_is_the_receipt_with_the_winner_and_the_losers() {
    let api = RulesApi::new().await;
    let upstream = api.upstream("a", "openai").await;
    let body = json!({"model": "gpt-4o", "upstream_id": upstream, "input_usd_per_mtok": "2", "output_usd_per_mtok": "8", "confirm": true});
    api.created("/api/admin/billing/overrides", &body).await;
    let question = json!({
        "model": "gpt-4o",
        "upstream_id": upstream,
        "usage": {"input": 1000, "cache_read": 500, "output": 100},
    });
    let body = api.post(PATH, &question).await.json();
    let result = &body["results"][0];
    assert_eq!(body["results"].as_array().unwrap().len(), 1);
    assert_eq!(
        (
            &result["billing_status"],
            &result["cost"],
            &result["list_cost"],
            &result["charge"]
        ),
        (
            &json!("billed"),
            &json!("0.0038"),
            &json!("0.0038"),
            &json!("0.0038")
        )
    );
    assert_eq!(result["formula"], "0.002 + 0.001 + 0.0008 = 0.0038 USD");
    assert_eq!(
        result["lines"][1]["formula"],
        "500 cache_read tokens x 2 USD per million x 1 (input multiplier) = 0.001 USD"
    );
    assert_eq!(result["fallbacks"], json!(["cache_as_input"]));
    assert_eq!(result["pricing"]["rule"], "upstream_override");
    let candidates = result["candidates"].as_array().unwrap();
    let with_card: Vec<(&Value, &Value)> = candidates
        .iter()
        .filter(|candidate| !candidate["card_id"].is_null())
        .map(|candidate| (&candidate["rule"], &candidate["outcome"]))
        .collect();
    assert_eq!(
        with_card,
        [
            (&json!("upstream_override"), &json!("won")),
            (&json!("synced_card"), &json!("outranked")),
        ]
    );
}

#[tokio::test]
async fn without_an_upstream_every_one_that_serves_the_model_answers() {
    let api = RulesApi::new().await;
    let dear = api.upstream("dear", "openai").await;
    api.upstream("azure", "azure").await;
    let other = api.upstream("other", "openai").await;
    api.patch(
        &format!("/api/admin/upstreams/{dear}"),
        &json!({"input_multiplier": "2", "priority": 1}),
    )
    .await;
    let narrowed = json!({"models": [{"model": "claude-*"}], "priority": 2});
    api.patch(&format!("/api/admin/upstreams/{other}"), &narrowed)
        .await;
    let question = json!({"model": "gpt-4o", "usage": {"input": 1_000_000}});
    let body = api.post(PATH, &question).await.json();
    let shown: Vec<(&str, &str)> = body["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|result| {
            (
                result["upstream_name"].as_str().unwrap(),
                result["cost"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(shown, [("azure", "2.75"), ("dear", "5")]);
    let asked = json!({"model": "gpt-4o", "upstream_id": other, "usage": {"input": 1}});
    assert_eq!(
        api.post(PATH, &asked).await.json()["results"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[tokio::test]
async fn what_would_not_be_priced_says_why() {
    let api = RulesApi::new().await;
    let ask = |body: Value| {
        let api = &api;
        async move { api.post(PATH, &body).await.json()["results"][0].clone() }
    };
    let result = ask(json!({"model": "nobody", "provider": "openai", "usage": {"input": 1}})).await;
    assert_eq!(
        (&result["reason"], &result["cost"]),
        (&json!("price_not_found"), &Value::Null)
    );
    assert!(
        result["detail"].as_str().unwrap().contains("openai/nobody"),
        "{result}"
    );
    let result =
        ask(json!({"model": "gpt-4o", "provider": "openai", "usage": {"input": 1}, "tier": "turbo"})).await;
    assert!(result["detail"].as_str().unwrap().contains("turbo"), "{result}");
    assert!(
        result["candidates"]
            .as_array()
            .unwrap()
            .iter()
            .any(|candidate| candidate["outcome"] == "unusable")
    );
    let result = ask(json!({"model": "gpt-4o", "provider": "openai", "usage": {"pages": 1}})).await;
    assert!(
        result["detail"].as_str().unwrap().contains("no rate for pages"),
        "{result}"
    );
    let flex =
        ask(json!({"model": "gpt-4o", "provider": "openai", "usage": {"input": 1_000_000}, "tier": "flex"}))
            .await;
    assert_eq!(flex["cost"], "1.25");
    let served =
        json!({"model": "x", "model_served": "gpt-4o", "provider": "openai", "usage": {"input": 1_000_000}});
    assert_eq!(ask(served).await["pricing"]["name_role"], "served");
}

#[tokio::test]
async fn every_bound_of_a_question_is_named() {
    let api = RulesApi::new().await;
    let faulty = json!({
        "model": "",
        "model_served": "",
        "upstream_id": "00000000-0000-0000-0000-000000000009",
        "provider": "openai",
        "usage": {"input": (1_u64 << 40) + 1, "wishes": 3},
        "tier": "",
        "size": "",
        "quality": "x".repeat(65),
        "modifiers": vec!["m"; 21],
    });
    let messages = api.post(PATH, &faulty).await.faults(&[
        "model",
        "model_served",
        "tier",
        "size",
        "quality",
        "provider",
        "modifiers",
        "usage.input",
        "usage.wishes",
        "upstream_id",
    ]);
    assert!(messages[7].contains("2^40"), "{}", messages[7]);
    assert!(messages[8].contains("cache_read"), "{}", messages[8]);
    api.post(PATH, &json!({"model": "x"})).await.faults(&["body"]);
    api.post(PATH, &json!({"model": "x", "usage": {"input": -1}}))
        .await
        .faults(&["usage.input"]);
}
