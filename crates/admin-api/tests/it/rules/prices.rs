use serde_json::{Value, json};
use tollgate_domain::HoldState;

use super::RulesApi;
use crate::price_releases::held_price;
use crate::test_api::TestApi;

const PATH: &str = "/api/admin/billing/prices";

fn models(body: &Value) -> Vec<&str> {
    let items = body["items"].as_array().unwrap().iter();
    items.map(|item| item["model"].as_str().unwrap()).collect()
}

async fn with_overrides() -> (RulesApi, String) {
    let api = RulesApi::new().await;
    let upstream = api.upstream("a", "openai").await;
    for body in [
        json!({"model": "gpt-4o", "input_usd_per_mtok": "2", "output_usd_per_mtok": "8", "confirm": true}),
        json!({"model": "gpt-4o", "upstream_id": upstream, "input_usd_per_mtok": "2", "output_usd_per_mtok": "8", "confirm": true}),
        json!({"model": "only-here", "upstream_id": upstream, "input_usd_per_mtok": "1"}),
        json!({"model": "house", "input_usd_per_mtok": "1"}),
    ] {
        api.created("/api/admin/billing/overrides", &body).await;
    }
    (api, upstream)
}

#[tokio::test]
async fn a_price_stands_beside_the_synced_one_it_overrides() {
    let (api, upstream) = with_overrides().await;
    let body = api
        .get(&format!("{PATH}?q=GPT-4O&provider=openai&overridden=true"))
        .await
        .json();
    assert_eq!(models(&body), ["gpt-4o"]);
    let price = &body["items"][0];
    assert_eq!(
        (
            &price["source"],
            &price["mode"],
            &price["max_input_tokens"],
            &price["max_output_tokens"]
        ),
        (&json!("manual"), &json!("chat"), &json!(128_000), &json!(16_384))
    );
    assert_eq!(price["effective"]["input_usd_per_mtok"], "2");
    let synced = &price["synced"];
    assert_eq!(
        (
            &synced["input_usd_per_mtok"],
            &synced["cache_read_usd_per_mtok"],
            &synced["tiers"]
        ),
        (&json!("2.5"), &json!("1.25"), &json!(["standard", "flex"]))
    );
    let overrides = price["overrides"].as_array().unwrap();
    assert_eq!(
        (&overrides[0]["upstream_id"], &overrides[1]["upstream_id"]),
        (&Value::Null, &json!(upstream))
    );
    let body = api.get(&format!("{PATH}?q=claude")).await.json();
    assert_eq!(
        body["items"][0]["effective"]["bands"],
        json!([{"above_tokens": 200_000, "input_usd_per_mtok": "6"}])
    );
    assert_eq!(
        body["items"][0]["effective"]["cache_write_5m_usd_per_mtok"],
        "3.75"
    );
}

#[tokio::test]
async fn every_filter_narrows_the_list_and_wildcards_stand_for_themselves() {
    let (api, upstream) = with_overrides().await;
    let own = format!("upstream_id={upstream}");
    for (query, expected) in [
        ("q=%25", vec!["gpt-4o_mini%"]),
        ("q=4o_", vec!["gpt-4o_mini%"]),
        ("q=*", vec![]),
        ("provider=azure", vec!["azure/gpt-4o"]),
        ("mode=embedding", vec!["text-embedding-3-small"]),
        ("source=manual", vec!["gpt-4o", "house"]),
        ("source=litellm&overridden=true", vec![]),
        ("stale=true", vec!["azure/gpt-4o"]),
        ("unpriced=true", vec!["only-here"]),
        ("free=true", vec!["free-model"]),
        (own.as_str(), vec!["gpt-4o", "only-here"]),
    ] {
        let body = api.get(&format!("{PATH}?{query}")).await.json();
        assert_eq!(models(&body), expected, "{query}");
        assert_eq!(body["total"], expected.len(), "{query}");
    }
}

#[tokio::test]
async fn pages_join_by_cursor_and_by_number() {
    let (api, _) = with_overrides().await;
    let all = api.get(PATH).await.json();
    let all = models(&all)
        .into_iter()
        .map(ToOwned::to_owned)
        .collect::<Vec<_>>();
    assert_eq!(all.len(), 8);
    let (mut seen, mut query) = (Vec::new(), "?limit=3".to_owned());
    loop {
        let page = api.get(&format!("{PATH}{query}")).await.json();
        seen.extend(models(&page).into_iter().map(ToOwned::to_owned));
        match page["next_cursor"].as_str() {
            Some(cursor) => query = format!("?limit=3&cursor={cursor}"),
            None => break,
        }
    }
    assert_eq!(seen, all);
    let mut numbered = Vec::new();
    for page in 1..=3 {
        let body = api.get(&format!("{PATH}?page={page}&page_size=3")).await.json();
        assert_eq!((&body["total"], &body["next_cursor"]), (&json!(8), &Value::Null));
        numbered.extend(models(&body).into_iter().map(ToOwned::to_owned));
    }
    assert_eq!(numbered, all);
    assert_eq!(
        api.get(&format!("{PATH}?page=4&page_size=3")).await.json()["items"],
        json!([])
    );
}

#[tokio::test]
async fn every_fault_of_the_query_is_named() {
    let api = RulesApi::new().await;
    api.get(&format!(
        "{PATH}?q=&source=openai&stale=1&held=yes&upstream_id=x&limit=201&page=0&page_size=0&colour=red"
    ))
    .await
    .faults(&[
        "q",
        "source",
        "stale",
        "held",
        "upstream_id",
        "limit",
        "page",
        "page_size",
        "colour",
    ]);
    api.get(&format!("{PATH}?page=1&limit=5")).await.faults(&["page"]);
    api.get(&format!("{PATH}?page_size=5"))
        .await
        .faults(&["page_size"]);
    api.get(&format!("{PATH}?cursor=x")).await.faults(&["cursor"]);
}

#[tokio::test]
async fn a_price_that_waits_for_a_decision_is_shown_and_found() {
    let api = TestApi::new();
    let waiting = held_price("acme/new", HoldState::Held);
    let release = waiting.release_id.to_string();
    api.store.shelves().held = vec![waiting, held_price("acme/old", HoldState::Rejected)];
    let body = api.get(&format!("{PATH}?held=true")).await.json();
    assert_eq!(models(&body), ["acme/new"]);
    assert_eq!(
        (
            &body["items"][0]["held"]["release_id"],
            &body["items"][0]["held"]["reason"]
        ),
        (&json!(release), &json!("factor"))
    );
    assert_eq!(body["items"][0]["effective"], Value::Null);
    assert_eq!(api.get(&format!("{PATH}?held=false")).await.json()["total"], 0);
    let api = RulesApi::new().await;
    assert_eq!(api.get(&format!("{PATH}?held=true")).await.json()["total"], 0);
    let all = api.get(&format!("{PATH}?held=false")).await.json();
    assert_eq!(
        (&all["total"], &all["items"][0]["held"]),
        (&json!(6), &Value::Null)
    );
}
