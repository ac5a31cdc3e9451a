use std::sync::Arc;

use serde_json::json;
use tollgate_domain::{LedgerEntry, ProviderName};

use super::RulesApi;

const PATH: &str = "/api/admin/billing/prices/stale/remove";

/// An attempt at an upstream of Azure.
fn attempt(number: u16, hours: i64, upstream: &str, model: &str) -> LedgerEntry {
    let mut entry = super::attempt(number, hours, upstream, model);
    let context = Arc::make_mut(&mut entry.attempt);
    Arc::make_mut(&mut context.upstream).provider = ProviderName::new("azure");
    entry
}

#[tokio::test]
async fn a_stale_model_that_was_used_is_removed_only_when_that_is_confirmed() {
    let api = RulesApi::new().await;
    let upstream = api.upstream("a", "azure").await;
    api.traffic(vec![
        attempt(1, 29 * 24, &upstream, "gpt-4o"),
        attempt(2, 31 * 24, &upstream, "gpt-4o"),
    ])
    .await;
    let body = json!({"models": ["azure/gpt-4o"]});
    let problem = api.post(PATH, &body).await.problem(409, "confirmation_required");
    let change = &problem["effect"]["changes"][0];
    assert_eq!(
        (&change["model"], &change["subject"], &change["upstream_name"]),
        (&json!("gpt-4o"), &json!("price"), &json!("openai-main"))
    );
    assert_eq!(
        problem["effect"]["traffic"]["attempts"], 1,
        "only the last 30 days count: {problem}"
    );
    assert!(api.get("/api/admin/billing/prices?stale=true").await.json()["total"] == 1);
    let answer = api.post(PATH, &json!({"all": true, "confirm": true})).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(answer.json()["models"], json!(["azure/gpt-4o"]));
    let left = api.get("/api/admin/billing/prices?stale=true").await.json();
    assert_eq!(left["total"], 0);
}

#[tokio::test]
async fn a_stale_model_nobody_used_lately_goes_without_a_question() {
    let api = RulesApi::new().await;
    let upstream = api.upstream("a", "azure").await;
    let other = api.upstream("b", "openai").await;
    api.traffic(vec![
        attempt(1, 31 * 24, &upstream, "gpt-4o"),
        attempt(2, 1, &other, "text-embedding-3-small"),
    ])
    .await;
    let answer = api.post(PATH, &json!({"models": ["azure/gpt-4o"]})).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    api.post(PATH, &json!({"all": true, "confirm": 1}))
        .await
        .faults(&["confirm"]);
}
