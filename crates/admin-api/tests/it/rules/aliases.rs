use axum::http::Method;
use serde_json::{Value, json};

use super::{RulesApi, attempt};

const PATH: &str = "/api/admin/billing/aliases";

#[tokio::test]
async fn an_alias_prices_its_name_as_its_target_at_once() {
    let api = RulesApi::new().await;
    let question = json!({"model": "house-model", "provider": "openai", "usage": {"input": 1_000_000}});
    let before = api.post("/api/admin/billing/simulate", &question).await.json();
    assert_eq!(before["results"][0]["billing_status"], "unbilled");
    let body = json!({"alias": "house-model", "target": "gpt-4o", "note": "our name"});
    let (path, answer) = api.created(PATH, &body).await;
    assert_eq!(answer["warnings"], json!([]));
    let alias = &answer["alias"];
    assert_eq!(
        (
            &alias["alias"],
            &alias["target"],
            &alias["note"],
            &alias["author"]
        ),
        (
            &json!("house-model"),
            &json!("gpt-4o"),
            &json!("our name"),
            &json!("ada")
        )
    );
    assert_eq!(api.get(&path).await.json(), *alias);
    let after = api.post("/api/admin/billing/simulate", &question).await.json();
    let result = &after["results"][0];
    assert_eq!(
        (&result["cost"], &result["pricing"]["name_form"]),
        (&json!("2.5"), &json!("alias"))
    );
}

#[tokio::test]
async fn an_alias_of_itself_or_in_a_circle_is_refused() {
    let api = RulesApi::new().await;
    let upstream = api.upstream("a", "openai").await;
    api.post(PATH, &json!({"alias": "a", "target": "a"}))
        .await
        .faults(&["target"]);
    let (path, _) = api.created(PATH, &json!({"alias": "a", "target": "b"})).await;
    api.created(PATH, &json!({"alias": "b", "target": "c"})).await;
    let message = api
        .post(PATH, &json!({"alias": "c", "target": "a"}))
        .await
        .faults(&["target"]);
    assert!(message[0].contains("c -> a -> b -> c"), "{}", message[0]);
    let own = json!({"alias": "c", "target": "a", "upstream_id": upstream});
    api.post(PATH, &own).await.faults(&["target"]);
    api.patch(&path, &json!({"target": "a"}))
        .await
        .faults(&["target"]);
}

#[tokio::test]
async fn an_alias_that_does_nothing_says_why() {
    let api = RulesApi::new().await;
    let warning = |answer: &Value| answer["warnings"][0].as_str().unwrap().to_owned();
    let (_, answer) = api
        .created(PATH, &json!({"alias": "x", "target": "nobody"}))
        .await;
    assert!(
        warning(&answer).contains("\"nobody\" has no price yet"),
        "{answer}"
    );
    let (_, answer) = api.created(PATH, &json!({"alias": "y", "target": "x"})).await;
    assert!(
        answer["warnings"][1].as_str().unwrap().contains("alias itself"),
        "{answer}"
    );
    let (_, answer) = api
        .created(PATH, &json!({"alias": "gpt-4o", "target": "azure/gpt-4o"}))
        .await;
    assert!(warning(&answer).contains("price of its own"), "{answer}");
}

#[tokio::test]
async fn every_bound_of_an_alias_is_named() {
    let api = RulesApi::new().await;
    let faulty = json!({"alias": "", "target": " x", "upstream_id": "00000000-0000-0000-0000-000000000099", "note": "n".repeat(501)});
    api.post(PATH, &faulty)
        .await
        .faults(&["upstream_id", "alias", "target", "note"]);
    api.post(PATH, &json!({"alias": "x".repeat(257), "target": "gpt-4o"}))
        .await
        .faults(&["alias"]);
    api.post(PATH, &json!({"alias": "x"})).await.faults(&["body"]);
    api.post(PATH, &json!({"alias": "x", "target": "y", "price": "1"}))
        .await
        .faults(&["price"]);
    api.get(&format!("{PATH}?limit=201&upstream_id=1&colour=red"))
        .await
        .faults(&["upstream_id", "limit", "colour"]);
}

#[tokio::test]
async fn aliases_are_versioned_listed_and_removed_as_overrides_are() {
    let api = RulesApi::new().await;
    let upstream = api.upstream("a", "openai").await;
    let (path, answer) = api
        .created(PATH, &json!({"alias": "x", "target": "gpt-4o"}))
        .await;
    let first = format!("\"{}\"", answer["alias"]["price_version"]);
    api.post(PATH, &json!({"alias": "x", "target": "azure/gpt-4o"}))
        .await
        .problem(409, "rule_exists");
    api.created(
        PATH,
        &json!({"alias": "x", "target": "azure/gpt-4o", "upstream_id": upstream, "confirm": true}),
    )
    .await;
    let edited = api
        .patch_if(
            &path,
            &first,
            &json!({"target": "azure/gpt-4o", "note": "moved", "confirm": true}),
        )
        .await;
    assert_eq!(edited.status, 200, "{}", edited.text);
    api.patch_if(&path, &first, &json!({"target": "gpt-4o"}))
        .await
        .problem(412, "stale");
    api.call(Method::DELETE, &path, &[("if-match", &first)], None)
        .await
        .problem(412, "stale");
    let history = api.get(&format!("{path}/history")).await.json();
    assert_eq!(history["items"].as_array().unwrap().len(), 2);
    assert_eq!(history["items"][1]["target"], "gpt-4o");
    for (query, count) in [
        ("", 2),
        ("?q=X", 2),
        ("?target=azure/gpt-4o", 2),
        ("?target=gpt-4o", 0),
        ("?limit=1", 1),
    ] {
        let items = api.get(&format!("{PATH}{query}")).await.json()["items"]
            .as_array()
            .unwrap()
            .len();
        assert_eq!(items, count, "{query}");
    }
    let own = api.get(&format!("{PATH}?upstream_id={upstream}")).await.json();
    assert_eq!(own["items"][0]["upstream_name"], "a");
    assert_eq!(
        api.remove(&format!("{path}?confirm=true&note=gone")).await.status,
        204
    );
    for path in [path.as_str(), "/api/admin/billing/aliases/x"] {
        api.get(path).await.problem(404, "not_found");
        api.patch(path, &json!({"target": "gpt-4o"}))
            .await
            .problem(404, "not_found");
        api.delete(path).await.problem(404, "not_found");
    }
    let history = api.get(&format!("{path}/history")).await.json();
    assert_eq!(history["items"][0]["end_note"], "gone");
}

#[tokio::test]
async fn a_past_date_of_an_alias_counts_what_it_would_have_priced() {
    let api = RulesApi::new().await;
    let upstream = api.upstream("a", "openai").await;
    api.traffic(vec![
        attempt(1, 60, &upstream, "house"),
        attempt(2, 30, &upstream, "house"),
        attempt(3, 20, &upstream, "gpt-4o"),
    ])
    .await;
    let mut body = json!({"alias": "house", "target": "gpt-4o", "effective_from": "2026-11-03T08:00:00Z"});
    let (path, answer) = api.created(PATH, &body).await;
    assert_eq!(answer["backdated"]["entries"], 1, "{answer}");
    assert_eq!(answer["alias"]["effective_from"], "2026-11-03T08:00:00Z");
    assert_eq!(answer["alias"]["valid_from"], "2026-11-05T08:00:00Z");
    let moved = json!({"target": "gpt-4o_mini%", "effective_from": "2026-11-01T08:00:00Z", "confirm": true});
    let moved = api.patch(&path, &moved).await.json();
    assert_eq!(moved["backdated"]["entries"], 2, "{moved}");
    assert_eq!(
        api.get(&path).await.json()["effective_from"],
        "2026-11-01T08:00:00Z"
    );
    body["alias"] = json!("other");
    for wrong in ["2026-11-05T08:00:01Z", "2025-01-01T00:00:00Z"] {
        body["effective_from"] = json!(wrong);
        api.post(PATH, &body).await.faults(&["effective_from"]);
    }
    let (_, plain) = api
        .created(PATH, &json!({"alias": "plain", "target": "gpt-4o"}))
        .await;
    assert_eq!(plain["backdated"], serde_json::Value::Null);
}
