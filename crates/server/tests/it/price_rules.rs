//! A model without a price, from the first unbilled request to the operator's own price and back.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tollgate_domain::{LedgerEntry, PriceRule, Verdict};

use crate::support::{Backend, Setup, both};

const MODEL: &str = "openai/GPT-4o";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unpriced_model_is_found_priced_explained_and_reset() {
    both(from_unbilled_to_reset).await;
}

async fn from_unbilled_to_reset(backend: Backend) {
    let setup = Setup::new(backend).await;
    let admin = &setup.admin;

    // Served, and nobody knows what it cost.
    let (status, request) = ask(&setup, &setup.key).await;
    assert_eq!(status, 200);
    let first = latest(&setup, 1).await;
    assert_eq!(first.verdict.reason(), Some("price_not_found"), "{request}");

    // It is found, with what it may mean and what that would cost.
    let unresolved = admin.get("/billing/prices/unresolved").await;
    let found = &unresolved["items"][0];
    assert_eq!(
        (&found["model"], &found["occurrences"]),
        (&json!(MODEL), &json!(1))
    );
    assert_eq!(
        (&found["last_upstream"], &found["resolved"]),
        (&json!("openai"), &json!(false))
    );
    let suggestion = &found["suggestions"][0];
    assert_eq!(
        (&suggestion["target"], &suggestion["differences"]),
        (&json!("gpt-4o"), &json!(["case", "prefix_removed"]))
    );
    assert_eq!(suggestion["price"]["input_usd_per_mtok"], "2.5");

    // A price of the operator's own, in force with the next request.
    let body =
        json!({"model": MODEL, "input_usd_per_mtok": "2", "output_usd_per_mtok": "8", "note": "contract"});
    let (status, created) = admin.call(Method::POST, "/billing/overrides", Some(body)).await;
    assert_eq!(status, StatusCode::CREATED, "{created}");
    let id = created["override"]["id"].as_str().unwrap().to_owned();
    let (_, request) = ask(&setup, &setup.key).await;
    let second = latest(&setup, 2).await;
    assert_eq!(second.verdict, Verdict::Billed);
    let pricing = second.pricing.as_ref().unwrap();
    assert_eq!(
        (pricing.rule, pricing.priced_as.as_str()),
        (PriceRule::GlobalOverride, MODEL)
    );
    assert_eq!(created["override"]["price_version"], json!(pricing.version));
    assert!(
        admin.get("/billing/prices/unresolved").await["items"]
            .as_array()
            .unwrap()
            .is_empty()
    );

    // The receipt names the rule that won and every place that lost.
    let receipt = admin.get(&format!("/billing/requests/{request}/receipt")).await;
    let entry = &receipt["attempts"][0]["entries"][0];
    assert_eq!(
        (&entry["pricing"]["rule"], &entry["pricing"]["priced_as"]),
        (&json!("global_override"), &json!(MODEL))
    );
    let candidates = entry["candidates"].as_array().unwrap();
    let outcome = |rule: &str, outcome: &str| {
        let mut of = candidates.iter().filter(|candidate| candidate["rule"] == rule);
        of.any(|candidate| candidate["outcome"] == outcome)
    };
    assert!(
        outcome("global_override", "won") && outcome("upstream_override", "no_price"),
        "{candidates:?}"
    );
    assert!(outcome("synced_card", "no_price"), "{candidates:?}");

    // Without its override the model has no price: that is said first, then done.
    let mut reset = json!({"override_ids": [id], "note": "contract ended"});
    let (status, refused) = admin
        .call(Method::POST, "/billing/overrides/reset", Some(reset.clone()))
        .await;
    assert_eq!(status, StatusCode::CONFLICT, "{refused}");
    assert_eq!(refused["effect"]["changes"][0]["reason"], "no_price");
    assert_eq!(
        refused["effect"]["traffic"]["requests"], 2,
        "both requests have this price now"
    );
    reset["confirm"] = json!(true);
    let (status, done) = admin
        .call(Method::POST, "/billing/overrides/reset", Some(reset))
        .await;
    assert_eq!(
        (status, &done["items"][0]["still_priced"]),
        (StatusCode::OK, &json!(false))
    );
    ask(&setup, &setup.key).await;
    assert_eq!(latest(&setup, 3).await.verdict.reason(), Some("price_not_found"));

    refusal_by_key(&setup).await;
}

/// A key may refuse what cannot be billed; the upstream never hears of it.
async fn refusal_by_key(setup: &Setup) {
    let admin = &setup.admin;
    let body = json!({"name": "strict", "on_unpriced": "refuse"});
    let (_, created) = admin.call(Method::POST, "/keys", Some(body)).await;
    let key = created["token"].as_str().unwrap();
    let heard = setup.simulator.requests().len();
    let (status, request) = ask(setup, key).await;
    assert_eq!(status, 400);
    assert_eq!(setup.simulator.requests().len(), heard);
    let mut log = Value::Null;
    for _ in 0..100 {
        let (status, body) = admin
            .call(Method::GET, &format!("/request-logs/{request}"), None)
            .await;
        if status == StatusCode::OK {
            log = body["request"].clone();
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(
        (&log["http_status"], &log["attempts"]),
        (&json!(400), &json!(0)),
        "{log}"
    );
    assert!(
        log["error"].as_str().unwrap().contains("no price is known"),
        "{log}"
    );
}

/// One request; its status and id.
async fn ask(setup: &Setup, key: &str) -> (u16, String) {
    let body = json!({"model": MODEL, "messages": [{"role": "user", "content": "hello"}]});
    let request = reqwest::Client::new()
        .post(format!("{}/v1/chat/completions", setup.gateway.base_url()))
        .bearer_auth(key)
        .json(&body);
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let id = response.headers()["x-tollgate-request-id"]
        .to_str()
        .unwrap()
        .to_owned();
    response.bytes().await.unwrap();
    (status, id)
}

/// The latest of the ledger's first `count` entries.
async fn latest(setup: &Setup, count: usize) -> LedgerEntry {
    let entries = setup.books().await.wait_for(count).await;
    entries.into_iter().next_back().unwrap().journaled.entry
}
