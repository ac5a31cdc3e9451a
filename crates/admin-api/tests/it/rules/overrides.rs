use axum::http::Method;
use serde_json::{Value, json};

use super::{RulesApi, attempt};
use crate::test_api::TestApi;

const PATH: &str = "/api/admin/billing/overrides";

fn contract() -> Value {
    json!({
        "model": "gpt-4o",
        "input_usd_per_mtok": "2",
        "output_usd_per_mtok": "8",
        "cache_read_usd_per_mtok": "1",
        "bands": [{"above_tokens": 128_000, "input_usd_per_mtok": "4"}],
        "rates": [
            {"meter": "input", "tier": "flex", "usd_per_mtok": "1"},
            {"meter": "output", "tier": "flex", "usd_per_mtok": "4"},
            {"meter": "web_search", "usd_per_call": "0.01"},
        ],
        "modifiers": {"fast": "2.5"},
        "note": "contract of November",
    })
}

#[tokio::test]
async fn a_new_override_prices_the_next_request_and_shows_all_it_was_given() {
    let api = RulesApi::new().await;
    let (path, body) = api.created(PATH, &contract()).await;
    let price = &body["override"];
    for field in [
        "input_usd_per_mtok",
        "output_usd_per_mtok",
        "cache_read_usd_per_mtok",
        "bands",
        "modifiers",
        "note",
    ] {
        assert_eq!(price[field], contract()[field], "{field}");
    }
    assert_eq!(price["rates"].as_array().unwrap().len(), 3);
    assert_eq!(
        (
            &price["author"],
            &price["apply_multipliers"],
            &price["upstream_id"],
            &price["valid_to"]
        ),
        (&json!("ada"), &json!(true), &Value::Null, &Value::Null)
    );
    assert_eq!(
        (&body["warnings"], &body["backdated"]),
        (&json!([]), &Value::Null)
    );
    let shown = api.get(&path).await;
    assert_eq!(shown.json(), *price);
    assert_eq!(shown.header("etag"), format!("\"{}\"", price["price_version"]));
    let asked = api
        .post(
            "/api/admin/billing/simulate",
            &json!({"model": "gpt-4o", "provider": "openai", "usage": {"input": 1_000_000}}),
        )
        .await
        .json();
    assert_eq!(
        asked["results"][0]["cost"], "4",
        "the band above 128,000 tokens applies"
    );
    assert_eq!(asked["results"][0]["pricing"]["rule"], "global_override");
    assert_eq!(asked["price_version"], price["price_version"]);
}

#[tokio::test]
async fn an_override_for_one_upstream_is_its_real_price_unless_it_says_otherwise() {
    let api = RulesApi::new().await;
    let upstream = api.upstream("reseller", "openai").await;
    let (_, body) = api
        .created(PATH, &json!({"model": "gpt-4o", "upstream_id": upstream, "input_usd_per_mtok": "2", "output_usd_per_mtok": "8", "confirm": true}))
        .await;
    assert_eq!(
        (
            &body["override"]["apply_multipliers"],
            &body["override"]["upstream_name"]
        ),
        (&json!(false), &json!("reseller"))
    );
    let told =
        json!({"model": "x", "upstream_id": upstream, "input_usd_per_mtok": "1", "apply_multipliers": true});
    let (_, body) = api.created(PATH, &told).await;
    assert_eq!(body["override"]["apply_multipliers"], true);
}

#[tokio::test]
async fn what_the_price_before_had_and_this_one_lacks_is_said() {
    let api = RulesApi::new().await;
    let body =
        json!({"model": "gpt-4o", "input_usd_per_mtok": "2", "output_usd_per_mtok": "8", "confirm": true});
    let (_, body) = api.created(PATH, &body).await;
    let warnings: Vec<&str> = body["warnings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|text| text.as_str().unwrap())
        .collect();
    assert_eq!(warnings.len(), 2, "{warnings:?}");
    assert!(warnings[0].contains("service tier flex"), "{warnings:?}");
    assert!(
        warnings[1].contains("no rate for cache_read, which was 1.25") && warnings[1].contains("input rate"),
        "{warnings:?}"
    );
}

#[tokio::test]
async fn every_bound_of_an_override_is_named_with_its_value() {
    let api = RulesApi::new().await;
    let faulty = json!({
        "model": "",
        "upstream_id": "00000000-0000-0000-0000-000000000099",
        "input_usd_per_mtok": "0.0000025",
        "output_usd_per_mtok": "20000",
        "cache_read_usd_per_mtok": "cheap",
        "cache_write_5m_usd_per_mtok": "-1",
        "cache_write_1h_usd_per_mtok": "0.00009",
        "bands": [{"above_tokens": 0}],
        "rates": [{"meter": "web_search", "usd_per_mtok": "10"}, {"meter": "wishes"}],
        "modifiers": {"fast": "101"},
        "note": "",
        "effective_from": "2026-11-05T08:00:01Z",
    });
    let messages = api.post(PATH, &faulty).await.faults(&[
        "model",
        "upstream_id",
        "input_usd_per_mtok",
        "output_usd_per_mtok",
        "cache_read_usd_per_mtok",
        "cache_write_5m_usd_per_mtok",
        "cache_write_1h_usd_per_mtok",
        "bands[0].above_tokens",
        "bands[0]",
        "rates[0].usd_per_mtok",
        "rates[1].meter",
        "modifiers.fast",
        "note",
        "effective_from",
    ]);
    assert!(
        messages[2].contains("0.0000025") && messages[2].contains("2.5 per million"),
        "{}",
        messages[2]
    );
    assert!(
        messages[3].contains("20000 is outside 0.0001..=10000"),
        "{}",
        messages[3]
    );
    assert!(messages[13].contains("future"), "{}", messages[13]);
    let none = api
        .post(PATH, &json!({"model": "x"}))
        .await
        .faults(&["input_usd_per_mtok"]);
    assert!(none[0].contains("at least one rate"), "{}", none[0]);
    api.post(PATH, &json!({"model": "x", "input_usd_per_token": "1"}))
        .await
        .faults(&["input_usd_per_token"]);
    api.post(PATH, &json!({"model": "x", "input_usd_per_mtok": 1}))
        .await
        .faults(&["input_usd_per_mtok"]);
    let long_ago = json!({"model": "x", "input_usd_per_mtok": "1", "effective_from": "2025-01-01T00:00:00Z"});
    api.post(PATH, &long_ago).await.faults(&["effective_from"]);
    assert_eq!(api.get(PATH).await.json()["items"], json!([]));
}

#[tokio::test]
async fn a_second_override_for_one_model_and_upstream_is_a_conflict_that_names_the_first() {
    let api = RulesApi::new().await;
    let upstream = api.upstream("a", "openai").await;
    let (path, _) = api.created(PATH, &contract()).await;
    let problem = api.post(PATH, &contract()).await.problem(409, "rule_exists");
    let id = path.rsplit('/').next().unwrap();
    assert!(problem["detail"].as_str().unwrap().contains(id), "{problem}");
    let mut elsewhere = contract();
    elsewhere["upstream_id"] = json!(upstream);
    api.created(PATH, &elsewhere).await;
    api.post(PATH, &elsewhere).await.problem(409, "rule_exists");
}

#[tokio::test]
async fn an_edit_is_another_version_and_a_stale_one_changes_nothing() {
    let api = RulesApi::new().await;
    let (path, body) = api.created(PATH, &contract()).await;
    let first = format!("\"{}\"", body["override"]["price_version"]);
    let edited = api
        .patch_if(
            &path,
            &first,
            &json!({"output_usd_per_mtok": "9", "cache_read_usd_per_mtok": null, "bands": [], "note": null}),
        )
        .await;
    assert_eq!(edited.status, 200, "{}", edited.text);
    let price = &edited.json()["override"];
    assert_eq!(
        (
            &price["input_usd_per_mtok"],
            &price["output_usd_per_mtok"],
            &price["cache_read_usd_per_mtok"]
        ),
        (&json!("2"), &json!("9"), &Value::Null)
    );
    assert_eq!((&price["bands"], &price["note"]), (&json!([]), &Value::Null));
    for stale in [first.as_str(), "\"x\""] {
        api.patch_if(&path, stale, &json!({"output_usd_per_mtok": "10"}))
            .await
            .problem(412, "stale");
        api.call(Method::DELETE, &path, &[("if-match", stale)], None)
            .await
            .problem(412, "stale");
    }
    assert_eq!(api.get(&path).await.json(), *price);
    api.patch(&path, &json!({"model": "other"}))
        .await
        .faults(&["model"]);
    api.patch(&path, &json!({"input_usd_per_mtok": "11000"}))
        .await
        .faults(&["input_usd_per_mtok"]);

    let history = api.get(&format!("{path}/history")).await.json();
    let versions = history["items"].as_array().unwrap();
    assert_eq!(versions.len(), 2);
    assert_eq!(versions[0], *price);
    assert_eq!(
        (&versions[1]["output_usd_per_mtok"], &versions[1]["ended_by"]),
        (&json!("8"), &json!("ada"))
    );
}

#[tokio::test]
async fn what_is_removed_is_gone_but_its_history_says_why() {
    let api = RulesApi::new().await;
    let (path, _) = api.created(PATH, &contract()).await;
    let removed = api
        .remove(&format!("{path}?note=contract%20ended&confirm=true"))
        .await;
    assert_eq!(removed.status, 204, "{}", removed.text);
    let nobody = format!("{PATH}/00000000-0000-0000-0000-000000000009");
    for path in [path.as_str(), &nobody, &format!("{PATH}/x")] {
        api.get(path).await.problem(404, "not_found");
        api.patch(path, &json!({"input_usd_per_mtok": "2"}))
            .await
            .problem(404, "not_found");
        api.delete(path).await.problem(404, "not_found");
    }
    api.get(&format!("{nobody}/history"))
        .await
        .problem(404, "not_found");
    let history = api.get(&format!("{path}/history")).await.json();
    assert_eq!(history["items"][0]["end_note"], "contract ended");
    api.remove(&format!("{path}?confirm=yes&colour=red"))
        .await
        .faults(&["confirm", "colour"]);
    api.created(PATH, &contract()).await;
}

#[tokio::test]
async fn the_list_is_by_model_filtered_and_pages_join() {
    let api = RulesApi::new().await;
    let upstream = api.upstream("a", "openai").await;
    for (model, upstream) in [
        ("b-model", None),
        ("A-model", None),
        ("a-model", Some(&upstream)),
        ("c", Some(&upstream)),
    ] {
        api.created(
            PATH,
            &json!({"model": model, "upstream_id": upstream, "input_usd_per_mtok": "1"}),
        )
        .await;
    }
    let models = |body: Value| -> Vec<String> {
        let items = body["items"].as_array().unwrap().iter();
        items
            .map(|item| item["model"].as_str().unwrap().to_owned())
            .collect()
    };
    let (mut seen, mut query) = (Vec::new(), "?limit=1".to_owned());
    loop {
        let page = api.get(&format!("{PATH}{query}")).await.json();
        seen.extend(models(page.clone()));
        match page["next_cursor"].as_str() {
            Some(cursor) => query = format!("?limit=1&cursor={cursor}"),
            None => break,
        }
    }
    assert_eq!(seen, ["A-model", "a-model", "b-model", "c"]);
    for (query, expected) in [
        ("q=MODEL".to_owned(), vec!["A-model", "a-model", "b-model"]),
        ("model=c".to_owned(), vec!["c"]),
        (format!("upstream_id={upstream}"), vec!["a-model", "c"]),
        ("scope=global".to_owned(), vec!["A-model", "b-model"]),
        ("scope=upstream&q=a-".to_owned(), vec!["a-model"]),
        ("author=bob".to_owned(), vec![]),
        (
            "author=ada&limit=200".to_owned(),
            vec!["A-model", "a-model", "b-model", "c"],
        ),
    ] {
        assert_eq!(
            models(api.get(&format!("{PATH}?{query}")).await.json()),
            expected,
            "{query}"
        );
    }
    api.get(&format!("{PATH}?limit=0&scope=all&upstream_id=x&page=1"))
        .await
        .faults(&["upstream_id", "scope", "limit", "page"]);
}

#[tokio::test]
async fn a_past_date_applies_now_and_counts_what_it_would_have_changed() {
    let api = RulesApi::new().await;
    let upstream = api.upstream("a", "openai").await;
    let other = api.upstream("b", "openai").await;
    api.traffic(vec![
        attempt(1, 60, &upstream, "gpt-4o"),
        attempt(2, 30, &upstream, "gpt-4o"),
        attempt(3, 20, &upstream, "text-embedding-3-small"),
        attempt(4, 10, &other, "gpt-4o"),
    ])
    .await;
    let mut body = contract();
    body["effective_from"] = json!("2026-11-03T08:00:00Z");
    let (_, answer) = api.created(PATH, &body).await;
    let backdated = &answer["backdated"];
    assert_eq!(
        (
            &backdated["entries"],
            &backdated["complete"],
            &backdated["effective_from"]
        ),
        (&json!(2), &json!(true), &json!("2026-11-03T08:00:00Z"))
    );
    assert_eq!(answer["override"]["valid_from"], "2026-11-05T08:00:00Z");
    let mut here = contract();
    here["upstream_id"] = json!(upstream);
    here["effective_from"] = json!("2026-11-01T08:00:00Z");
    let (_, answer) = api.created(PATH, &here).await;
    assert_eq!(
        answer["backdated"]["entries"], 2,
        "only the upstream's own entries"
    );
}

#[tokio::test]
async fn price_rules_want_a_token_and_survive_an_absent_database() {
    let api = TestApi::new();
    let paths = [
        "overrides",
        "overrides/00000000-0000-0000-0000-000000000009",
        "overrides/00000000-0000-0000-0000-000000000009/history",
        "aliases",
        "aliases/00000000-0000-0000-0000-000000000009",
        "upstream-multipliers",
        "prices",
        "prices/unresolved",
    ];
    for path in paths {
        let path = format!("/api/admin/billing/{path}");
        let request = axum::http::Request::get(&path)
            .body(axum::body::Body::empty())
            .unwrap();
        api.send(request).await.problem(401, "unauthenticated");
    }
    for path in ["overrides", "overrides/reset", "aliases", "simulate"] {
        let request = axum::http::Request::post(format!("/api/admin/billing/{path}"));
        let request = request.body(axum::body::Body::empty()).unwrap();
        api.send(request).await.problem(401, "unauthenticated");
    }
    api.store.shelves().failure = Some(crate::fake::Failure::Unavailable);
    for path in [
        "overrides",
        "aliases",
        "upstream-multipliers",
        "prices/unresolved",
    ] {
        let answer = api.get(&format!("/api/admin/billing/{path}")).await;
        answer.problem(503, "database_unavailable");
    }
}
