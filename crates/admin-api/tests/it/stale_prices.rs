use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};
use tollgate_domain::ports::{LetGo, StaleModel};
use tollgate_domain::{ModelName, PriceVersion};

use crate::price_releases::priced;
use crate::test_api::{TestApi, now};

const STALE: &str = "/api/admin/billing/prices/stale";

fn stale(name: &str) -> StaleModel {
    let (model, card) = priced(name, "2.5");
    StaleModel {
        model,
        card,
        since_version: PriceVersion::new(13),
        since: now(),
    }
}

#[tokio::test]
async fn stale_models_are_listed_with_their_last_price() {
    let api = TestApi::new();
    api.store.shelves().stale = vec![stale("acme/a"), stale("acme/b")];
    let page = api.get(&format!("{STALE}?limit=1")).await.json();
    assert_eq!(page["items"][0]["model"], "acme/a");
    assert_eq!(
        page["items"][0]["rates"],
        json!(["input (tier flex): 2.5 USD per million tokens"])
    );
    assert_eq!(page["items"][0]["since_price_version"], 13);
    let cursor = page["next_cursor"].as_str().unwrap();
    let rest = api.get(&format!("{STALE}?cursor={cursor}")).await.json();
    assert_eq!(
        (&rest["items"][0]["model"], &rest["next_cursor"]),
        (&json!("acme/b"), &Value::Null)
    );
    api.get(&format!("{STALE}?limit=x")).await.faults(&["limit"]);
    let request = Request::builder().uri(STALE).body(Body::empty()).unwrap();
    api.send(request).await.problem(401, "unauthenticated");
}

#[tokio::test]
async fn stale_models_are_let_go() {
    let api = TestApi::new();
    let path = format!("{STALE}/remove");
    let models = vec![ModelName::new("acme/a")];
    api.store.shelves().let_go = Some(LetGo::Done {
        version: PriceVersion::new(16),
        models: models.clone(),
    });
    let done = api.post(&path, &json!({"models": ["acme/a"]})).await.json();
    assert_eq!(done, json!({"models": ["acme/a"], "price_version": 16}));
    assert_eq!(
        (api.refreshes(), api.store.shelves().authors.as_slice()),
        (2, &["ada".to_owned()][..]),
        "once to look at what is in force, once to put the change there"
    );
    api.store.shelves().let_go = Some(LetGo::NotStale(models));
    let faults = api
        .post(&path, &json!({"models": ["acme/a"]}))
        .await
        .faults(&["models"]);
    assert_eq!(faults, ["not stale: acme/a"]);
    api.store.shelves().let_go = None;
    api.post(&path, &json!({"all": true}))
        .await
        .problem(409, "nothing_stale");
    api.post(&path, &json!({})).await.faults(&["models"]);
    let request = Request::builder()
        .method("POST")
        .uri(&path)
        .body(Body::empty())
        .unwrap();
    api.send(request).await.problem(401, "unauthenticated");
}
