//! What wants attention, on a real ledger with prices in force.

use std::sync::Arc;

use billing_core::PriceBook;
use serde_json::{Value, json};
use tollgate_domain::ports::{Begun, Finish, FinishedRun, NewRun, ReleaseStore};
use tollgate_domain::{
    Actor, CatalogWrite, HoldReason, JournalId, LedgerEntry, ModelLimits, ModelName, NewHold, RateCard,
    ReleaseCounts, ReleaseId, ReleaseState, RunTrigger, Validators,
};
use uuid::Uuid;

use super::api::{RulesApi, attempt};
use crate::build::new_upstream;
use crate::test_api::now;

const PATH: &str = "/api/admin/billing/attention";

fn card(price_of_input: &str) -> Arc<RateCard> {
    let map = format!(
        r#"{{"m": {{"input_cost_per_token": {price_of_input}, "output_cost_per_token": 1e-05, "mode": "chat"}}}}"#
    );
    let book = PriceBook::from_litellm_json(&map).unwrap();
    Arc::clone(book.synced().next().unwrap().card)
}

/// A sync that holds new prices of these models.
async fn held(api: &RulesApi, prices: &[(&str, Arc<RateCard>)]) -> ReleaseId {
    let id = ReleaseId::new(Uuid::from_u128((1_762_329_600_000 << 80) | (7 << 76) | (2 << 62)));
    let begun = api.store.begin_run(
        NewRun {
            id,
            trigger: RunTrigger::Manual,
            actor: Actor::system("test"),
            holder: JournalId::new(Uuid::from_u128(4)),
            lease_until: now() + chrono::TimeDelta::minutes(1),
        },
        now(),
    );
    let Begun::Yes(lease) = begun.await.unwrap() else {
        panic!("another run is under way")
    };
    let book = tollgate_admin_api::CurrentPrices::book(&*api.prices);
    let holds = prices.iter().map(|(model, card)| NewHold {
        model: ModelName::new(*model),
        card_id: Some(card.id()),
        provider: None,
        mode: Some("chat".to_owned()),
        limits: ModelLimits::default(),
        current_card_id: book.synced_card(model).map(RateCard::id),
        reason: HoldReason::Factor,
        detail: "input".to_owned(),
    });
    let run = FinishedRun {
        id,
        lease,
        next_due_at: now(),
        state: ReleaseState::Partial,
        reason: None,
        alarm: None,
        url: None,
        validators: Validators::default(),
        grammar: "g".to_owned(),
        content_hash: None,
        models: None,
        counts: ReleaseCounts::default(),
        unknown_fields: Vec::new(),
        base: Some(book.version()),
        write: Some(CatalogWrite {
            put: Vec::new(),
            cards: prices.iter().map(|(_, card)| Arc::clone(card)).collect(),
            holds: holds.collect(),
        }),
        still_held: Vec::new(),
    };
    let finish = api.store.finish_run(run, now()).await.unwrap();
    assert!(matches!(finish, Finish::Done(_)), "{finish:?}");
    id
}

async fn queue(api: &RulesApi, query: &str) -> Vec<Value> {
    let list = api.get(&format!("{PATH}?{query}")).await;
    assert_eq!(list.status, 200, "{}", list.text);
    list.json()["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_held_price_says_what_it_would_change_of_recent_traffic() {
    let api = RulesApi::new().await;
    let openai = api.upstream("openai-main", "openai").await;
    let mut traffic: Vec<LedgerEntry> = (1..=4).map(|n| attempt(n, 24, &openai, "gpt-4o")).collect();
    // What an override prices does not move with the catalog.
    let own = json!({"model": "claude-sonnet-4-5", "input_usd_per_mtok": "1", "output_usd_per_mtok": "1", "confirm": true});
    api.created("/api/admin/billing/overrides", &own).await;
    api.refresh_prices().await;
    traffic.push(attempt(5, 24, &openai, "claude-sonnet-4-5"));
    api.traffic(traffic).await;
    let prices = [
        ("gpt-4o", card("25e-06")),
        ("claude-sonnet-4-5", card("30e-06")),
        ("free-model", card("1e-06")),
    ];
    let release = held(&api, &prices).await;
    let items = queue(&api, "kind=held_price").await;
    assert_eq!(items.len(), 2, "{items:?}");
    let item = &items[0];
    assert_eq!(
        (&item["model_sent"], &item["count"]),
        (&json!("gpt-4o"), &json!(1))
    );
    // 4 x 1,000 input tokens, 22.5 USD per million dearer.
    assert_eq!(
        item["at_stake"],
        json!({"cost_low": "0.09", "cost_high": "0.09", "basis": "recent_traffic", "reason": null})
    );
    assert_eq!(
        (&item["input_tokens"], &item["output_tokens"]),
        (&json!(4_000), &json!(4_000))
    );
    assert_eq!(item["action"]["body"], json!({"models": ["gpt-4o"]}));
    let rest = &items[1];
    assert_eq!((&rest["model_sent"], &rest["count"]), (&Value::Null, &json!(2)));
    assert_eq!(rest["at_stake"]["cost_high"], json!("0"));
    assert_eq!(rest["release_id"], json!(release));
    // What is said of it stays with it, and what repairs it takes it out of the queue.
    let said = json!({"owner": "ada", "snoozed_until": "2026-11-06T08:00:00Z"});
    let path = format!("{PATH}/{}", item["id"].as_str().unwrap());
    assert_eq!(api.put(&path, &said).await.status, 200);
    assert_eq!(queue(&api, "kind=held_price").await.len(), 1);
    assert_eq!(
        queue(&api, "kind=held_price&snoozed=only&owner=ada").await[0]["id"],
        item["id"]
    );
    let (path, body) = (item["action"]["path"].as_str().unwrap(), &item["action"]["body"]);
    let accepted = api.post(path, body).await;
    assert_eq!(accepted.status, 200, "{}", accepted.text);
    assert_eq!(queue(&api, "kind=held_price&snoozed=include").await.len(), 1);
}

#[tokio::test]
async fn a_zero_multiplier_is_listed_before_anything_was_free_by_it() {
    let api = RulesApi::new().await;
    let mut body = new_upstream("gift");
    body["input_multiplier"] = json!("0");
    body["allow_free"] = json!(true);
    let (path, gift) = api.created("/api/admin/upstreams", &body).await;
    let items = queue(&api, "kind=zero_multiplier").await;
    assert_eq!(items.len(), 1);
    assert_eq!(
        (
            &items[0]["upstream_id"],
            &items[0]["count"],
            &items[0]["at_stake"]["cost_high"]
        ),
        (&gift["id"], &json!(0), &json!("0"))
    );
    let repair = items[0]["action"]["path"].as_str().unwrap();
    assert!(repair.ends_with(gift["id"].as_str().unwrap()), "{repair}");
    let said = format!("{PATH}/{}", items[0]["id"].as_str().unwrap());
    assert_eq!(api.put(&said, &json!({"note": "a gift"})).await.status, 200);
    let repaired = api
        .put(
            repair,
            &json!({"input_multiplier": "1", "output_multiplier": "1", "confirm": true}),
        )
        .await;
    assert_eq!(repaired.status, 200, "{}", repaired.text);
    assert!(queue(&api, "kind=zero_multiplier").await.is_empty());
    let of_models = json!({
        "model_multipliers": [{"pattern": "gpt-*", "input_multiplier": "1", "output_multiplier": "0", "allow_free": true}],
        "confirm": true,
    });
    let changed = api.patch(&path, &of_models).await;
    assert_eq!(changed.status, 200, "{}", changed.text);
    assert_eq!(queue(&api, "kind=zero_multiplier").await.len(), 1);
}
