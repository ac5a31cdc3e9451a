use crate::build::billed_entry;
use crate::test_api::TestApi;

const PATH: &str = "/api/admin/billing/recent";

#[tokio::test]
async fn an_entry_shows_all_its_amount_is_made_of() {
    let api = TestApi::new();
    api.store.shelves().entries.push(billed_entry(1));
    let answer = api.get(PATH).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    insta::assert_json_snapshot!(answer.json());
}

#[tokio::test]
async fn pages_join_without_gap_or_repetition() {
    let api = TestApi::new();
    api.store.shelves().entries.extend((1..=5).map(billed_entry));
    let (mut path, mut seen) = (format!("{PATH}?limit=2"), Vec::new());
    loop {
        let page = api.get(&path).await.json();
        seen.extend(
            page["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|item| item["attempt"].clone()),
        );
        let Some(cursor) = page["next_cursor"].as_str() else {
            break;
        };
        path = format!("{PATH}?limit=2&cursor={cursor}");
    }
    assert_eq!(seen, [5, 4, 3, 2, 1]);
    let unbilled = api.get(&format!("{PATH}?billing_status=unbilled")).await.json();
    assert_eq!(unbilled["items"], serde_json::json!([]));
}

#[tokio::test]
async fn a_page_that_looked_at_enough_says_how_far_and_goes_on() {
    let api = TestApi::new();
    api.store.shelves().entries.extend((1..=5).map(billed_entry));
    api.store.shelves().recent_depth = Some(2);
    let path = format!("{PATH}?billing_status=unbilled");
    let first = api.get(&path).await.json();
    assert_eq!(first["items"], serde_json::json!([]));
    let fourth = api.get(&format!("{PATH}?limit=2")).await.json();
    assert_eq!(first["scanned_to"], fourth["items"][1]["occurred_at"]);
    let mut pages = 1;
    let mut page = first;
    while let Some(cursor) = page["next_cursor"].as_str() {
        page = api.get(&format!("{path}&cursor={cursor}")).await.json();
        pages += 1;
    }
    assert_eq!((pages, &page["scanned_to"]), (3, &serde_json::Value::Null));
    // A full page ends with its last entry.
    let full = api
        .get(&format!("{PATH}?billing_status=billed&limit=1"))
        .await
        .json();
    assert_eq!(full["scanned_to"], serde_json::Value::Null);
    assert!(full["next_cursor"].is_string());
}

#[tokio::test]
async fn every_fault_of_a_query_is_named() {
    let api = TestApi::new();
    let odd = format!(
        "{PATH}?billing_status=partly_billed&reason=odd&upstream_id=x&key_id=y&model=&provider=&cursor=z&limit=201&from=1"
    );
    api.get(&odd).await.faults(&[
        "billing_status",
        "reason",
        "upstream_id",
        "key_id",
        "model",
        "provider",
        "cursor",
        "limit",
        "from",
    ]);
}

#[tokio::test]
async fn nobody_comes_in_without_a_token() {
    let api = TestApi::new();
    let request = axum::http::Request::builder()
        .uri(PATH)
        .body(axum::body::Body::empty())
        .unwrap();
    api.send(request).await.problem(401, "unauthenticated");
}
