use serde_json::Value;

use crate::test_api::TestApi;

const PATH: &str = "/api/admin/billing/timeseries";

#[tokio::test]
async fn every_point_is_there_even_where_nothing_happened() {
    let api = TestApi::new();
    let answer = api.get(PATH).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let series = answer.json();
    assert_eq!(
        (&series["zone"], &series["interval"]),
        (&"Europe/Berlin".into(), &"day".into())
    );
    assert_eq!(series["from"], "2026-10-31T23:00:00Z", "the current month");
    assert_eq!(series["until"], "2026-11-05T09:00:00Z", "the current hour");
    assert_eq!(series["points"].as_array().unwrap().len(), 5);
    let total = &series["total"];
    assert_eq!(
        (&total["total"]["attempts"], &total["total"]["cost"]),
        (&0.into(), &"0".into())
    );
    assert_eq!(
        total["values"]["cost"],
        serde_json::json!(["0", "0", "0", "0", "0"])
    );
    assert_eq!(
        (&series["series"], &series["other"]),
        (&serde_json::json!([]), &Value::Null)
    );
}

#[tokio::test]
async fn points_follow_the_clocks_of_the_zone_that_is_asked_for() {
    let api = TestApi::new();
    let path = format!(
        "{PATH}?interval=hour&zone=Asia/Kolkata&from=2026-11-01T00:00:00Z&until=2026-11-01T02:00:00Z"
    );
    let points = api.get(&path).await.json()["points"].clone();
    let begins: Vec<&str> = points
        .as_array()
        .unwrap()
        .iter()
        .map(|point| point["from"].as_str().unwrap())
        .collect();
    assert_eq!(
        begins,
        [
            "2026-11-01T00:00:00Z",
            "2026-11-01T00:30:00Z",
            "2026-11-01T01:30:00Z"
        ]
    );
}

#[tokio::test]
async fn every_fault_of_a_question_is_named() {
    let api = TestApi::new();
    let odd = format!(
        "{PATH}?interval=week&zone=Mars/Olympus&until=2026-11-05T08:01:00Z&group_by=owner&top=51&upstream_id=x\
         &key_id=y&as_of=2027-01-01T00:00:00Z&limit=5"
    );
    api.get(&odd).await.faults(&[
        "interval",
        "zone",
        "until",
        "group_by",
        "top",
        "upstream_id",
        "key_id",
        "as_of",
        "limit",
    ]);
    for (query, bound) in [
        (
            "interval=hour&from=2026-10-01T00:00:00Z&until=2026-11-01T00:15:00Z",
            "31 days",
        ),
        (
            "interval=day&from=2025-01-01T00:00:00Z&until=2026-11-01T00:00:00Z",
            "400 days",
        ),
        (
            "interval=month&from=2001-01-01T00:00:00Z&until=2026-11-01T00:00:00Z",
            "3660 days",
        ),
        (
            "from=2026-11-05T00:00:00Z&until=2026-11-05T00:00:00Z",
            "before until",
        ),
    ] {
        let faults = api.get(&format!("{PATH}?{query}")).await.faults(&["from"]);
        assert!(faults[0].contains(bound), "{faults:?}");
    }
    let early = api.get(&format!("{PATH}?from=1999-12-31T00:00:00Z")).await;
    assert!(early.faults(&["from"])[0].contains("2000"));
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
