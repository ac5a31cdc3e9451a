use serde_json::{Value, json};

use super::{RulesApi, attempt};

const PATH: &str = "/api/admin/billing/upstream-multipliers";

#[tokio::test]
async fn multipliers_are_the_upstreams_own_and_share_its_revision() {
    let api = RulesApi::new().await;
    let upstream = api.upstream("a", "openai").await;
    let path = format!("{PATH}/{upstream}");
    let body = json!({
        "input_multiplier": "0.9",
        "output_multiplier": "1.250001",
        "models": [
            {"pattern": "gpt-4o*", "input_multiplier": "0.5", "output_multiplier": "0.5"},
            {"pattern": "free", "input_multiplier": "0", "output_multiplier": "1", "allow_free": true},
        ],
        "note": "contract of November",
        "confirm": true,
    });
    let answer = api.put(&path, &body).await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("etag")),
        (200, "\"2\""),
        "{}",
        answer.text
    );
    let set = answer.json();
    assert_eq!(
        (&set["input_multiplier"], &set["output_multiplier"]),
        (&json!("0.9"), &json!("1.250001"))
    );
    assert_eq!(set["models"].as_array().unwrap().len(), 2);
    let shown = api.get(&format!("/api/admin/upstreams/{upstream}")).await;
    assert_eq!(shown.header("etag"), "\"2\"");
    assert_eq!(shown.json()["model_multipliers"], set["models"]);
    assert_eq!(api.get(PATH).await.json()["items"], json!([set]));

    let question = json!({"model": "gpt-4o", "upstream_id": upstream, "usage": {"input": 1_000_000}});
    let asked = api.post("/api/admin/billing/simulate", &question).await.json();
    assert_eq!(
        (&asked["results"][0]["cost"], &asked["results"][0]["list_cost"]),
        (&json!("1.25"), &json!("2.5"))
    );

    let history = api.get(&format!("{path}/history")).await.json();
    let [now, first] = history["items"].as_array().unwrap().as_slice() else {
        panic!("two versions: {history}");
    };
    assert_eq!(
        (&now["note"], &now["output_multiplier"], &now["valid_to"]),
        (&json!("contract of November"), &json!("1.250001"), &json!(null))
    );
    assert_eq!(now["models"], set["models"]);
    assert_eq!(
        (&first["note"], &first["output_multiplier"], &first["ended_by"]),
        (&json!(null), &json!("1"), &now["author"])
    );
    assert_eq!(first["valid_to"], now["valid_from"]);
    let nobody = format!("{PATH}/0198f0a0-0000-7000-8000-00000000ffff/history");
    api.get(&nobody).await.problem(404, "not_found");

    // One write path: who edits the upstream meanwhile wins.
    let edit = api
        .patch(&format!("/api/admin/upstreams/{upstream}"), &json!({"weight": 2}))
        .await;
    assert_eq!(edit.header("etag"), "\"3\"");
    let stale = api
        .call(
            axum::http::Method::PUT,
            &path,
            &[("if-match", "\"2\"")],
            Some(&body),
        )
        .await;
    stale.problem(412, "stale");
}

#[tokio::test]
async fn every_bound_of_multipliers_is_named_on_both_paths() {
    let api = RulesApi::new().await;
    let upstream = api.upstream("a", "openai").await;
    let path = format!("{PATH}/{upstream}");
    for (multiplier, part) in [
        ("100.000001", "outside 0..=100"),
        ("-0.1", "outside 0..=100"),
        ("0.1234567", "more than 6 decimals"),
        ("x", "not a decimal"),
        ("0", "allow_free"),
    ] {
        let body = json!({"input_multiplier": multiplier, "output_multiplier": "1"});
        let messages = api.put(&path, &body).await.faults(&["input_multiplier"]);
        assert!(messages[0].contains(part), "{}", messages[0]);
    }
    let set = |pattern: &str, input: &str| json!({"pattern": pattern, "input_multiplier": input, "output_multiplier": "1"});
    let models = json!([set("", "1"), set("a*b", "1"), set("c", "0"), set("c", "1")]);
    let body = json!({"input_multiplier": "1", "output_multiplier": "1", "models": models});
    api.put(&path, &body).await.faults(&[
        "models[0].pattern",
        "models[1].pattern",
        "models[2].input_multiplier",
        "models[3].pattern",
    ]);
    let upstream_path = format!("/api/admin/upstreams/{upstream}");
    api.patch(&upstream_path, &json!({"model_multipliers": models}))
        .await
        .faults(&[
            "model_multipliers[0].pattern",
            "model_multipliers[1].pattern",
            "model_multipliers[2].input_multiplier",
            "model_multipliers[3].pattern",
        ]);
    let body = json!({"input_multiplier": "1", "output_multiplier": "1", "note": "n".repeat(501)});
    api.put(&path, &body).await.faults(&["note"]);
    let many: Vec<Value> = (0..201).map(|n| set(&format!("m{n}"), "1")).collect();
    let body = json!({"input_multiplier": "1", "output_multiplier": "1", "models": many});
    api.put(&path, &body).await.faults(&["models"]);
    api.put(&path, &json!({"input_multiplier": "1"}))
        .await
        .faults(&["body"]);
    api.put(
        &format!("{PATH}/00000000-0000-0000-0000-000000000009"),
        &json!({"input_multiplier": "1", "output_multiplier": "1"}),
    )
    .await
    .problem(404, "not_found");
    api.get(&format!("{PATH}?limit=0&page=1"))
        .await
        .faults(&["limit", "page"]);
}

#[tokio::test]
async fn a_past_date_of_multipliers_counts_what_they_would_have_changed() {
    let api = RulesApi::new().await;
    let upstream = api.upstream("a", "openai").await;
    let other = api.upstream("b", "openai").await;
    let own_price = json!({"model": "text-embedding-3-small", "upstream_id": upstream, "input_usd_per_mtok": "0.02", "output_usd_per_mtok": "0.02"});
    api.created("/api/admin/billing/overrides", &own_price).await;
    api.traffic(vec![
        attempt(1, 60, &upstream, "gpt-4o"),
        attempt(2, 30, &upstream, "gpt-4o"),
        attempt(3, 20, &upstream, "text-embedding-3-small"),
        attempt(4, 10, &other, "gpt-4o"),
        attempt(5, 5, &upstream, "claude-sonnet-4-5"),
    ])
    .await;
    let path = format!("{PATH}/{upstream}");
    let mut body = json!({
        "input_multiplier": "0.9",
        "output_multiplier": "0.9",
        "models": [{"pattern": "claude*", "input_multiplier": "1", "output_multiplier": "1"}],
        "effective_from": "2026-11-03T08:00:00Z",
    });
    let set = api.put(&path, &body).await.json();
    assert_eq!(
        set["backdated"],
        json!({"effective_from": "2026-11-03T08:00:00Z", "entries": 1, "complete": true, "read_until": null}),
        "not what has a price of its own or other multipliers, and not what is older: {set}"
    );
    let history = api.get(&format!("{path}/history")).await.json();
    assert_eq!(history["items"][0]["effective_from"], "2026-11-03T08:00:00Z");
    assert_eq!(history["items"][1]["effective_from"], Value::Null);
    for wrong in ["2026-11-05T08:00:01Z", "2025-01-01T00:00:00Z"] {
        body["effective_from"] = json!(wrong);
        api.put(&path, &body).await.faults(&["effective_from"]);
    }
}
