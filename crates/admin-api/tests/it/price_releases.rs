use std::sync::Arc;

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};
use tollgate_domain::ports::{Activated, Decided, ModelChange};
use tollgate_domain::{
    HeldPrice, HoldCounts, HoldReason, HoldState, ModelLimits, ModelName, NewHold, PriceRelease,
    PriceVersion, PricedModel, ProviderName, RateCard, ReleaseCounts, ReleaseId, ReleaseOrigin, ReleaseState,
    RunTrigger,
};
use uuid::Uuid;

use crate::test_api::{TestApi, now};

const RELEASES: &str = "/api/admin/billing/prices/releases";

pub(crate) fn release_id(n: u128) -> ReleaseId {
    ReleaseId::new(Uuid::from_u128(0xB000 + n))
}

/// A sync that held one price.
pub(crate) fn release(n: u128) -> PriceRelease {
    PriceRelease {
        id: release_id(n),
        origin: ReleaseOrigin::Synced,
        trigger: RunTrigger::Manual,
        author: "ada".to_owned(),
        state: ReleaseState::Partial,
        started_at: now(),
        finished_at: Some(now()),
        url: Some("https://prices.example.com/map.json".to_owned()),
        content_hash: Some("abc".to_owned()),
        models: Some(4242),
        counts: ReleaseCounts {
            changed: 12,
            held: 1,
            ..ReleaseCounts::default()
        },
        unknown_fields: vec!["x_cost".to_owned()],
        reason: Some("1 price waits for a decision, the old one serves".to_owned()),
        alarm: None,
        version: Some(PriceVersion::new(12)),
        holds: HoldCounts {
            held: 1,
            ..HoldCounts::default()
        },
        current: true,
    }
}

pub(crate) fn card(usd: &str) -> Arc<RateCard> {
    let json = format!(r#"{{"rates": [{{"meter": "input", "tier": "flex", "usd_per_million": "{usd}"}}]}}"#);
    Arc::new(serde_json::from_str(&json).unwrap())
}

pub(crate) fn priced(name: &str, usd: &str) -> (PricedModel, Arc<RateCard>) {
    let card = card(usd);
    let row = PricedModel {
        name: ModelName::new(name),
        card_id: card.id(),
        provider: Some(ProviderName::new("acme")),
        mode: Some("chat".to_owned()),
        stale: false,
        limits: ModelLimits::default(),
    };
    (row, card)
}

/// A price that the first release held.
pub(crate) fn held_price(name: &str, state: HoldState) -> HeldPrice {
    HeldPrice {
        release_id: release_id(1),
        hold: NewHold {
            model: ModelName::new(name),
            card_id: Some(card("10").id()),
            provider: None,
            mode: None,
            limits: ModelLimits::default(),
            current_card_id: Some(card("2.5").id()),
            reason: HoldReason::Factor,
            detail: "input (tier flex): 2.5 -> 10 USD per million tokens (x4)".to_owned(),
        },
        state,
        decided_at: None,
        decided_by: None,
    }
}

fn change(name: &str, before: Option<&str>, after: Option<&str>) -> ModelChange {
    ModelChange {
        model: ModelName::new(name),
        before: before.map(|usd| priced(name, usd)),
        after: after.map(|usd| priced(name, usd)),
        held: None,
    }
}

fn api_with(releases: u128) -> TestApi {
    let api = TestApi::new();
    api.store.shelves().releases = (1..=releases).map(release).collect();
    api
}

async fn without_token(api: &TestApi, method: &str, path: &str) {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .body(Body::empty())
        .unwrap();
    api.send(request).await.problem(401, "unauthenticated");
}

#[tokio::test]
async fn releases_are_listed_newest_first_page_by_page() {
    let api = api_with(3);
    let first = api.get(&format!("{RELEASES}?limit=2")).await.json();
    let ids = |page: &Value| -> Vec<String> {
        let items = page["items"].as_array().unwrap();
        items
            .iter()
            .map(|item| item["id"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(
        ids(&first),
        [release_id(3).to_string(), release_id(2).to_string()]
    );
    let cursor = first["next_cursor"].as_str().unwrap();
    let rest = api
        .get(&format!("{RELEASES}?limit=2&cursor={cursor}"))
        .await
        .json();
    assert_eq!(ids(&rest), [release_id(1).to_string()]);
    assert_eq!(rest["next_cursor"], Value::Null);
    api.get(&format!("{RELEASES}?limit=0&page=2&cursor=x"))
        .await
        .faults(&["cursor", "limit", "page"]);
    without_token(&api, "GET", RELEASES).await;
}

#[tokio::test]
async fn a_release_shows_its_outcome_and_what_waits() {
    let api = api_with(1);
    let answer = api.get(&format!("{RELEASES}/{}", release_id(1))).await;
    assert_eq!(answer.status, 200);
    insta::assert_json_snapshot!(answer.json());
    api.get(&format!("{RELEASES}/{}", release_id(2)))
        .await
        .problem(404, "not_found");
    api.get(&format!("{RELEASES}/x")).await.problem(404, "not_found");
    without_token(&api, "GET", &format!("{RELEASES}/{}", release_id(1))).await;
}

#[tokio::test]
async fn a_diff_names_each_rate_from_old_to_new_with_its_unit() {
    let api = api_with(1);
    {
        let mut shelves = api.store.shelves();
        let mut held = change("acme/held", Some("2.5"), Some("10"));
        held.held = Some(held_price("acme/held", HoldState::Held));
        let mut removed = change("acme/removed", Some("1"), Some("1"));
        if let Some((row, _)) = &mut removed.after {
            row.stale = true;
        }
        shelves.changes = vec![
            change("acme/changed", Some("1"), Some("1.5")),
            held,
            change("acme/new", None, Some("3")),
            removed,
        ];
    }
    let path = format!("{RELEASES}/{}/diff", release_id(1));
    let diff = api.get(&path).await.json();
    insta::assert_json_snapshot!(diff);
    let page = api.get(&format!("{path}?limit=3")).await.json();
    assert_eq!(page["items"].as_array().unwrap().len(), 3);
    let cursor = page["next_cursor"].as_str().unwrap();
    let last = api.get(&format!("{path}?cursor={cursor}")).await.json();
    assert_eq!(last["items"][0]["model"], "acme/removed");
    api.get(&format!("{path}?limit=201")).await.faults(&["limit"]);
    api.get(&format!("{RELEASES}/{}/diff", release_id(2)))
        .await
        .problem(404, "not_found");
    without_token(&api, "GET", &path).await;
}

#[tokio::test]
async fn held_prices_are_accepted_and_rejected() {
    let api = api_with(1);
    for (verb, accept) in [("accept", true), ("reject", false)] {
        let path = format!("{RELEASES}/{}/{verb}", release_id(1));
        let version = accept.then(|| PriceVersion::new(13));
        let models = vec![ModelName::new("b"), ModelName::new("a")];
        api.store.shelves().decided = Some(Decided::Done { version, models });
        let done = api.post(&path, &json!({"models": ["a", "b", "a"]})).await;
        assert_eq!(done.status, 200, "{}", done.text);
        let done = done.json();
        assert_eq!(done["models"], json!(["a", "b"]));
        assert_eq!(
            done["price_version"],
            if accept { json!(13) } else { Value::Null }
        );
        assert_eq!(done["release"]["id"], release_id(1).to_string());
        api.post(&path, &json!({"all": true})).await;
        let asked = std::mem::take(&mut api.store.shelves().asked_decisions);
        let both = Some(vec![ModelName::new("a"), ModelName::new("b")]);
        assert_eq!(
            asked,
            [(release_id(1), both, accept), (release_id(1), None, accept)]
        );

        for (body, fields) in [
            (json!({}), &["models"][..]),
            (json!({"all": false}), &["models"]),
            (json!({"models": ["a"], "all": true}), &["all"]),
            (json!({"models": []}), &["models"]),
            (json!({"models": ["a", " b"]}), &["models[1]"]),
            (json!({"models": null}), &["models"]),
            (json!({"model": "a"}), &["model"]),
        ] {
            api.post(&path, &body).await.faults(fields);
        }
        api.store.shelves().decided = Some(Decided::NotHeld(vec![ModelName::new("zeta")]));
        let faults = api
            .post(&path, &json!({"models": ["zeta"]}))
            .await
            .faults(&["models"]);
        assert!(faults[0].contains("zeta"), "{faults:?}");
        api.store.shelves().decided = Some(Decided::NothingHeld);
        api.post(&path, &json!({"all": true}))
            .await
            .problem(409, "nothing_held");
        api.store.shelves().decided = None;
        api.post(&path, &json!({"all": true}))
            .await
            .problem(404, "not_found");
        without_token(&api, "POST", &path).await;
        api.store.shelves().asked_decisions.clear();
    }
    // Twice for what was accepted; rejecting changes no price.
    assert_eq!(api.refreshes(), 2);
    assert!(api.store.shelves().authors.iter().all(|author| author == "ada"));
}

#[tokio::test]
async fn an_earlier_release_is_made_current_again() {
    let api = api_with(1);
    let path = format!("{RELEASES}/{}/activate", release_id(1));
    let version = PriceVersion::new(15);
    api.store.shelves().activated = Some(Activated::Done {
        version,
        changed: 2,
        added: 0,
        removed: 1,
    });
    let done = api.post(&path, &json!({})).await.json();
    assert_eq!(
        (&done["price_version"], &done["changed"], &done["removed"]),
        (&json!(15), &json!(2), &json!(1))
    );
    assert_eq!(api.refreshes(), 1);
    for refused in [Activated::Already, Activated::NeverInForce] {
        api.store.shelves().activated = Some(refused);
        api.post(&path, &json!({})).await.problem(409, "not_activatable");
    }
    api.store.shelves().activated = None;
    api.post(&path, &json!({})).await.problem(404, "not_found");
    without_token(&api, "POST", &path).await;
}
