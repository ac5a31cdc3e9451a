use serde_json::{Value, json};
use tollgate_domain::{LedgerEntry, Meter, Usage};

use super::{RulesApi, attempt};

const PATH: &str = "/api/admin/billing/prices/unresolved";

fn models(body: &Value) -> Vec<&str> {
    let items = body["items"].as_array().unwrap().iter();
    items.map(|item| item["model"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_model_without_a_price_is_found_with_what_it_may_mean() {
    let api = RulesApi::new().await;
    let upstream = api.upstream("a", "openai").await;
    let other = api.upstream("b", "openai").await;
    api.traffic(vec![
        attempt(1, 30, &upstream, "openai/GPT-4o-2024-08-06"),
        attempt(2, 10, &other, "openai/GPT-4o-2024-08-06"),
        attempt(3, 20, &upstream, "gpt-4o"),
        attempt(4, 24 * 40, &upstream, "long-ago"),
    ])
    .await;
    let body = api.get(PATH).await.json();
    assert_eq!(models(&body), ["openai/GPT-4o-2024-08-06"]);
    let model = &body["items"][0];
    assert_eq!(
        (
            &model["occurrences"],
            &model["input_tokens"],
            &model["output_tokens"]
        ),
        (&json!(2), &json!(2000), &json!(2000))
    );
    assert_eq!(
        (
            &model["first_seen"],
            &model["last_seen"],
            &model["last_upstream_id"]
        ),
        (
            &json!("2026-11-04T02:00:00Z"),
            &json!("2026-11-04T22:00:00Z"),
            &json!(other)
        )
    );
    assert_eq!(
        (&model["resolved"], &model["has_override"]),
        (&json!(false), &json!(false))
    );
    assert!(
        model["problem"]
            .as_str()
            .unwrap()
            .contains("no price for openai/openai/GPT-4o-2024-08-06"),
        "{model}"
    );
    let first = &model["suggestions"][0];
    assert_eq!(
        (&first["target"], &first["differences"]),
        (
            &json!("gpt-4o"),
            &json!(["case", "prefix_removed", "date_suffix"])
        )
    );
    assert_eq!(first["price"]["input_usd_per_mtok"], "2.5");
    assert_eq!(model["suggestions"][1]["target"], "azure/gpt-4o");
    let far = api.get(&format!("{PATH}?from=2026-09-01T00:00:00Z")).await.json();
    assert_eq!(models(&far), ["long-ago", "openai/GPT-4o-2024-08-06"]);
}

#[tokio::test]
async fn what_has_a_price_by_now_is_left_out_unless_it_is_asked_for() {
    let api = RulesApi::new().await;
    let upstream = api.upstream("a", "openai").await;
    api.traffic(vec![
        attempt(1, 5, &upstream, "new-model"),
        attempt(2, 6, &upstream, "other"),
    ])
    .await;
    assert_eq!(models(&api.get(PATH).await.json()), ["new-model", "other"]);
    let price = json!({"model": "new-model", "input_usd_per_mtok": "2", "output_usd_per_mtok": "8"});
    api.created("/api/admin/billing/overrides", &price).await;
    assert_eq!(models(&api.get(PATH).await.json()), ["other"]);
    let body = api.get(&format!("{PATH}?include_resolved=true")).await.json();
    let resolved = &body["items"][0];
    assert_eq!(
        (
            &resolved["model"],
            &resolved["resolved"],
            &resolved["has_override"],
            &resolved["problem"]
        ),
        (&json!("new-model"), &json!(true), &json!(true), &Value::Null)
    );
    assert_eq!(resolved["suggestions"], json!([]));
    assert_eq!(body["items"][1]["resolved"], false);
}

#[tokio::test]
async fn a_card_that_lacks_a_counted_rate_leaves_the_model_unresolved() {
    let api = RulesApi::new().await;
    let upstream = api.upstream("a", "openai").await;
    let searching = LedgerEntry {
        usage: Some(
            Usage::new()
                .with(Meter::Input, 10)
                .unwrap()
                .with(Meter::Pages, 2)
                .unwrap(),
        ),
        ..attempt(1, 5, &upstream, "gpt-4o")
    };
    api.traffic(vec![searching]).await;
    let body = api.get(PATH).await.json();
    assert_eq!(models(&body), ["gpt-4o"]);
    assert!(
        body["items"][0]["problem"]
            .as_str()
            .unwrap()
            .contains("no rate for pages"),
        "{body}"
    );
    let price = json!({
        "model": "gpt-4o",
        "input_usd_per_mtok": "2.5",
        "output_usd_per_mtok": "10",
        "rates": [{"meter": "pages", "usd_per_page": "0.001"}],
        "confirm": true,
    });
    api.created("/api/admin/billing/overrides", &price).await;
    assert_eq!(models(&api.get(PATH).await.json()), Vec::<&str>::new());
}

#[tokio::test]
async fn pages_join_and_faults_of_the_query_are_named() {
    let api = RulesApi::new().await;
    let upstream = api.upstream("a", "openai").await;
    api.traffic(
        (1..=5)
            .map(|n| attempt(n, 1, &upstream, &format!("m{n}")))
            .collect(),
    )
    .await;
    let (mut seen, mut query) = (Vec::new(), "?limit=2".to_owned());
    loop {
        let page = api.get(&format!("{PATH}{query}")).await.json();
        seen.extend(models(&page).into_iter().map(ToOwned::to_owned));
        match page["next_cursor"].as_str() {
            Some(cursor) => query = format!("?limit=2&cursor={cursor}"),
            None => break,
        }
    }
    assert_eq!(seen, ["m1", "m2", "m3", "m4", "m5"]);
    api.get(&format!(
        "{PATH}?from=today&until=x&include_resolved=2&limit=0&model=x"
    ))
    .await
    .faults(&["from", "until", "include_resolved", "limit", "model"]);
    api.get(&format!(
        "{PATH}?from=2026-11-05T00:00:00Z&until=2026-11-04T00:00:00Z"
    ))
    .await
    .faults(&["from"]);
}
