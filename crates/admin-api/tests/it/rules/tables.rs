//! Overrides and aliases exported, edited and imported.

use axum::body::Body;
use axum::http::Request;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use serde_json::{Value, json};

use super::{RulesApi, attempt};
use crate::test_api::{ADMIN, Answer, TestApi};

const OVERRIDES: &str = "/api/admin/billing/overrides";
const ALIASES: &str = "/api/admin/billing/aliases";

async fn send_csv(api: &RulesApi, path: &str, text: impl Into<Body>) -> Answer {
    let request = Request::post(path)
        .header(AUTHORIZATION, format!("Bearer {ADMIN}"))
        .header(CONTENT_TYPE, "text/csv; charset=utf-8")
        .body(text.into());
    api.send(request.unwrap()).await
}

fn outcomes(report: &Value) -> Vec<&str> {
    let items = report["items"].as_array().unwrap().iter();
    items.map(|item| item["outcome"].as_str().unwrap()).collect()
}

/// Overrides and aliases of every shape; the upstream's id.
async fn filled() -> (RulesApi, String) {
    let api = RulesApi::new().await;
    let upstream = api.upstream("reseller", "openai").await;
    for body in [
        json!({
            "model": "house,\"1\"",
            "input_usd_per_mtok": "2",
            "output_usd_per_mtok": "8",
            "cache_read_usd_per_mtok": "0",
            "bands": [{"above_tokens": 128_000, "input_usd_per_mtok": "4"}],
            "rates": [{"meter": "web_search", "usd_per_call": "0.01"}],
            "modifiers": {"fast": "2.5"},
            "note": "=HYPERLINK(\"x\")",
        }),
        json!({"model": "@house", "upstream_id": upstream, "input_usd_per_mtok": "1", "note": "'quoted'"}),
    ] {
        api.created(OVERRIDES, &body).await;
    }
    for body in [
        json!({"alias": "-mini", "target": "gpt-4o", "note": "+1"}),
        json!({"alias": "mini", "target": "gpt-4o", "upstream_id": upstream}),
    ] {
        api.created(ALIASES, &body).await;
    }
    (api, upstream)
}

#[tokio::test]
async fn what_was_exported_is_imported_unchanged_and_into_an_empty_gateway_whole() {
    let (api, _) = filled().await;
    let empty = RulesApi::new().await;
    let there = empty.upstream("reseller", "openai").await;
    for path in [OVERRIDES, ALIASES] {
        let csv = api.get(&format!("{path}/export?format=csv")).await;
        assert_eq!(
            csv.header("content-type"),
            "text/csv; charset=utf-8; header=present"
        );
        assert!(csv.header("content-disposition").ends_with(".csv\""), "{path}");
        for cell in csv.text.split([',', '\n', '\r']) {
            let cell = cell.trim_start_matches('"');
            assert!(
                !cell.starts_with(['=', '+', '-', '@']),
                "a spreadsheet would run {cell:?}"
            );
        }
        let exported = api.get(&format!("{path}/export")).await;
        let import = format!("{path}/import?dry_run=false");
        for answer in [
            send_csv(&api, &import, csv.text.clone()).await,
            api.post(&import, &exported.json()).await,
        ] {
            assert_eq!(answer.status, 200, "{}", answer.text);
            let report = answer.json();
            assert_eq!(
                (&report["unchanged"], &report["price_version"]),
                (&json!(2), &Value::Null),
                "{report}"
            );
        }
        // Another gateway has another id for the upstream of that name.
        let rows = exported
            .text
            .replace("\"upstream_id\":\"", "\"upstream_id\":null,\"was\":\"");
        let mut rows: Value = serde_json::from_str(&rows).unwrap();
        for row in rows["items"].as_array_mut().unwrap() {
            row.as_object_mut().unwrap().remove("was");
        }
        let report = empty.post(&import, &rows).await.json();
        assert_eq!(outcomes(&report), ["created", "created"], "{report}");
        let again = empty.get(&format!("{path}/export?format=csv")).await.text;
        let own = api.get(&format!("{path}/export")).await.json()["items"][1]["upstream_id"].clone();
        let first = api.get(&format!("{path}/export")).await.json()["items"][0]["upstream_id"].clone();
        let own = own.as_str().or(first.as_str()).unwrap().to_owned();
        assert_eq!(again.replace(&there, &own), csv.text);
    }
}

#[tokio::test]
async fn a_dry_run_is_the_default_and_says_of_each_row_what_it_would_do() {
    let (api, upstream) = filled().await;
    let before = api.get(OVERRIDES).await.text;
    let csv = "model;upstream_name;input_usd_per_mtok;bands;rates;note\r\n\
               @house;reseller;1;;;'quoted'\r\n\
               '@house;reseller;2;;;\r\n\
               new;;0.5;;;\r\n\
               worse;;0.0000005;;;\r\n\
               worse-2;nobody;1;;;\r\n\
               worse-3;;1;\"[{\"\"above_tokens\"\":0,\"\"input_usd_per_mtok\"\":\"\"1\"\"}]\";{;\r\n\
               ;;1;;;\r\n\
               last;;1\r\n";
    let csv = csv.replacen("@house;reseller;1", "other;reseller;1", 1);
    let answer = send_csv(&api, &format!("{OVERRIDES}/import"), csv).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let report = answer.json();
    assert_eq!(
        outcomes(&report),
        [
            "created", "changed", "created", "refused", "refused", "refused", "refused", "refused"
        ],
        "{report}"
    );
    assert_eq!(
        (&report["dry_run"], &report["refused"]),
        (&json!(true), &json!(5))
    );
    let changed = &report["items"][1];
    assert_eq!(
        (
            &changed["row"],
            &changed["line"],
            &changed["name"],
            &changed["upstream_id"]
        ),
        (&json!(2), &json!(3), &json!("@house"), &json!(upstream))
    );
    let faults: Vec<(u64, &str, &Value)> = report["items"].as_array().unwrap()[3..]
        .iter()
        .flat_map(|item| {
            let row = item["row"].as_u64().unwrap();
            let faults = item["errors"].as_array().unwrap().iter();
            faults.map(move |fault| (row, fault["field"].as_str().unwrap(), &fault["value"]))
        })
        .collect();
    assert_eq!(
        faults,
        [
            (4, "input_usd_per_mtok", &json!("0.0000005")),
            (5, "upstream_name", &json!("nobody")),
            (6, "rates", &json!("{")),
            (7, "row", &Value::Null),
            (8, "row", &Value::Null),
        ]
    );
    let bound = report["items"][3]["errors"][0]["message"].as_str().unwrap();
    assert!(bound.contains("0.0001..=10000 USD per million tokens"), "{bound}");
    assert_eq!(api.get(OVERRIDES).await.text, before, "a dry run changes nothing");
}

#[tokio::test]
async fn an_import_is_one_version_or_nothing() {
    let (api, _) = filled().await;
    let before = api.get(OVERRIDES).await.text;
    let import = format!("{OVERRIDES}/import?dry_run=false");
    let mut table = json!({"items": [
        {"model": "new", "input_usd_per_mtok": "1"},
        {"model": "@house", "upstream_name": "reseller", "input_usd_per_mtok": "1.5"},
        {"model": "new", "input_usd_per_mtok": "2"},
        {"model": "bad", "input_usd_per_mtok": "2", "colour": "red"},
        {"model": "worse", "bands": [{"above_tokens": 0, "input_usd_per_mtok": "20000"}]},
    ]});
    api.post(&import, &table).await.faults(&[
        "rows[3]",
        "rows[4].colour",
        "rows[5].bands[0].above_tokens",
        "rows[5].bands[0].input_usd_per_mtok",
    ]);
    assert_eq!(api.get(OVERRIDES).await.text, before);
    table["items"].as_array_mut().unwrap().truncate(2);
    let report = api.post(&import, &table).await.json();
    assert_eq!(outcomes(&report), ["created", "changed"], "{report}");
    let now = api.get(OVERRIDES).await.json();
    let versions: Vec<&Value> = now["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|item| item["model"] != "house,\"1\"")
        .map(|item| &item["price_version"])
        .collect();
    assert_eq!(versions, [&report["price_version"], &report["price_version"]]);
    assert_eq!(
        report["items"][1]["id"], now["items"][0]["id"],
        "its identity stays"
    );
}

#[tokio::test]
async fn the_guard_asks_about_an_import_as_about_any_change() {
    let api = RulesApi::new().await;
    let upstream = api.upstream("a", "openai").await;
    api.traffic(vec![attempt(1, 2, &upstream, "gpt-4o")]).await;
    let table =
        json!({"items": [{"model": "gpt-4o", "input_usd_per_mtok": "25", "output_usd_per_mtok": "100"}]});
    let told = api.post(&format!("{OVERRIDES}/import"), &table).await.json();
    assert_eq!(told["effect"]["traffic"]["attempts"], 1, "{told}");
    assert!(
        told["items"][0]["warnings"][0].as_str().unwrap().contains("flex"),
        "{told}"
    );
    let import = format!("{OVERRIDES}/import?dry_run=false");
    let problem = api
        .post(&import, &table)
        .await
        .problem(409, "confirmation_required");
    assert_eq!(problem["effect"], told["effect"]);
    let done = api.post(&format!("{import}&confirm=true"), &table).await.json();
    assert!(done["price_version"].is_i64(), "{done}");
}

#[tokio::test]
async fn imported_aliases_make_no_loops_not_even_among_themselves() {
    let api = RulesApi::new().await;
    let report = send_csv(
        &api,
        &format!("{ALIASES}/import"),
        "alias,target\na,b\nb,c\nc,a\nd,gpt-4o\n",
    )
    .await;
    let report = report.json();
    assert_eq!(
        outcomes(&report),
        ["created", "created", "refused", "created"],
        "{report}"
    );
    assert_eq!(report["items"][2]["errors"][0]["field"], "target");
}

#[tokio::test]
async fn what_is_no_table_is_refused() {
    let api = RulesApi::new().await;
    for path in [OVERRIDES, ALIASES] {
        let import = format!("{path}/import");
        api.post(&import, &json!({"items": []})).await.faults(&["body"]);
        api.post(&import, &json!({"rows": []})).await.faults(&["body"]);
        let many = json!({"items": vec![json!({}); 2_001]});
        let message = api.post(&import, &many).await.faults(&["body"]);
        assert!(
            message[0].contains("2001 rows; allowed are 1..=2000"),
            "{message:?}"
        );
        send_csv(&api, &import, "colour\nred\n").await.faults(&["body"]);
        send_csv(&api, &import, vec![b'x'; (1 << 20) + 1])
            .await
            .problem(413, "body_too_large");
        api.post(&format!("{import}?dry_run=perhaps&x=1"), &json!({"items": []}))
            .await
            .faults(&["dry_run", "x"]);
        api.get(&format!("{path}/export?format=xml"))
            .await
            .faults(&["format"]);
        for (kind, body, status, name) in [
            ("text/plain", "x", 415, "unsupported_media_type"),
            ("application/json", "{", 400, "invalid_json"),
        ] {
            let request = Request::post(&import)
                .header(AUTHORIZATION, format!("Bearer {ADMIN}"))
                .header(CONTENT_TYPE, kind)
                .body(Body::from(body))
                .unwrap();
            api.send(request).await.problem(status, name);
        }
    }
}

#[tokio::test]
async fn tables_want_a_token() {
    let api = TestApi::new();
    for path in [OVERRIDES, ALIASES] {
        for request in [
            Request::get(format!("{path}/export")),
            Request::post(format!("{path}/import")).header(CONTENT_TYPE, "text/csv"),
        ] {
            let request = request.body(Body::from("x")).unwrap();
            api.send(request).await.problem(401, "unauthenticated");
        }
    }
}
