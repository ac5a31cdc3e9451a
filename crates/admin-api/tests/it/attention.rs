use axum::http::Method;
use serde_json::{Value, json};
use tollgate_domain::ports::{AttentionRow, GapStretch, JournalGap, JournalGaps, StoredGaps};
use tollgate_domain::{
    AttentionKind, AttentionSubject, AttentionValues, HeldPrice, HoldReason, HoldState, JournalId,
    ModelLimits, ModelName, NewHold, ReleaseId, UpstreamId,
};
use uuid::Uuid;

use crate::test_api::{TestApi, now};

const PATH: &str = "/api/admin/billing/attention";

fn row(kind: AttentionKind, model: &str, count: i64, at_stake: &str) -> AttentionRow {
    let subject = AttentionSubject {
        upstream_id: Some(UpstreamId::new(Uuid::from_u128(3))),
        model_sent: Some(model.to_owned()),
        model_served: Some(model.to_owned()),
        ..AttentionSubject::bare(kind)
    };
    AttentionRow {
        id: subject.id(),
        subject,
        upstream_name: Some("acme".to_owned()),
        provider: Some("acme".to_owned()),
        values: AttentionValues {
            count,
            at_stake: at_stake.parse().unwrap(),
            list_cost: at_stake.parse().unwrap(),
            ..AttentionValues::default()
        },
        first_seen: now() - chrono::TimeDelta::days(1),
        last_seen: now(),
    }
}

/// Two entries of one identity that differ by a cent.
fn conflict() -> AttentionRow {
    let subject = AttentionSubject {
        journal_id: Some(JournalId::new(Uuid::from_u128(9))),
        ..AttentionSubject::bare(AttentionKind::LedgerConflict)
    };
    AttentionRow {
        id: subject.id(),
        subject,
        ..row(AttentionKind::LedgerConflict, "m", 1, "0.01")
    }
}

/// Two attempts that nothing prices.
pub(crate) fn unpriced() -> AttentionRow {
    let mut row = row(AttentionKind::Unpriced, "acme-large", 2, "0");
    row.values.input_tokens = 1800;
    row.values.output_tokens = 420;
    row
}

fn held(release: u128, model: &str) -> HeldPrice {
    HeldPrice {
        release_id: ReleaseId::new(Uuid::from_u128(release)),
        hold: NewHold {
            model: ModelName::new(model),
            card_id: None,
            provider: None,
            mode: None,
            limits: ModelLimits::default(),
            current_card_id: None,
            reason: HoldReason::RateGone,
            detail: "gone".to_owned(),
        },
        state: HoldState::Held,
        decided_at: None,
        decided_by: None,
    }
}

fn filled() -> TestApi {
    let api = TestApi::new();
    let mut shelves = api.store.shelves();
    shelves.attention = vec![
        row(AttentionKind::Interrupted, "m", 7, "0"),
        unpriced(),
        row(AttentionKind::ZeroMultiplier, "m", 4, "0.5"),
        row(AttentionKind::ReportedCostDiffers, "m", 1, "2.25"),
        row(AttentionKind::CalculationError, "m", 1, "0"),
        conflict(),
    ];
    shelves.held = vec![held(1 << 90, "a"), held(1 << 90, "b")];
    let stretch = GapStretch {
        attempts: 41,
        from: now(),
        until: now(),
    };
    let journal_id = JournalId::new(Uuid::from_u128(9));
    shelves.gaps = StoredGaps {
        journals: vec![JournalGaps {
            journal_id,
            last_position: 1,
            total: stretch,
        }],
        latest: vec![JournalGap {
            journal_id,
            position: 1,
            stretch,
        }],
    };
    drop(shelves);
    api
}

fn kinds(list: &Value) -> Vec<String> {
    let items = list["items"].as_array().unwrap();
    items
        .iter()
        .map(|item| item["kind"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn the_queue_shows_the_most_money_first_and_what_nobody_knows_last() {
    let api = filled();
    let answer = api.get(PATH).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let list = answer.json();
    let expected = [
        "reported_cost_differs",
        "zero_multiplier",
        "ledger_conflict",
        "held_price",
        "gap",
        "interrupted",
        "unpriced",
        "calculation_error",
    ];
    assert_eq!(kinds(&list), expected);
    insta::assert_json_snapshot!(list);
}

#[tokio::test]
async fn every_action_is_an_operation_of_the_api() {
    let document = serde_json::to_value(tollgate_admin_api::openapi()).unwrap();
    let list = filled().get(PATH).await.json();
    let mut seen = 0;
    for item in list["items"].as_array().unwrap() {
        let action = &item["action"];
        let Some(operation) = action["operation"].as_str() else {
            continue;
        };
        let (method, path) = (
            action["method"].as_str().unwrap(),
            action["path"].as_str().unwrap(),
        );
        let path = path.split('?').next().unwrap();
        let found = document["paths"]
            .as_object()
            .unwrap()
            .iter()
            .any(|(template, item)| {
                let parts: Vec<&str> = template.split('/').collect();
                let same = parts.len() == path.split('/').count()
                    && parts
                        .iter()
                        .zip(path.split('/'))
                        .all(|(part, given)| part.starts_with('{') || *part == given);
                same && item[method.to_lowercase()]["operationId"] == operation
            });
        assert!(found, "{action}");
        seen += 1;
    }
    assert_eq!(seen, 8, "every thing has one");
}

#[tokio::test]
async fn pages_and_filters_narrow_the_queue() {
    let api = filled();
    let (mut path, mut seen) = (format!("{PATH}?limit=2"), Vec::new());
    loop {
        let page = api.get(&path).await.json();
        seen.extend(kinds(&page));
        let Some(cursor) = page["next_cursor"].as_str() else {
            break;
        };
        path = format!("{PATH}?limit=2&cursor={cursor}");
    }
    assert_eq!(seen, kinds(&api.get(PATH).await.json()));
    let only = api.get(&format!("{PATH}?kind=gap")).await.json();
    assert_eq!(kinds(&only), ["gap"]);
    assert_eq!(only["kinds"].as_array().unwrap().len(), 8, "of all kinds");
    let id = only["items"][0]["id"].as_str().unwrap();
    let snoozed = json!({"owner": "ada", "snoozed_until": "2026-11-06T08:00:00Z"});
    assert_eq!(api.put(&format!("{PATH}/{id}"), &snoozed).await.status, 200);
    assert!(!kinds(&api.get(PATH).await.json()).contains(&"gap".to_owned()));
    let only = api.get(&format!("{PATH}?snoozed=only&owner=ada")).await.json();
    assert_eq!(kinds(&only), ["gap"]);
    assert_eq!(only["items"][0]["state"]["owner"], "ada");
    let all = api.get(&format!("{PATH}?snoozed=include&owner=")).await.json();
    assert_eq!(kinds(&all).len(), 7, "nobody's");
}

#[tokio::test]
async fn a_query_names_each_fault() {
    let api = TestApi::new();
    let odd = api
        .get(&format!("{PATH}?kind=odd&snoozed=yes&cursor=x&limit=0&page=1"))
        .await;
    odd.faults(&["kind", "snoozed", "cursor", "limit", "page"]);
}

#[tokio::test]
async fn what_is_said_is_replaced_whole_and_by_revision() {
    let api = filled();
    let path = format!("{PATH}/{}", unpriced().id);
    let said = json!({"owner": "ada", "note": "price asked for"});
    let conditional = async |tag: &str, body: &Value| {
        api.call(Method::PUT, &path, &[("if-match", tag)], Some(body))
            .await
    };
    let first = conditional("\"0\"", &said).await;
    assert_eq!(first.status, 200, "{}", first.text);
    assert_eq!(first.header("etag"), "\"1\"");
    assert_eq!(
        (&first.json()["owner"], &first.json()["updated_by"]),
        (&"ada".into(), &"ada".into())
    );
    conditional("\"0\"", &said).await.problem(412, "stale");
    let second = conditional("\"1\"", &json!({"note": "done"})).await.json();
    assert_eq!(
        (&second["owner"], &second["note"]),
        (&Value::Null, &"done".into())
    );
    assert_eq!(api.store.shelves().authors, ["ada", "ada"]);
}

#[tokio::test]
async fn an_unconditional_edit_survives_a_lost_race() {
    let api = filled();
    api.store.shelves().lost_races = 2;
    let answer = api.put(&format!("{PATH}/{}", unpriced().id), &json!({})).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
}

#[tokio::test]
async fn what_nobody_has_seen_is_a_404() {
    let api = TestApi::new();
    for id in ["unpriced-0123456789abcdef", "gap-0123456789abcdef", "x"] {
        let answer = api.put(&format!("{PATH}/{id}"), &json!({})).await;
        answer.problem(404, "not_found");
    }
}

#[tokio::test]
async fn every_bound_of_what_is_said_is_checked() {
    let api = filled();
    let path = format!("{PATH}/{}", unpriced().id);
    let long = json!({
        "owner": "x".repeat(101),
        "note": "",
        "snoozed_until": "2026-11-05T08:00:00Z",
    });
    api.put(&path, &long)
        .await
        .faults(&["owner", "note", "snoozed_until"]);
    let far = json!({"snoozed_until": "2027-12-11T08:00:00Z"});
    assert!(api.put(&path, &far).await.faults(&["snoozed_until"])[0].contains("2027-12-10"));
    api.put(&path, &json!({"until": 1})).await.faults(&["until"]);
}

#[tokio::test]
async fn nobody_comes_in_without_a_token() {
    let api = TestApi::new();
    for (method, path) in [(Method::GET, PATH.to_owned()), (Method::PUT, format!("{PATH}/x"))] {
        let request = axum::http::Request::builder()
            .method(method)
            .uri(path)
            .body(axum::body::Body::empty())
            .unwrap();
        api.send(request).await.problem(401, "unauthenticated");
    }
}
