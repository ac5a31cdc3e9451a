use insta::assert_json_snapshot;
use serde_json::{Value, json};
use tollgate_domain::ports::{LogCursor, LogFilter};
use tollgate_domain::{
    ErrorOrigin, KeyId, Protocol, RequestId, RequestStatus, RoutingCandidate, RoutingDecision, RoutingResult,
    StatusClass, UpstreamId,
};
use uuid::Uuid;

use crate::build::{billed_entry, log_row, request_id};
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
    (unknown.tokens, unknown.changed_at) = (None, None);
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
    let (key, upstream, request) = (Uuid::from_u128(2), Uuid::from_u128(3), Uuid::from_u128(4));
    let query = format!(
        "?from=2026-11-01T00:00:00%2B01:00&until=2026-11-02T00:00:00Z&key_id={key}&upstream_id={upstream}\
         &model=acme%2Flarge&billing_status=partly_billed&reason=usage_missing&limit=200&team=search&owner=ada\
         &protocol=anthropic_messages&stream=false&status_class=5xx&error_origin=gateway&min_cost_usd=0.000000000001\
         &max_cost_usd=2&min_ttft_ms=1&max_ttft_ms=86400000&min_duration_ms=0&max_duration_ms=7\
         &caller_request_id=abc%25&request_id={request}"
    );
    assert_eq!(api.get(&format!("{PATH}{query}")).await.status, 200);
    let asked = api.store.shelves().asked_logs.pop().unwrap();
    assert_eq!(
        (asked.after, asked.limit),
        (None, 201),
        "one more tells whether a page follows"
    );
    let expected = LogFilter {
        from: Some("2026-10-31T23:00:00Z".parse().unwrap()),
        until: Some("2026-11-02T00:00:00Z".parse().unwrap()),
        key_id: Some(KeyId::new(key)),
        team: Some("search".to_owned()),
        owner: Some("ada".to_owned()),
        upstream_id: Some(UpstreamId::new(upstream)),
        protocol: Some(Protocol::AnthropicMessages),
        stream: Some(false),
        model: Some("acme/large".to_owned()),
        class: Some(StatusClass::ServerError),
        origin: Some(ErrorOrigin::Gateway),
        status: Some(RequestStatus::PartlyBilled),
        reason: Some("usage_missing".to_owned()),
        min_cost: Some("0.000000000001".parse().unwrap()),
        max_cost: Some("2".parse().unwrap()),
        min_ttft_us: Some(1_000),
        max_ttft_us: Some(86_400_000_000),
        min_duration_us: Some(0),
        max_duration_us: Some(7_000),
        caller_request_id: Some("abc%".to_owned()),
        request_id: Some(RequestId::new(request)),
    };
    assert_eq!(asked.filter, expected);
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
        ("request_id=x", "request_id", "UUID"),
        ("model=", "model", "empty"),
        ("team=", "team", "empty"),
        ("owner=", "owner", "empty"),
        ("caller_request_id=", "caller_request_id", "empty"),
        ("protocol=smtp", "protocol", "openai_chat"),
        ("stream=1", "stream", "true nor false"),
        ("status_class=200", "status_class", "2xx, 3xx, 4xx, 5xx, none"),
        ("error_origin=me", "error_origin", "client, upstream, gateway"),
        ("billing_status=paid", "billing_status", "partly_billed"),
        ("reason=rejected", "reason", "price_not_found"),
        ("min_cost_usd=1e3", "min_cost_usd", "1e3"),
        ("max_cost_usd=0.0000000000001", "max_cost_usd", "12 decimals"),
        (
            "min_cost_usd=2&max_cost_usd=1",
            "max_cost_usd",
            "below min_cost_usd",
        ),
        ("min_ttft_ms=-1", "min_ttft_ms", "0..=86400000"),
        ("max_ttft_ms=86400001", "max_ttft_ms", "86400001"),
        ("min_ttft_ms=2&max_ttft_ms=1", "max_ttft_ms", "below"),
        ("min_duration_ms=1.5", "min_duration_ms", "1.5"),
        ("max_duration_ms=x", "max_duration_ms", "86400000"),
        ("min_duration_ms=2&max_duration_ms=1", "max_duration_ms", "below"),
        ("sort=cost", "sort", "time_desc, time_asc, cost_desc, cost_asc"),
        ("sort=cost_desc&from=2026-10-01T00:00:00Z", "from", "31 days"),
        (
            "sort=cost_asc&from=2026-01-01T00:00:00Z&until=2026-02-01T00:00:01Z",
            "from",
            "31 days",
        ),
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
    assert!(api.store.shelves().asked_logs.is_empty());
}

async fn pages(api: &TestApi, query: &str) -> Vec<String> {
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = api.get(&format!("{PATH}?{query}&limit=2{cursor}")).await;
        assert_eq!(page.status, 200, "{}", page.text);
        let page = page.json();
        for row in page["items"].as_array().unwrap() {
            seen.push(row["request_id"].as_str().unwrap().to_owned());
        }
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return seen,
        }
    }
}

fn ids(numbers: &[u128]) -> Vec<String> {
    numbers
        .iter()
        .map(|number| request_id(*number).to_string())
        .collect()
}

#[tokio::test]
async fn every_order_pages_without_gap_or_repetition() {
    let api = TestApi::new();
    let costs = ["3", "1", "3", "-0.5", "2"];
    for (number, cost) in (1..).zip(costs) {
        let mut row = log_row(number);
        row.cost = Some(cost.parse().unwrap());
        api.store.shelves().logs.push(row);
    }
    let mut unknown = log_row(6);
    unknown.cost = None;
    api.store.shelves().logs.push(unknown);
    for (sort, expected) in [
        ("time_desc", vec![1, 2, 3, 4, 5, 6]),
        ("time_asc", vec![6, 5, 4, 3, 2, 1]),
        ("cost_desc", vec![3, 1, 5, 2, 4]),
        ("cost_asc", vec![4, 2, 5, 1, 3]),
    ] {
        assert_eq!(
            pages(&api, &format!("sort={sort}")).await,
            ids(&expected),
            "{sort}"
        );
    }
}

#[tokio::test]
async fn a_ranking_keeps_its_bounds_over_its_pages() {
    let api = TestApi::new();
    api.store.shelves().logs.extend((1..=3).map(log_row));
    let floor = LogCursor {
        occurred_at: "2026-11-05T07:00:00Z".parse().unwrap(),
        request_id: request_id(9),
    };
    api.store.shelves().floor = Some(floor);
    let first = api.get(&format!("{PATH}?sort=cost_desc&limit=2")).await.json();
    let ranked = json!({"from": "2026-11-04T08:00:00Z", "until": "2026-11-05T08:00:00Z", "complete": false});
    assert_eq!(
        first["ranked"], ranked,
        "the last day, where nothing else is asked for"
    );
    // Were it decided anew, more would be ranked on the second page than on the first.
    api.store.shelves().floor = None;
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = api
        .get(&format!("{PATH}?sort=cost_desc&limit=2&cursor={cursor}"))
        .await
        .json();
    assert_eq!(second["ranked"], ranked);
    let shelves = api.store.shelves();
    assert_eq!(shelves.asked_depths, [10_000], "the first page decides");
    let bounds = shelves
        .asked_logs
        .iter()
        .map(|asked| (asked.filter.from, asked.filter.until, asked.after));
    let bounds: Vec<_> = bounds.collect();
    assert_eq!(bounds[0], bounds[1]);
    assert_eq!(bounds[0].2, Some(floor));
}

#[tokio::test]
async fn a_page_that_ends_before_it_is_full_says_where_and_goes_on_there() {
    let api = TestApi::new();
    api.store.shelves().logs.extend((1..=4).map(log_row));
    let last = log_row(2);
    api.store.shelves().scan_end = Some(LogCursor {
        occurred_at: last.occurred_at,
        request_id: last.request_id,
    });
    let path = format!("{PATH}?min_ttft_ms=1&limit=3");
    let first = api.get(&path).await.json();
    assert_eq!(first["items"].as_array().unwrap().len(), 2);
    assert_eq!(first["scanned_to"], first["items"][1]["occurred_at"]);
    api.store.shelves().scan_end = None;
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = api.get(&format!("{path}&cursor={cursor}")).await.json();
    assert_eq!(second["items"].as_array().unwrap().len(), 2);
    assert_eq!(
        (&second["scanned_to"], &second["next_cursor"]),
        (&Value::Null, &Value::Null)
    );
    // A full page is that of any list, wherever looking would have ended.
    api.store.shelves().scan_end = Some(LogCursor {
        occurred_at: last.occurred_at,
        request_id: last.request_id,
    });
    let full = api.get(&format!("{PATH}?min_ttft_ms=1&limit=1")).await.json();
    assert_eq!(full["scanned_to"], Value::Null);
    assert!(full["next_cursor"].is_string());
    assert_eq!(api.store.shelves().asked_depths, [10_000; 3]);
}

#[tokio::test]
async fn a_cursor_of_another_order_is_refused() {
    let api = TestApi::new();
    api.store.shelves().logs.extend((1..=3).map(log_row));
    for (of, other) in [
        ("time_desc", "time_asc"),
        ("cost_desc", "time_desc"),
        ("time_asc", "cost_asc"),
    ] {
        let page = api.get(&format!("{PATH}?sort={of}&limit=1")).await.json();
        let cursor = page["next_cursor"].as_str().unwrap();
        let answer = api.get(&format!("{PATH}?sort={other}&cursor={cursor}")).await;
        assert!(
            answer.faults(&["cursor"])[0].contains("another order"),
            "{}",
            answer.text
        );
    }
}

#[tokio::test]
async fn a_request_shows_its_attempts_in_order() {
    let api = TestApi::new();
    api.store.shelves().logs.push(log_row(1));
    let answer = api.get(&format!("{PATH}/{}", request_id(1))).await.json();
    assert_eq!(
        (&answer["attempts"], &answer["routing"]),
        (&json!([]), &Value::Null)
    );
    api.store
        .shelves()
        .entries
        .extend([billed_entry(2), billed_entry(1)]);
    let answer = api.get(&format!("{PATH}/{}", request_id(1))).await;
    assert_json_snapshot!(answer.json());
}

/// An upstream that answered, and thirteen that do not speak the protocol.
fn routing() -> RoutingDecision {
    let candidate = |n: u128, result| RoutingCandidate {
        upstream_id: UpstreamId::new(Uuid::from_u128(n)),
        name: format!("upstream {n}").into(),
        priority: 0,
        weight: 1,
        result,
        http_status: None,
        error: None,
    };
    let mut routing = RoutingDecision::default();
    for n in 2..=14 {
        routing.add(candidate(n, RoutingResult::WrongProtocol));
    }
    routing.add(candidate(1, RoutingResult::NotReached));
    routing.tried(UpstreamId::new(Uuid::from_u128(1)), Ok(200));
    routing
}

#[tokio::test]
async fn a_request_shows_why_it_went_where_it_went() {
    let api = TestApi::new();
    api.store.shelves().logs.push(log_row(1));
    api.store.shelves().routing.insert(request_id(1), routing());
    let answer = api.get(&format!("{PATH}/{}", request_id(1))).await.json();
    let candidates = answer["routing"]["candidates"].as_array().unwrap();
    assert_eq!((candidates.len(), &answer["routing"]["omitted"]), (12, &json!(2)));
    assert_eq!(
        candidates[0],
        json!({
            "upstream_id": Uuid::from_u128(1), "upstream_name": "upstream 1", "priority": 0, "weight": 1,
            "result": "answered", "http_status": 200, "error": null,
        })
    );
    assert_eq!(candidates[1]["result"], json!("wrong_protocol"));
}

#[tokio::test]
async fn one_request_is_found_by_its_id() {
    let api = TestApi::new();
    api.store.shelves().logs.push(log_row(1));
    let found = api.get(&format!("{PATH}/{}", request_id(1))).await;
    assert_eq!(found.json()["request"]["request_id"], json!(request_id(1)));
    for missing in [request_id(2).to_string(), "x".to_owned()] {
        api.get(&format!("{PATH}/{missing}"))
            .await
            .problem(404, "not_found");
    }
}
