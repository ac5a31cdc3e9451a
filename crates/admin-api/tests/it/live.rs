//! The live stream of request logs.

use std::sync::Arc;

use axum::body::Body;
use axum::http::header::AUTHORIZATION;
use axum::http::{Request, Response};
use chrono::TimeDelta;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tollgate_domain::ports::LogRow;
use tollgate_domain::{
    AdjustmentRef, EntryKind, LedgerEntry, RequestLog, RoutingDecision, UnbilledReason, Verdict,
};
use uuid::Uuid;

use crate::build::{billed_entry, log_row, request_id};
use crate::database_api::DatabaseApi;
use crate::fake::Failure;
use crate::on_both;
use crate::test_api::{ADMIN, Caller, TestApi, now};

const PATH: &str = "/api/admin/request-logs/stream";

/// What comes off a stream, event by event.
struct Reader {
    body: Body,
    text: String,
}

#[derive(Debug, PartialEq, Eq)]
struct Event {
    name: String,
    id: Option<String>,
    data: Value,
}

async fn open(api: &Caller, query: &str, last_event_id: Option<&str>) -> Response<Body> {
    let mut request = Request::get(format!("{PATH}{query}")).header(AUTHORIZATION, format!("Bearer {ADMIN}"));
    if let Some(id) = last_event_id {
        request = request.header("last-event-id", id);
    }
    api.respond(request.body(Body::empty()).unwrap()).await
}

impl Reader {
    async fn open(api: &Caller, last_event_id: Option<&str>) -> Self {
        let response = open(api, "", last_event_id).await;
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        assert_eq!(response.headers()["x-accel-buffering"], "no");
        let mut reader = Self {
            body: response.into_body(),
            text: String::new(),
        };
        // Said once it follows: what changes after this is told.
        let hello = reader.block().await.unwrap();
        assert!(hello.contains("retry: 3000"), "{hello}");
        reader
    }

    /// Up to the next empty line; `None` at the end.
    async fn block(&mut self) -> Option<String> {
        loop {
            if let Some((block, rest)) = self.text.split_once("\n\n") {
                let (block, rest) = (block.to_owned(), rest.to_owned());
                self.text = rest;
                return Some(block);
            }
            let frame = self.body.frame().await?;
            self.text
                .push_str(std::str::from_utf8(&frame.unwrap().into_data().unwrap()).unwrap());
        }
    }

    /// The next event, heartbeats left out.
    async fn next(&mut self) -> Option<Event> {
        loop {
            let block = self.block().await?;
            let field = |name: &str| {
                let mut lines = block.lines();
                lines.find_map(|line| line.strip_prefix(name)).map(str::to_owned)
            };
            if let Some(name) = field("event: ") {
                return Some(Event {
                    name,
                    id: field("id: "),
                    data: serde_json::from_str(&field("data: ").unwrap()).unwrap(),
                });
            }
        }
    }
}

/// Waits until nothing runs for any stream.
async fn ended_streams(api: &TestApi) {
    api.streams.close();
    api.streams.wait().await;
}

/// A request that ended so many milliseconds after the tests' time.
fn ended(number: u32, after: i64) -> LogRow {
    let mut row = log_row(number);
    row.changed_at = Some(now() + TimeDelta::milliseconds(after));
    row
}

fn put(api: &TestApi, row: LogRow) {
    let mut shelves = api.store.shelves();
    shelves.logs.retain(|other| other.request_id != row.request_id);
    shelves.logs.push(row);
}

#[tokio::test]
async fn requests_come_as_they_end_with_their_bill_and_again_when_it_changes() {
    let api = TestApi::new();
    put(&api, ended(1, -1));
    let mut reader = Reader::open(&api, None).await;
    put(&api, ended(2, 10));
    let event = reader.next().await.unwrap();
    assert_eq!(event.name, "request");
    assert_eq!(
        event.data["request_id"],
        json!(request_id(2)),
        "what had ended before is not told"
    );
    assert_eq!(
        (&event.data["billing_status"], &event.data["cost"]),
        (&json!("billed"), &json!("0.0019125"))
    );
    let mut corrected = ended(2, 2_000);
    corrected.cost = Some("1".parse().unwrap());
    put(&api, corrected);
    let event = reader.next().await.unwrap();
    assert_eq!(
        (&event.data["request_id"], &event.data["cost"]),
        (&json!(request_id(2)), &json!("1"))
    );
    // One that was written late, with a time the stream is already past.
    put(&api, ended(3, 1_000));
    let event = reader.next().await.unwrap();
    assert_eq!(event.data["request_id"], json!(request_id(3)));
    put(&api, ended(4, 3_000));
    let event = reader.next().await.unwrap();
    assert_eq!(
        event.data["request_id"],
        json!(request_id(4)),
        "and nothing twice"
    );
}

#[tokio::test]
async fn a_client_goes_on_where_it_left_off() {
    let api = TestApi::new();
    let left_off = -120_000;
    let id = format!(
        "{}.{}",
        (now() + TimeDelta::milliseconds(left_off)).timestamp_micros(),
        request_id(1)
    );
    put(&api, ended(1, left_off));
    put(&api, ended(2, left_off + 60_000));
    put(&api, ended(3, left_off - 60_000));
    let mut reader = Reader::open(&api, Some(&id)).await;
    let event = reader.next().await.unwrap();
    assert_eq!(
        event.data["request_id"],
        json!(request_id(2)),
        "not the last it had, nor what came long before"
    );
    let expected = format!(
        "{}.{}",
        (now() + TimeDelta::milliseconds(left_off + 60_000)).timestamp_micros(),
        request_id(2)
    );
    assert_eq!(event.id, Some(expected));
    put(&api, ended(4, 1));
    assert_eq!(
        reader.next().await.unwrap().data["request_id"],
        json!(request_id(4))
    );
}

#[tokio::test]
async fn a_client_that_was_away_too_long_is_told_of_the_gap() {
    let api = TestApi::new();
    put(&api, ended(1, -3_700_000));
    let id = format!(
        "{}.{}",
        (now() - TimeDelta::minutes(61)).timestamp_micros(),
        request_id(9)
    );
    let mut reader = Reader::open(&api, Some(&id)).await;
    assert_eq!(reader.next().await.unwrap().name, "gap");
    put(&api, ended(2, 1));
    assert_eq!(
        reader.next().await.unwrap().data["request_id"],
        json!(request_id(2))
    );
}

#[tokio::test]
async fn a_database_that_is_away_is_told_once_and_nothing_is_missed() {
    let api = TestApi::new();
    let mut reader = Reader::open(&api, None).await;
    api.store.shelves().failure = Some(Failure::Unavailable);
    assert_eq!(reader.next().await.unwrap().name, "unavailable");
    put(&api, ended(1, 10));
    api.store.shelves().failure = None;
    assert_eq!(
        reader.next().await.unwrap().data["request_id"],
        json!(request_id(1))
    );
}

#[tokio::test]
async fn a_reader_that_does_not_keep_up_is_told_so_and_dropped() {
    let api = TestApi::new();
    let mut reader = Reader::open(&api, None).await;
    for number in 1..=500 {
        put(&api, ended(number, i64::from(number)));
    }
    // Nothing is read until it has been given up.
    ended_streams(&api).await;
    let (mut requests, mut last) = (0, String::new());
    while let Some(event) = reader.next().await {
        requests += usize::from(event.name == "request");
        last = event.name;
    }
    assert_eq!(last, "slow_reader");
    assert!(requests <= 65, "{requests} waited in memory");
}

#[tokio::test]
async fn streams_end_when_their_reader_goes() {
    let api = TestApi::new();
    let reader = Reader::open(&api, None).await;
    assert_eq!(api.streams.len(), 1);
    drop(reader);
    ended_streams(&api).await;
}

#[tokio::test]
async fn streams_end_with_a_word_when_the_gateway_stops() {
    let api = TestApi::new();
    let mut reader = Reader::open(&api, None).await;
    api.stop.cancel();
    assert_eq!(reader.next().await.unwrap().name, "closing");
    assert_eq!(reader.next().await, None);
    ended_streams(&api).await;
}

#[tokio::test]
async fn a_silent_stream_beats() {
    let api = TestApi::new();
    let mut reader = Reader::open(&api, None).await;
    let beat = reader.block().await.unwrap();
    assert!(beat.starts_with(':'), "{beat}");
}

#[tokio::test]
async fn there_is_a_limit_to_how_many_streams_there_are() {
    let api = TestApi::new();
    let mut readers = Vec::new();
    for _ in 0..32 {
        readers.push(Reader::open(&api, None).await);
    }
    let response = open(&api, "", None).await;
    assert_eq!(response.status(), 429);
    let body = response.into_body().collect().await.unwrap().to_bytes();
    let problem: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(problem["type"], "urn:tollgate:problem:too_many_streams");
    readers.clear();
    ended_streams(&api).await;
    assert_eq!(
        open(&api, "", None).await.status(),
        200,
        "places that are free again are given out again"
    );
}

#[tokio::test]
async fn wrong_parameters_and_places_are_refused_before_anything_is_streamed() {
    let api = TestApi::new();
    api.get(&format!("{PATH}?status_class=x"))
        .await
        .faults(&["status_class"]);
    api.get(&format!("{PATH}?sort=cost_desc")).await.faults(&["sort"]);
    let answer = api
        .call(axum::http::Method::GET, PATH, &[("last-event-id", "7")], None)
        .await;
    answer.faults(&["last-event-id"]);
    assert_eq!(api.streams.len(), 0);
}

on_both!(commits_are_told_with_their_bill);

async fn commits_are_told_with_their_bill(api: DatabaseApi) {
    let mut reader = Reader::open(&api, None).await;
    let mut entry = billed_entry(1).journaled.entry;
    let amounts = entry.amounts;
    (entry.amounts, entry.verdict) = (None, Verdict::Unbilled(UnbilledReason::PriceNotFound));
    let log = RequestLog {
        request_id: entry.attempt.request_id,
        occurred_at: now(),
        ended_at: now(),
        key: Arc::clone(&entry.attempt.key),
        protocol: entry.attempt.protocol,
        path: "/v1/chat/completions".to_owned(),
        stream: true,
        model_requested: None,
        http_status: 200,
        error_origin: None,
        error: None,
        attempts: 1,
        upstream: None,
        ttft_us: None,
        duration_us: 2_000_000,
        caller: Arc::default(),
        routing: RoutingDecision::default(),
    };
    api.commit(1, vec![entry.clone()], vec![log]).await;
    let event = reader.next().await.unwrap();
    assert_eq!(
        (&event.data["billing_status"], &event.data["cost"]),
        (&json!("unbilled"), &Value::Null)
    );
    assert_eq!(event.data["tokens"]["output"], json!(1000));
    assert_eq!(event.data["tokens_per_second"], json!("500.000"));
    let repaired = LedgerEntry {
        revision: 1,
        kind: EntryKind::Adjustment,
        verdict: Verdict::Billed,
        amounts,
        adjustment: Some(AdjustmentRef {
            run_id: Uuid::from_u128(9),
            author: "ada".to_owned(),
            note: None,
        }),
        ..entry
    };
    api.commit_at(2, vec![repaired], now() + TimeDelta::seconds(1))
        .await;
    let event = reader.next().await.unwrap();
    assert_eq!(
        (&event.data["billing_status"], &event.data["cost"]),
        (&json!("billed"), &json!("0.0019125"))
    );
    api.stop.cancel();
    assert_eq!(reader.next().await.unwrap().name, "closing");
    api.streams.close();
    api.streams.wait().await;
}
