use axum::http::Method;
use serde_json::{Value, json};

use super::{RulesApi, attempt};
use crate::build::new_upstream;
use crate::test_api::TestApi;

const PATH: &str = "/api/admin/billing/overrides";

/// Three attempts of gpt-4o at one upstream, 1,000 tokens in and out each: 0.0025 + 0.01 USD.
async fn busy() -> (RulesApi, String) {
    let api = RulesApi::new().await;
    let upstream = api.upstream("busy", "openai").await;
    api.traffic(vec![
        attempt(1, 1, &upstream, "gpt-4o"),
        attempt(2, 100, &upstream, "gpt-4o"),
        attempt(3, 24 * 8, &upstream, "gpt-4o"),
        attempt(4, 2, &upstream, "text-embedding-3-small"),
    ])
    .await;
    (api, upstream)
}

fn prices(input: &str, output: &str) -> Value {
    json!({
        "model": "gpt-4o",
        "input_usd_per_mtok": input,
        "output_usd_per_mtok": output,
        "cache_read_usd_per_mtok": "1.25",
        "rates": [
            {"meter": "input", "tier": "flex", "usd_per_mtok": "1.25"},
            {"meter": "output", "tier": "flex", "usd_per_mtok": "5"},
        ],
    })
}

fn reasons(effect: &Value) -> Vec<(String, String)> {
    let changes = effect["changes"].as_array().unwrap().iter();
    let mut shown: Vec<_> = changes
        .map(|change| {
            let text = |field: &str| change[field].as_str().unwrap_or("-").to_owned();
            (
                format!("{} {} {}", text("meter"), text("before"), text("after")),
                text("reason"),
            )
        })
        .collect();
    shown.sort();
    shown.dedup();
    shown
}

#[tokio::test]
async fn a_price_beyond_the_factor_shows_its_effect_and_goes_through_when_confirmed() {
    let (api, upstream) = busy().await;
    let mut tenfold = prices("25", "30");
    let problem = api
        .post(PATH, &tenfold)
        .await
        .problem(409, "confirmation_required");
    let effect = &problem["effect"];
    assert_eq!(
        reasons(effect),
        [("input 2.5 25".to_owned(), "factor".to_owned())]
    );
    let traffic = &effect["traffic"];
    assert_eq!(
        (
            &traffic["requests"],
            &traffic["attempts"],
            &traffic["input_tokens"],
            &traffic["output_tokens"]
        ),
        (&json!(2), &json!(2), &json!(2000), &json!(2000))
    );
    assert_eq!(
        (&traffic["cost_before"], &traffic["cost_after"]),
        (&json!("0.025"), &json!("0.11"))
    );
    assert_eq!(
        (&traffic["from"], &traffic["complete"]),
        (&json!("2026-10-29T08:00:00Z"), &json!(true))
    );
    let groups = traffic["groups"].as_array().unwrap();
    assert_eq!(groups.len(), 1);
    assert_eq!(
        (&groups[0]["model"], &groups[0]["upstream_id"]),
        (&json!("gpt-4o"), &json!(upstream))
    );
    assert_eq!(groups[0]["cost_after"], "0.11");
    assert_eq!(api.get(PATH).await.json()["items"], json!([]), "nothing changed");

    tenfold["confirm"] = json!(true);
    let (path, body) = api.created(PATH, &tenfold).await;
    assert_eq!(body["override"]["input_usd_per_mtok"], "25");

    // Back within the factor of what is in force now: no question. Beyond it: a question again.
    let small = api.patch(&path, &json!({"input_usd_per_mtok": "10"})).await;
    assert_eq!(small.status, 200, "{}", small.text);
    api.patch(&path, &json!({"input_usd_per_mtok": "3"}))
        .await
        .problem(409, "confirmation_required");
    let confirmed = api
        .patch(&path, &json!({"input_usd_per_mtok": "3", "confirm": true}))
        .await;
    assert_eq!(confirmed.status, 200, "{}", confirmed.text);
}

#[tokio::test]
async fn exactly_the_factor_needs_no_confirmation() {
    let (api, _) = busy().await;
    api.created(PATH, &prices("7.5", "30")).await;
}

#[tokio::test]
async fn a_price_of_zero_and_a_lost_tier_need_a_confirmation() {
    let (api, _) = busy().await;
    let problem = api
        .post(PATH, &prices("0", "10"))
        .await
        .problem(409, "confirmation_required");
    assert_eq!(
        reasons(&problem["effect"]),
        [("input 2.5 0".to_owned(), "free".to_owned())]
    );
    let mut no_tier = prices("2.5", "10");
    no_tier["rates"] = json!([]);
    let problem = api
        .post(PATH, &no_tier)
        .await
        .problem(409, "confirmation_required");
    let lost = reasons(&problem["effect"]);
    assert!(
        lost.iter().all(|(_, reason)| reason == "no_price") && lost.len() == 3,
        "{lost:?}"
    );
}

#[tokio::test]
async fn a_price_for_a_model_that_had_none_needs_no_confirmation() {
    let (api, _) = busy().await;
    api.created(
        PATH,
        &json!({"model": "brand-new", "input_usd_per_mtok": "0", "output_usd_per_mtok": "900"}),
    )
    .await;
}

#[tokio::test]
async fn a_multiplier_beyond_the_factor_needs_a_confirmation_on_either_path() {
    let (api, upstream) = busy().await;
    let path = format!("/api/admin/billing/upstream-multipliers/{upstream}");
    let upstream_path = format!("/api/admin/upstreams/{upstream}");
    let mut body = json!({"input_multiplier": "4", "output_multiplier": "1"});
    let problem = api.put(&path, &body).await.problem(409, "confirmation_required");
    let change = &problem["effect"]["changes"][0];
    assert_eq!(
        (
            &change["subject"],
            &change["before"],
            &change["after"],
            &change["upstream_name"]
        ),
        (
            &json!("input_multiplier"),
            &json!("1"),
            &json!("4"),
            &json!("busy")
        )
    );
    let traffic = &problem["effect"]["traffic"];
    // All of the upstream's traffic of the week: 2 x (0.0025 + 0.01) and 1,000 embedding tokens, output unpriced.
    assert_eq!(
        (
            &traffic["attempts"],
            &traffic["cost_before"],
            &traffic["cost_after"]
        ),
        (&json!(2), &json!("0.025"), &json!("0.04"))
    );
    api.patch(&upstream_path, &json!({"input_multiplier": "4"}))
        .await
        .problem(409, "confirmation_required");
    assert_eq!(
        api.get(&upstream_path).await.json()["revision"],
        1,
        "nothing changed"
    );
    body["confirm"] = json!(true);
    assert_eq!(api.put(&path, &body).await.json()["input_multiplier"], "4");
    let free = json!({"input_multiplier": "0", "allow_free": true});
    let problem = api
        .patch(&upstream_path, &free)
        .await
        .problem(409, "confirmation_required");
    assert_eq!(problem["effect"]["changes"][0]["reason"], "free");
    let answer = api
        .patch(&upstream_path, &json!({"output_multiplier": "2.9"}))
        .await;
    assert_eq!(answer.status, 200, "{}", answer.text);
}

#[tokio::test]
async fn an_alias_that_takes_a_name_to_another_price_needs_a_confirmation() {
    let (api, _) = busy().await;
    let aliases = "/api/admin/billing/aliases";
    let (path, _) = api
        .created(aliases, &json!({"alias": "house", "target": "gpt-4o"}))
        .await;
    api.patch(&path, &json!({"target": "text-embedding-3-small"}))
        .await
        .problem(409, "confirmation_required");
    let problem = api.call(Method::DELETE, &path, &[], None).await;
    let problem = problem.problem(409, "confirmation_required");
    assert_eq!(problem["effect"]["changes"][0]["reason"], "no_price");
    assert_eq!(api.get(&path).await.json()["target"], "gpt-4o");
    assert_eq!(api.remove(&format!("{path}?confirm=true")).await.status, 204);
}

#[tokio::test]
async fn the_look_at_traffic_ends_at_100_000_entries_and_says_where() {
    let api = TestApi::new();
    let created = api.post("/api/admin/upstreams", &new_upstream("a")).await.json();
    let path = format!(
        "/api/admin/billing/upstream-multipliers/{}",
        created["id"].as_str().unwrap()
    );
    let body = json!({"input_multiplier": "10", "output_multiplier": "10"});
    for (entries, read, complete) in [(0, 0, true), (100_000, 100_000, true), (100_001, 100_000, false)] {
        api.store.shelves().traffic = entries;
        let problem = api.put(&path, &body).await.problem(409, "confirmation_required");
        let traffic = &problem["effect"]["traffic"];
        assert_eq!(
            (&traffic["entries_read"], &traffic["complete"]),
            (&json!(read), &json!(complete)),
            "{entries}"
        );
        assert_eq!(traffic["read_until"].is_string(), !complete, "{entries}");
    }
}
