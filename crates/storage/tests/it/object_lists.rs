//! The objects of one key, as its lists show them.

use std::sync::Arc;

use chrono::TimeDelta;
use tollgate_domain::ports::{
    DeferredStore as _, FileFilter, FileNaming, HiddenObject, ObjectListStore as _, ObjectListing,
    ObjectOrder, ObjectPlace,
};
use tollgate_domain::{
    DeferredKind, DeferredOperation, EventId, KeyId, Protocol, Timestamp, UpstreamId, UpstreamObject,
};

use crate::fixture::Fixture;
use crate::on_both;
use crate::samples::{billed, id, noon};

on_both!(
    a_key_lists_its_own_operations_of_one_kind,
    a_list_goes_on_behind_any_place_in_both_directions,
    an_operation_made_twice_is_listed_once,
    files_are_listed_by_whose_they_are_and_what_they_hold,
    a_hidden_object_comes_back_when_its_time_is_over,
);

fn later(minutes: i64) -> Timestamp {
    noon() + TimeDelta::minutes(minutes)
}

/// The n-th operation of a key, made at the given minute.
fn operation(n: u32, key: u32, object: &str, minute: i64) -> DeferredOperation {
    let mut attempt = (*billed(n, "1").attempt).clone();
    attempt.facts.deferred = None;
    let mut owner = (*attempt.key).clone();
    owner.id = KeyId::new(id(key));
    attempt.key = Arc::new(owner);
    DeferredOperation {
        attempt: Arc::new(attempt),
        kind: DeferredKind::OpenaiBatch,
        object_id: object.to_owned(),
        item_protocol: Protocol::OpenaiChat,
        created_at: later(minute),
        expires_at: later(1_000),
    }
}

fn listing(key: u32, limit: u16) -> ObjectListing {
    ObjectListing {
        key_id: KeyId::new(id(key)),
        after: None,
        order: ObjectOrder::NewestFirst,
        limit,
        now: later(100),
    }
}

fn behind(object: &str, minute: i64, order: ObjectOrder) -> ObjectListing {
    ObjectListing {
        after: Some(ObjectPlace {
            created_at: later(minute),
            object_id: object.to_owned(),
        }),
        order,
        ..listing(1, 2)
    }
}

async fn open(fixture: &Fixture, operations: Vec<DeferredOperation>) {
    fixture.store.open_deferred(operations, noon()).await.unwrap();
}

async fn batches(fixture: &Fixture, listing: ObjectListing) -> Vec<String> {
    let rows = fixture
        .store
        .list_operations(DeferredKind::OpenaiBatch, listing)
        .await;
    let names = rows.unwrap().into_iter().map(|row| row.operation.object_id);
    names.collect()
}

async fn a_key_lists_its_own_operations_of_one_kind(fixture: Fixture) {
    let mut other_kind = operation(3, 1, "msgbatch_3", 3);
    other_kind.kind = DeferredKind::AnthropicBatch;
    let operations = vec![
        operation(1, 1, "batch_1", 1),
        operation(2, 2, "batch_2", 2),
        other_kind,
        operation(4, 1, "batch_4", 4),
    ];
    open(&fixture, operations).await;
    assert_eq!(batches(&fixture, listing(1, 9)).await, ["batch_4", "batch_1"]);
    assert_eq!(batches(&fixture, listing(2, 9)).await, ["batch_2"]);
    assert!(batches(&fixture, listing(3, 9)).await.is_empty());
}

async fn a_list_goes_on_behind_any_place_in_both_directions(fixture: Fixture) {
    // Two of them were made in the same instant.
    let operations = vec![
        operation(1, 1, "batch_a", 1),
        operation(2, 1, "batch_b", 2),
        operation(3, 1, "batch_c", 2),
        operation(4, 1, "batch_d", 3),
    ];
    open(&fixture, operations).await;
    let (newest, oldest) = (ObjectOrder::NewestFirst, ObjectOrder::OldestFirst);
    assert_eq!(batches(&fixture, listing(1, 2)).await, ["batch_d", "batch_c"]);
    for (place, minute, order, expected) in [
        ("batch_d", 3, newest, vec!["batch_c", "batch_b"]),
        ("batch_c", 2, newest, vec!["batch_b", "batch_a"]),
        ("batch_b", 2, newest, vec!["batch_a"]),
        ("batch_a", 1, newest, vec![]),
        ("batch_a", 1, oldest, vec!["batch_b", "batch_c"]),
        ("batch_b", 2, oldest, vec!["batch_c", "batch_d"]),
        ("batch_d", 3, oldest, vec![]),
    ] {
        let found = batches(&fixture, behind(place, minute, order)).await;
        assert_eq!(found, expected, "{place} {order:?}");
    }
}

async fn an_operation_made_twice_is_listed_once(fixture: Fixture) {
    let operations = vec![
        operation(1, 1, "batch_1", 1),
        operation(2, 1, "batch_1", 2),
        // Another key was answered with the same object: it has it, too.
        operation(3, 2, "batch_1", 3),
    ];
    open(&fixture, operations).await;
    assert_eq!(batches(&fixture, listing(1, 9)).await, ["batch_1"]);
    assert_eq!(batches(&fixture, listing(2, 9)).await, ["batch_1"]);
}

fn file(object: &str, key: u32, minute: i64, result: bool) -> UpstreamObject {
    UpstreamObject {
        upstream_id: UpstreamId::new(id(1)),
        object_id: object.to_owned(),
        key_id: KeyId::new(id(key)),
        model: None,
        models: None,
        event_id: result.then(|| EventId::new(id(4))),
        created_at: later(minute),
    }
}

async fn files(
    fixture: &Fixture,
    naming: FileNaming,
    results: Option<bool>,
    listing: ObjectListing,
) -> Vec<String> {
    let filter = FileFilter { naming, results };
    let found = fixture.store.list_files(filter, listing).await.unwrap();
    found.into_iter().map(|file| file.object_id).collect()
}

async fn files_are_listed_by_whose_they_are_and_what_they_hold(fixture: Fixture) {
    let stored = vec![
        file("file-1", 1, 1, false),
        file("file-2", 1, 2, true),
        file("file-3", 2, 3, false),
        file("files/4", 1, 4, false),
        file("upload:5", 1, 5, false),
    ];
    fixture.store.put_objects(stored).await.unwrap();
    let list = |naming, results| files(&fixture, naming, results, listing(1, 9));
    assert_eq!(list(FileNaming::Openai, None).await, ["file-2", "file-1"]);
    assert_eq!(list(FileNaming::Openai, Some(true)).await, ["file-2"]);
    assert_eq!(list(FileNaming::Openai, Some(false)).await, ["file-1"]);
    assert_eq!(list(FileNaming::Gemini, None).await, ["files/4"]);
    let oldest = ObjectListing {
        order: ObjectOrder::OldestFirst,
        ..listing(1, 1)
    };
    assert_eq!(
        files(&fixture, FileNaming::Openai, None, oldest).await,
        ["file-1"]
    );
    let next = behind("file-2", 2, ObjectOrder::NewestFirst);
    assert_eq!(files(&fixture, FileNaming::Openai, None, next).await, ["file-1"]);
}

async fn a_hidden_object_comes_back_when_its_time_is_over(fixture: Fixture) {
    let made = operation(1, 1, "batch_1", 1);
    let upstream_id = made.attempt.upstream.id;
    open(&fixture, vec![made, operation(2, 1, "batch_2", 2)]).await;
    fixture
        .store
        .put_objects(vec![file("file-1", 1, 1, false)])
        .await
        .unwrap();
    let hide = |upstream_id, object: &str, minute| {
        let object = HiddenObject {
            upstream_id,
            object_id: object.to_owned(),
            until: later(minute),
        };
        fixture.store.hide_objects(vec![object])
    };
    hide(upstream_id, "batch_1", 101).await.unwrap();
    // One of the same name elsewhere is another one.
    hide(UpstreamId::new(id(77)), "batch_2", 500).await.unwrap();
    hide(UpstreamId::new(id(1)), "file-1", 101).await.unwrap();
    assert_eq!(batches(&fixture, listing(1, 9)).await, ["batch_2"]);
    assert!(
        files(&fixture, FileNaming::Openai, None, listing(1, 9))
            .await
            .is_empty()
    );
    let then = |minute| ObjectListing {
        now: later(minute),
        ..listing(1, 9)
    };
    assert_eq!(batches(&fixture, then(101)).await, ["batch_2", "batch_1"]);
    hide(upstream_id, "batch_1", 200).await.unwrap();
    assert_eq!(batches(&fixture, then(101)).await, ["batch_2"]);
    assert_eq!(
        files(&fixture, FileNaming::Openai, None, then(101)).await,
        ["file-1"]
    );
}
