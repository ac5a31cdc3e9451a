use serde_json::{Value, json};

use super::{RulesApi, attempt};

const PATH: &str = "/api/admin/billing/overrides";
const RESET: &str = "/api/admin/billing/overrides/reset";

#[tokio::test]
async fn resetting_many_gives_official_prices_back_in_one_version() {
    let api = RulesApi::new().await;
    let mut ids = Vec::new();
    for (model, input, output) in [("gpt-4o", "2", "9"), ("claude-sonnet-4-5", "3", "12")] {
        let body = json!({"model": model, "input_usd_per_mtok": input, "output_usd_per_mtok": output, "confirm": true});
        ids.push(api.created(PATH, &body).await.1["override"]["id"].clone());
    }
    let answer = api
        .post(
            RESET,
            &json!({"override_ids": ids, "note": "tidied up", "confirm": true}),
        )
        .await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let body = answer.json();
    let models: Vec<&Value> = body["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| &item["model"])
        .collect();
    assert_eq!(models, ["gpt-4o", "claude-sonnet-4-5"]);
    assert!(
        body["items"]
            .as_array()
            .unwrap()
            .iter()
            .all(|item| item["still_priced"] == true)
    );
    assert_eq!(api.get(PATH).await.json()["items"], json!([]));
    let history = api
        .get(&format!("{PATH}/{}/history", ids[0].as_str().unwrap()))
        .await
        .json();
    assert_eq!(history["items"][0]["end_note"], "tidied up");
    let prices = api.get("/api/admin/billing/prices?q=claude").await.json();
    assert_eq!(prices["price_version"], body["price_version"]);
    assert_eq!(prices["items"][0]["source"], "litellm");
}

#[tokio::test]
async fn models_that_would_lose_their_price_are_listed_with_their_traffic_and_need_a_confirmation() {
    let api = RulesApi::new().await;
    let upstream = api.upstream("a", "house").await;
    let body = json!({"model": "house-model", "input_usd_per_mtok": "2", "output_usd_per_mtok": "8"});
    let lone = api.created(PATH, &body).await.1["override"]["id"].clone();
    let body =
        json!({"model": "gpt-4o", "input_usd_per_mtok": "2.5", "output_usd_per_mtok": "10", "confirm": true});
    let backed = api.created(PATH, &body).await.1["override"]["id"].clone();
    api.traffic(vec![attempt(1, 5, &upstream, "house-model")]).await;
    let mut request = json!({"override_ids": [backed, lone]});
    let problem = api
        .post(RESET, &request)
        .await
        .problem(409, "confirmation_required");
    let effect = &problem["effect"];
    let losing: Vec<&Value> = effect["changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|change| &change["model"])
        .collect();
    assert!(
        !losing.is_empty() && losing.iter().all(|model| **model == "house-model"),
        "{losing:?}"
    );
    let traffic = &effect["traffic"];
    assert_eq!(
        (
            &traffic["unbilled_before"],
            &traffic["unbilled_after"],
            &traffic["cost_before"]
        ),
        (&json!(0), &json!(1), &json!("0.01"))
    );
    assert_eq!(
        api.get(PATH).await.json()["items"].as_array().unwrap().len(),
        2,
        "nothing changed"
    );
    request["confirm"] = json!(true);
    let body = api.post(RESET, &request).await.json();
    let priced: Vec<&Value> = body["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| &item["still_priced"])
        .collect();
    assert_eq!(priced, [true, false]);
}

#[tokio::test]
async fn every_fault_of_a_reset_is_named_and_nothing_is_reset() {
    let api = RulesApi::new().await;
    let body =
        json!({"model": "gpt-4o", "input_usd_per_mtok": "2.5", "output_usd_per_mtok": "10", "confirm": true});
    let id = api.created(PATH, &body).await.1["override"]["id"].clone();
    let nobody = "00000000-0000-0000-0000-000000000009";
    let messages = api
        .post(RESET, &json!({"override_ids": [id, id, nobody], "note": ""}))
        .await
        .faults(&["note", "override_ids[1]", "override_ids[2]"]);
    assert!(messages[2].contains(nobody), "{}", messages[2]);
    api.post(RESET, &json!({"override_ids": []}))
        .await
        .faults(&["override_ids"]);
    api.post(RESET, &json!({"override_ids": vec![nobody; 501]}))
        .await
        .faults(&["override_ids"]);
    api.post(RESET, &json!({"override_ids": ["x"]}))
        .await
        .faults(&["override_ids[0]"]);
    api.post(RESET, &json!({"models": ["gpt-4o"]}))
        .await
        .faults(&["models"]);
    assert_eq!(api.get(PATH).await.json()["items"].as_array().unwrap().len(), 1);
}
