use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::{MODEL, PriceMap, Synced, assert_outcome};
use crate::support::{Backend, both};

async fn post(synced: &Synced, path: &str, body: Value) -> Value {
    let (status, answer) = synced.admin().call(Method::POST, path, Some(body)).await;
    assert_eq!(status, StatusCode::OK, "{path}: {answer}");
    answer
}

fn id(release: &Value) -> &str {
    release["id"].as_str().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_price_times_a_thousand_is_held_until_somebody_decides_and_can_be_undone() {
    both(held).await;
}

async fn held(backend: Backend) {
    let synced = Synced::new(backend).await;
    synced.bill(1).await;
    // A unit jump, a factor on a model in use, a change that passes, and the same factor on one not in use.
    let map = PriceMap::bundled()
        .with("gpt-4o-mini", "input_cost_per_token", "1.5e-04")
        .with(MODEL, "input_cost_per_token", "1e-05")
        .with("gpt-5-mini", "input_cost_per_token", "3e-07")
        .with("gpt-5-nano", "input_cost_per_token", "2e-07");
    synced.serve(&map, "second");
    let release = synced.sync().await;
    assert_outcome(&release, "partial", "2 prices wait");
    assert_eq!(
        (&release["changed"], &release["held"], &release["waiting"]),
        (&json!(2), &json!(2), &json!(2))
    );
    assert_eq!(synced.overview().await["catalog"]["held"], 2);
    let releases = "/billing/prices/releases";
    let diff = synced
        .admin()
        .get(&format!("{releases}/{}/diff", id(&release)))
        .await;
    let reasons: Vec<(&str, &str)> = diff["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|item| item["held"].is_object())
        .map(|item| {
            (
                item["held"]["reason"].as_str().unwrap(),
                item["held"]["detail"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        reasons,
        [
            ("factor", "input: 2.5 -> 10 USD per million tokens (x4)"),
            ("unit_jump", "input: 0.15 -> 150 USD per million tokens (x1000)"),
        ]
    );
    assert_eq!(synced.bill(2).await.1, "2.5");
    // The next run of the same map holds the same two, not two more.
    let again = synced.sync().await;
    assert_outcome(&again, "unchanged", "");
    assert_eq!(synced.overview().await["catalog"]["held"], 2);

    let rejected = post(
        &synced,
        &format!("{releases}/{}/reject", id(&release)),
        json!({"models": ["gpt-4o-mini"]}),
    )
    .await;
    assert_eq!(
        (&rejected["price_version"], &rejected["release"]["rejected"]),
        (&Value::Null, &json!(1))
    );
    let accepted = post(
        &synced,
        &format!("{releases}/{}/accept", id(&release)),
        json!({"models": [MODEL]}),
    )
    .await;
    let (version, rate) = synced.bill(3).await;
    assert_eq!(
        (json!(version), rate.as_str()),
        (accepted["price_version"].clone(), "10")
    );
    let (status, _) = synced
        .admin()
        .call(
            Method::POST,
            &format!("{releases}/{}/accept", id(&release)),
            Some(json!({"all": true})),
        )
        .await;
    assert_eq!(status, StatusCode::CONFLICT);

    // Back to what came with the binary. The next sync does not bring the refused prices again.
    let all = synced.admin().get(releases).await;
    let first = all["items"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(first["origin"], "bundled");
    let back = post(&synced, &format!("{releases}/{}/activate", id(&first)), json!({})).await;
    assert_eq!(
        (&back["changed"], &back["release"]["current"]),
        (&json!(3), &json!(true))
    );
    assert_eq!(synced.bill(4).await.1, "2.5");
    let body = Some(json!({"force": true}));
    let (_, begun) = synced
        .admin()
        .call(Method::POST, "/billing/prices/sync", body)
        .await;
    let forced = super::finished(synced.admin(), id(&begun)).await;
    assert_outcome(&forced, "unchanged", "4 prices stay as they are");
    assert_eq!(forced["refused"], 4);
    assert_eq!(synced.bill(5).await.1, "2.5");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_whole_prefix_gone_raises_an_alarm_and_keeps_its_prices() {
    both(prefix_gone).await;
}

async fn prefix_gone(backend: Backend) {
    let synced = Synced::new(backend).await;
    let models = synced.overview().await["catalog"]["models"].as_u64().unwrap();
    let (map, entries) = PriceMap::bundled().without("fireworks_ai/");
    synced.serve(&map, "second");
    let release = synced.sync().await;
    assert_outcome(&release, "success", "");
    // Some entries of the map carry no price and are not in the catalog.
    let gone = release["removed"].as_u64().unwrap();
    assert!(gone > 300 && gone <= entries as u64, "{release}");
    let alarm = release["alarm"].as_str().unwrap();
    assert!(
        alarm.contains(&format!(
            "{gone} of {models} models are gone from the map, more than 5 %"
        )),
        "{alarm}"
    );
    assert!(
        alarm.contains("every model with the prefix fireworks_ai"),
        "{alarm}"
    );
    let catalog = synced.overview().await["catalog"].clone();
    assert_eq!(
        (catalog["models"].as_u64(), catalog["stale"].as_u64()),
        (Some(models), Some(gone))
    );

    let stale = synced.admin().get("/billing/prices/stale?limit=2").await;
    let name = stale["items"][0]["model"].as_str().unwrap().to_owned();
    assert!(name.starts_with("fireworks_ai/"), "{stale}");
    let removed = post(&synced, "/billing/prices/stale/remove", json!({"models": [name]})).await;
    assert_eq!(removed["models"], json!([name]));
    // What comes back is served fresh; what was let go is new again.
    synced.serve(&PriceMap::bundled(), "third");
    let back = synced.sync().await;
    assert_outcome(&back, "success", "");
    assert_eq!(back["added"].as_u64(), Some(gone));
    let catalog = synced.overview().await["catalog"].clone();
    assert_eq!(
        (catalog["models"].as_u64(), catalog["stale"].as_u64()),
        (Some(models), Some(0))
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_map_with_far_fewer_models_is_held_whole_and_can_be_accepted() {
    both(far_fewer).await;
}

async fn far_fewer(backend: Backend) {
    let synced = Synced::new(backend).await;
    let models = synced.overview().await["catalog"]["models"].as_u64().unwrap();
    let mut map = PriceMap::bundled().with(MODEL, "input_cost_per_token", "3e-06");
    for beginning in ["a", "b", "c", "d", "f", "v"] {
        (map, _) = map.without(beginning);
    }
    synced.serve(&map, "second");
    let release = synced.sync().await;
    assert_outcome(&release, "held", "fewer than 50 %");
    assert_eq!(
        (&release["price_version"], &release["current"]),
        (&Value::Null, &json!(false))
    );
    assert_eq!(synced.bill(1).await.1, "2.5");
    let accept = format!("/billing/prices/releases/{}/accept", id(&release));
    post(&synced, &accept, json!({"models": [MODEL]})).await;
    assert_eq!(synced.bill(2).await.1, "3");
    let done = post(&synced, &accept, json!({"all": true})).await;
    assert_eq!(
        (&done["release"]["waiting"], &done["release"]["current"]),
        (&json!(0), &json!(true))
    );
    let catalog = synced.overview().await["catalog"].clone();
    assert_eq!(catalog["models"].as_u64(), Some(models));
    assert!(catalog["stale"].as_u64().unwrap() > models / 2);
}
