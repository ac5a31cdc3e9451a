use insta::assert_json_snapshot;
use serde_json::{Value, json};
use tollgate_domain::ports::LogFilter;
use tollgate_domain::{ErrorOrigin, KeyId, RequestStatus, UpstreamId};
use uuid::Uuid;

use crate::build::{log_row, request_id};
use crate::test_api::TestApi;

const PATH: &str = "/api/admin/request-logs";

#[tokio::test]
async fn every_row_carries_its_bill() {
    let api = TestApi::new();
    let mut unknown = log_row(2);
    unknown.status = RequestStatus::Unbilled;
    unknown.reason = Some("price_not_found".to_owned());
    unknown.detail = Some("no price for acme-large".to_owned());
    (unknown.list_cost, unknown.cost, unknown.charge) = (None, None, None);
    (unknown.ended_at, unknown.http_status) = (None, None);
    unknown.error_origin = Some(ErrorOrigin::Upstream);
    api.store.shelves().logs.extend([unknown, log_row(1)]);
    let answer = api.get(PATH).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_json_snapshot!(answer.json());
}

#[tokio::test]
async fn pages_join_newest_first() {
    let api = TestApi::new();
    api.store.shelves().logs.extend((1..=5).map(log_row));
    let (mut seen, mut query) = (Vec::new(), "?limit=2".to_owned());
    loop {
        let page = api.get(&format!("{PATH}{query}")).await.json();
        let items = page["items"].as_array().unwrap();
        seen.extend(
            items
                .iter()
                .map(|row| row["request_id"].as_str().unwrap().to_owned()),
        );
        match page["next_cursor"].as_str() {
            Some(cursor) => query = format!("?limit=2&cursor={cursor}"),
            None => break,
        }
    }
    let expected: Vec<String> = (1..=5).map(|number| request_id(number).to_string()).collect();
    assert_eq!(seen, expected);
}

#[tokio::test]
async fn the_last_page_has_no_cursor_even_when_it_is_full() {
    let api = TestApi::new();
    api.store.shelves().logs.extend((1..=2).map(log_row));
    let page = api.get(&format!("{PATH}?limit=2")).await.json();
    assert_eq!(
        (page["items"].as_array().unwrap().len(), &page["next_cursor"]),
        (2, &Value::Null)
    );
}

#[tokio::test]
async fn filters_reach_the_store_as_asked() {
    let api = TestApi::new();
    let (key, upstream) = (Uuid::from_u128(2), Uuid::from_u128(3));
    let query = format!(
        "?from=2026-11-01T00:00:00%2B01:00&until=2026-11-02T00:00:00Z&key_id={key}&upstream_id={upstream}\
         &model=acme%2Flarge&billing_status=partly_billed&reason=usage_missing&limit=200"
    );
    assert_eq!(api.get(&format!("{PATH}{query}")).await.status, 200);
    let shelves = api.store.shelves();
    let (filter, after, limit) = shelves.asked_logs.clone().unwrap();
    assert_eq!(
        (after, limit),
        (None, 201),
        "one more tells whether a page follows"
    );
    let expected = LogFilter {
        from: Some("2026-10-31T23:00:00Z".parse().unwrap()),
        until: Some("2026-11-02T00:00:00Z".parse().unwrap()),
        key_id: Some(KeyId::new(key)),
        upstream_id: Some(UpstreamId::new(upstream)),
        model: Some("acme/large".to_owned()),
        status: Some(RequestStatus::PartlyBilled),
        reason: Some("usage_missing".to_owned()),
    };
    assert_eq!(filter, expected);
}

#[tokio::test]
async fn every_wrong_parameter_is_named_with_its_value() {
    let api = TestApi::new();
    for (query, field, says) in [
        ("from=yesterday", "from", "RFC 3339"),
        ("until=2026-13-01T00:00:00Z", "until", "2026-13"),
        (
            "from=2026-11-02T00:00:00Z&until=2026-11-02T00:00:00Z",
            "until",
            "later than from",
        ),
        ("key_id=7", "key_id", "UUID"),
        ("upstream_id=", "upstream_id", "UUID"),
        ("model=", "model", "empty"),
        ("billing_status=paid", "billing_status", "partly_billed"),
        ("reason=rejected", "reason", "price_not_found"),
        ("limit=0", "limit", "1..=200"),
        ("limit=201", "limit", "201"),
        ("cursor=abc", "cursor", "abc"),
        ("status=billed", "status", "not a parameter"),
        ("limit=1&limit=2", "limit", "more than once"),
    ] {
        let answer = api.get(&format!("{PATH}?{query}")).await;
        let messages = answer.faults(&[field]);
        assert!(messages[0].contains(says), "{}", answer.text);
    }
    assert!(api.store.shelves().asked_logs.is_none());
}

#[tokio::test]
async fn one_request_is_found_by_its_id() {
    let api = TestApi::new();
    api.store.shelves().logs.push(log_row(1));
    let found = api.get(&format!("{PATH}/{}", request_id(1))).await;
    assert_eq!(found.json()["request_id"], json!(request_id(1)));
    for missing in [request_id(2).to_string(), "x".to_owned()] {
        api.get(&format!("{PATH}/{missing}"))
            .await
            .problem(404, "not_found");
    }
}
