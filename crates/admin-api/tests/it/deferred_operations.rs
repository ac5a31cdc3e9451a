use std::sync::Arc;

use serde_json::{Value, json};
use tollgate_domain::ports::{DeferredFilter, DeferredRow, DeferredState};
use tollgate_domain::{DeferredKind, DeferredOperation, EventId, KeyId, Protocol, UpstreamId};
use uuid::Uuid;

use crate::build::billed_entry;
use crate::fake::Failure;
use crate::test_api::{TestApi, now};

const PATH: &str = "/api/admin/deferred-operations";

/// An open batch, `number` seconds old.
fn row(number: u32) -> DeferredRow {
    let mut attempt = (*billed_entry(1).journaled.entry.attempt).clone();
    attempt.event_id = EventId::new(Uuid::from_u128(0xD000 + u128::from(number)));
    let created_at = now() - chrono::TimeDelta::seconds(i64::from(number));
    DeferredRow {
        operation: DeferredOperation {
            attempt: Arc::new(attempt),
            kind: DeferredKind::OpenaiBatch,
            object_id: format!("batch_{number}"),
            item_protocol: Protocol::OpenaiChat,
            created_at,
            expires_at: created_at + chrono::TimeDelta::hours(72),
        },
        state: DeferredState::Open,
        duplicate: false,
        polls: 3,
        next_poll_at: now(),
        held: None,
        provider_state: Some("in_progress".to_owned()),
        problem: Some("the upstream answered 500".to_owned()),
        settled_at: None,
    }
}

#[tokio::test]
async fn every_row_says_what_it_waits_for() {
    let api = TestApi::new();
    let mut settled = row(2);
    settled.state = DeferredState::Settled;
    settled.settled_at = Some(now());
    settled.problem = None;
    api.store.shelves().deferred.extend([settled, row(1)]);
    let answer = api.get(PATH).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let body = answer.json();
    let open = &body["items"][0];
    assert_eq!(
        (&open["state"], &open["kind"], &open["object_id"], &open["looks"]),
        (
            &json!("open"),
            &json!("openai_batch"),
            &json!("batch_1"),
            &json!(3)
        )
    );
    assert_eq!(open["provider_state"], "in_progress");
    assert_eq!(open["problem"], "the upstream answered 500");
    assert_eq!(open["settled_at"], Value::Null);
    assert!(open["next_look_at"].is_string());
    let settled = &body["items"][1];
    assert_eq!(settled["state"], "settled");
    assert_eq!(settled["next_look_at"], Value::Null);
    assert!(settled["settled_at"].is_string());
}

#[tokio::test]
async fn pages_join_newest_first() {
    let api = TestApi::new();
    api.store.shelves().deferred.extend((1..=5).map(row));
    let (mut seen, mut query) = (Vec::new(), "?limit=2".to_owned());
    loop {
        let page = api.get(&format!("{PATH}{query}")).await.json();
        let items = page["items"].as_array().unwrap();
        seen.extend(
            items
                .iter()
                .map(|row| row["object_id"].as_str().unwrap().to_owned()),
        );
        match page["next_cursor"].as_str() {
            Some(cursor) => query = format!("?limit=2&cursor={cursor}"),
            None => break,
        }
    }
    assert_eq!(seen, ["batch_1", "batch_2", "batch_3", "batch_4", "batch_5"]);
}

#[tokio::test]
async fn filters_reach_the_store_as_asked() {
    let api = TestApi::new();
    let (key, upstream) = (Uuid::from_u128(2), Uuid::from_u128(3));
    let query = format!(
        "?state=open&kind=anthropic_batch&key_id={key}&upstream_id={upstream}&object_id=msgbatch%5F1&limit=200"
    );
    assert_eq!(api.get(&format!("{PATH}{query}")).await.status, 200);
    let expected = DeferredFilter {
        event_id: None,
        state: Some(DeferredState::Open),
        kind: Some(DeferredKind::AnthropicBatch),
        upstream_id: Some(UpstreamId::new(upstream)),
        key_id: Some(KeyId::new(key)),
        object_id: Some("msgbatch_1".to_owned()),
    };
    assert_eq!(api.store.shelves().asked_deferred, Some(expected));
}

#[tokio::test]
async fn every_wrong_parameter_is_named_with_its_value() {
    let api = TestApi::new();
    for (query, field, says) in [
        ("state=done", "state", "open, settled"),
        ("kind=job", "kind", "openai_batch"),
        ("key_id=7", "key_id", "UUID"),
        ("upstream_id=", "upstream_id", "UUID"),
        ("object_id=", "object_id", "empty"),
        ("limit=0", "limit", "1..=200"),
        ("limit=201", "limit", "201"),
        ("cursor=abc", "cursor", "abc"),
        ("event_id=1", "event_id", "not a parameter"),
        ("limit=1&limit=2", "limit", "more than once"),
    ] {
        let answer = api.get(&format!("{PATH}?{query}")).await;
        let messages = answer.faults(&[field]);
        assert!(messages[0].contains(says), "{}", answer.text);
    }
    assert!(api.store.shelves().asked_deferred.is_none());
}

#[tokio::test]
async fn a_database_that_is_away_is_said_to_be() {
    let api = TestApi::new();
    api.store.shelves().failure = Some(Failure::Unavailable);
    assert_eq!(api.get(PATH).await.status, 503);
}
