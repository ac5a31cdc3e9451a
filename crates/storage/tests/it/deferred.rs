//! What is used later than it is asked for.

use std::sync::Arc;

use chrono::TimeDelta;
use tollgate_domain::ports::{
    DeferredCursor, DeferredFilter, DeferredRelease, DeferredState, DeferredStore as _, LedgerStore as _,
    LedgerWrite, LogStore as _,
};
use tollgate_domain::{
    DeferredKind, DeferredOperation, EventId, JournalId, KeyId, LedgerEntry, ModelName, Protocol, RequestId,
    RequestStatus, Timestamp, UpstreamId, UpstreamObject,
};
use uuid::Uuid;

use crate::fixture::Fixture;
use crate::on_both;
use crate::samples::{billed, id, journaled, noon, request};

on_both!(
    an_operation_is_handed_over_once_and_found_by_its_key_alone,
    of_many_who_claim_one_gets_it,
    a_claim_that_ran_out_or_was_given_back_is_free_again,
    what_is_due_is_claimed_in_its_order,
    an_entry_settles_its_operation_in_its_own_transaction,
    a_request_is_not_free_while_its_usage_is_to_come,
    an_object_made_twice_is_kept_as_a_duplicate,
    the_list_is_paged_and_filtered,
    objects_are_known_to_their_key,
);

fn later(minutes: i64) -> Timestamp {
    noon() + TimeDelta::minutes(minutes)
}

fn replica(n: u32) -> JournalId {
    JournalId::new(id(950_000 + n))
}

fn operation(n: u32, object: &str, kind: DeferredKind) -> DeferredOperation {
    let mut attempt = (*billed(n, "1").attempt).clone();
    attempt.facts.deferred = None;
    DeferredOperation {
        attempt: Arc::new(attempt),
        kind,
        object_id: object.to_owned(),
        item_protocol: Protocol::OpenaiResponses,
        created_at: later(i64::from(n)),
        expires_at: later(1_000),
    }
}

fn response(n: u32) -> DeferredOperation {
    operation(n, &format!("resp_{n}"), DeferredKind::Response)
}

fn key_of(operation: &DeferredOperation) -> KeyId {
    operation.attempt.key.id
}

fn event(operation: &DeferredOperation) -> EventId {
    operation.attempt.event_id
}

/// The entry of the n-th operation itself.
fn entry(n: u32, item: Option<&str>) -> LedgerEntry {
    let mut entry = billed(n, "0.25");
    let mut attempt = (*entry.attempt).clone();
    let operation = response(n);
    attempt.facts.deferred = Some(operation.reference(item.map(str::to_owned)));
    if let Some(item) = item {
        attempt.event_id = operation.item_event(item);
    }
    entry.attempt = Arc::new(attempt);
    entry
}

async fn open(fixture: &Fixture, operations: Vec<DeferredOperation>) {
    fixture.store.open_deferred(operations, noon()).await.unwrap();
}

async fn commit(fixture: &Fixture, write: LedgerWrite) {
    fixture.store.commit(write, noon()).await.unwrap();
}

async fn an_operation_is_handed_over_once_and_found_by_its_key_alone(fixture: Fixture) {
    let wanted = response(1);
    open(&fixture, vec![wanted.clone()]).await;
    // The journal's writer hands it over once more, and a replay again.
    for _ in 0..2 {
        let write = LedgerWrite {
            deferred: vec![wanted.clone()],
            ..LedgerWrite::default()
        };
        commit(&fixture, write).await;
    }
    assert_eq!(fixture.count("deferred_operations").await, 1);
    let find = |object: &str, key| fixture.store.deferred_object(object.to_owned(), key);
    let found = find("resp_1", key_of(&wanted)).await.unwrap().unwrap();
    assert_eq!(found.operation, wanted);
    assert_eq!(
        (found.state, found.duplicate, found.polls),
        (DeferredState::Open, false, 0)
    );
    let stranger = KeyId::new(id(5));
    assert_eq!(find("resp_1", stranger).await.unwrap(), None);
    assert_eq!(find("resp_2", key_of(&wanted)).await.unwrap(), None);
}

async fn of_many_who_claim_one_gets_it(fixture: Fixture) {
    let wanted = response(1);
    open(&fixture, vec![wanted.clone()]).await;
    let claims = (0..8).map(|n| {
        let store = Arc::clone(&fixture.store);
        let event = event(&wanted);
        async move {
            store
                .claim_deferred(event, replica(n), later(5), later(1))
                .await
                .unwrap()
        }
    });
    let claims = futures_util::future::join_all(claims).await;
    assert_eq!(claims.iter().flatten().count(), 1, "{claims:?}");
}

async fn a_claim_that_ran_out_or_was_given_back_is_free_again(fixture: Fixture) {
    let wanted = response(1);
    open(&fixture, vec![wanted.clone()]).await;
    let claim = |n, until, now| {
        fixture
            .store
            .claim_deferred(event(&wanted), replica(n), until, now)
    };
    let first = claim(1, later(5), later(1)).await.unwrap().unwrap();
    assert_eq!(claim(2, later(6), later(4)).await.unwrap(), None);
    let second = claim(2, later(9), later(5)).await.unwrap().unwrap();
    assert!(second.fence > first.fence);
    // The first has lost it for good.
    assert!(!fixture.store.keep_deferred(first, later(20)).await.unwrap());
    assert!(fixture.store.keep_deferred(second, later(10)).await.unwrap());
    let release = DeferredRelease {
        next_poll_at: later(30),
        provider_state: Some("in_progress".to_owned()),
        problem: None,
    };
    fixture
        .store
        .release_deferred(first, release.clone())
        .await
        .unwrap();
    assert_eq!(claim(3, later(9), later(6)).await.unwrap(), None);
    fixture.store.release_deferred(second, release).await.unwrap();
    let row = fixture
        .store
        .deferred_object("resp_1".to_owned(), key_of(&wanted))
        .await
        .unwrap()
        .unwrap();
    assert_eq!((row.polls, row.next_poll_at, row.held), (1, later(30), None));
    assert_eq!(row.provider_state.as_deref(), Some("in_progress"));
    // A restarted process gives back what it held, and only that.
    claim(3, later(99), later(7)).await.unwrap().unwrap();
    assert_eq!(fixture.store.release_held_deferred(replica(2)).await.unwrap(), 0);
    assert_eq!(fixture.store.release_held_deferred(replica(3)).await.unwrap(), 1);
    claim(4, later(99), later(8)).await.unwrap().unwrap();
}

async fn what_is_due_is_claimed_in_its_order(fixture: Fixture) {
    open(&fixture, vec![response(1), response(2), response(3)]).await;
    let due = |now, limit| {
        fixture
            .store
            .claim_due_deferred(replica(1), later(60), now, limit)
    };
    assert!(due(noon() - TimeDelta::minutes(1), 9).await.unwrap().is_empty());
    let first = due(later(1), 2).await.unwrap();
    assert_eq!(first.len(), 2);
    let rest = due(later(1), 9).await.unwrap();
    assert_eq!(rest.len(), 1);
    assert_ne!(rest[0].1.operation, first[0].1.operation);
    // Not before its time, unless somebody has reason to look.
    let (claim, row) = &rest[0];
    let release = DeferredRelease {
        next_poll_at: later(30),
        provider_state: None,
        problem: Some("the upstream answered 500".to_owned()),
    };
    fixture.store.release_deferred(*claim, release).await.unwrap();
    assert!(due(later(2), 9).await.unwrap().is_empty());
    fixture
        .store
        .nudge_deferred(event(&row.operation), later(2))
        .await
        .unwrap();
    let counted = |now| fixture.store.deferred_due(now);
    assert_eq!(counted(later(2)).await.unwrap(), 1);
    let again = due(later(2), 9).await.unwrap();
    assert_eq!(again.len(), 1);
    assert_eq!(again[0].1.problem.as_deref(), Some("the upstream answered 500"));
    // What is held is not due, and what is made due is looked at before its time.
    assert_eq!(counted(later(2)).await.unwrap(), 0);
    let release = DeferredRelease {
        next_poll_at: later(9_000),
        provider_state: None,
        problem: None,
    };
    fixture.store.release_deferred(again[0].0, release).await.unwrap();
    assert_eq!(counted(later(2)).await.unwrap(), 0);
    fixture.store.nudge_all_deferred(later(2)).await.unwrap();
    assert_eq!(counted(later(2)).await.unwrap(), 1);
}

async fn an_entry_settles_its_operation_in_its_own_transaction(fixture: Fixture) {
    let wanted = response(1);
    open(&fixture, vec![wanted.clone(), response(2)]).await;
    let summary = fixture.store.deferred_summary().await.unwrap();
    assert_eq!((summary.open, summary.oldest), (2, Some(later(1))));
    // An item's entry is not the batch's end.
    let item = entry(1, Some("a"));
    let events = vec![item.attempt.event_id, EventId::new(Uuid::nil())];
    commit(
        &fixture,
        LedgerWrite {
            entries: journaled(1, vec![item.clone()]),
            ..LedgerWrite::default()
        },
    )
    .await;
    assert_eq!(
        fixture.store.settled_events(events).await.unwrap(),
        [item.attempt.event_id]
    );
    assert_eq!(fixture.store.deferred_summary().await.unwrap().open, 2);
    // The note of the operation and its entry may come in one batch.
    let write = LedgerWrite {
        entries: journaled(2, vec![entry(1, None)]),
        deferred: vec![wanted.clone()],
        ..LedgerWrite::default()
    };
    commit(&fixture, write.clone()).await;
    commit(&fixture, write).await;
    assert_eq!(fixture.store.deferred_summary().await.unwrap().open, 1);
    let row = fixture
        .store
        .deferred_object("resp_1".to_owned(), key_of(&wanted))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (row.state, row.settled_at),
        (DeferredState::Settled, Some(noon()))
    );
    let claim = fixture
        .store
        .claim_deferred(event(&wanted), replica(1), later(9), later(1));
    assert_eq!(claim.await.unwrap(), None);
    assert_eq!(fixture.count("ledger_entries").await, 2);
    assert_eq!(fixture.count("ledger_conflicts").await, 0);
    // How long it took is nobody's latency.
    fixture.add_up().await;
    assert_eq!(fixture.count("rollup_histograms").await, 0);
}

async fn a_request_is_not_free_while_its_usage_is_to_come(fixture: Fixture) {
    let request_id = billed(1, "1").attempt.request_id;
    let mut log = request(1);
    log.request_id = request_id;
    let write = LedgerWrite {
        logs: vec![log],
        deferred: vec![response(1)],
        ..LedgerWrite::default()
    };
    commit(&fixture, write).await;
    let row = stored(&fixture, request_id).await;
    assert_eq!((row.0, row.1), (RequestStatus::Unbilled, false));
    let items = vec![entry(1, Some("a")), entry(1, Some("b")), entry(1, None)];
    commit(
        &fixture,
        LedgerWrite {
            entries: journaled(1, items),
            ..LedgerWrite::default()
        },
    )
    .await;
    let row = stored(&fixture, request_id).await;
    assert_eq!((row.0, row.1), (RequestStatus::Billed, true));
}

async fn stored(fixture: &Fixture, id: RequestId) -> (RequestStatus, bool) {
    let row = fixture.store.request_log(id).await.unwrap().unwrap();
    (row.status, row.cost.is_some())
}

async fn an_object_made_twice_is_kept_as_a_duplicate(fixture: Fixture) {
    let (first, second) = (response(1), operation(2, "resp_1", DeferredKind::Response));
    open(&fixture, vec![first.clone(), second.clone()]).await;
    open(&fixture, vec![second.clone()]).await;
    assert_eq!(fixture.count("deferred_operations").await, 2);
    let due = fixture
        .store
        .claim_due_deferred(replica(1), later(9), later(1), 9)
        .await
        .unwrap();
    let mut duplicates: Vec<_> = due
        .iter()
        .map(|(_, row)| (event(&row.operation), row.duplicate))
        .collect();
    duplicates.sort_unstable();
    assert_eq!(duplicates, [(event(&first), false), (event(&second), true)]);
    // Looked for by its name it is the first one.
    let found = fixture
        .store
        .deferred_object("resp_1".to_owned(), key_of(&first))
        .await
        .unwrap();
    assert_eq!(found.unwrap().operation, first);
}

async fn the_list_is_paged_and_filtered(fixture: Fixture) {
    let batch = operation(4, "batch_4", DeferredKind::OpenaiBatch);
    open(
        &fixture,
        vec![response(1), response(2), response(3), batch.clone()],
    )
    .await;
    let list = |filter: DeferredFilter, after| fixture.store.deferred_operations(filter, after, 2);
    let all = DeferredFilter::default;
    let page = list(all(), None).await.unwrap();
    let names = |rows: &[tollgate_domain::ports::DeferredRow]| -> Vec<String> {
        rows.iter().map(|row| row.operation.object_id.clone()).collect()
    };
    assert_eq!(names(&page), ["batch_4", "resp_3"]);
    let after = DeferredCursor {
        created_at: page[1].operation.created_at,
        event_id: event(&page[1].operation),
    };
    assert_eq!(
        names(&list(all(), Some(after)).await.unwrap()),
        ["resp_2", "resp_1"]
    );
    let kind = DeferredFilter {
        kind: Some(DeferredKind::OpenaiBatch),
        ..all()
    };
    assert_eq!(names(&list(kind, None).await.unwrap()), ["batch_4"]);
    let object = DeferredFilter {
        object_id: Some("resp_2".to_owned()),
        ..all()
    };
    assert_eq!(names(&list(object, None).await.unwrap()), ["resp_2"]);
    let none = [
        DeferredFilter {
            state: Some(DeferredState::Settled),
            ..all()
        },
        DeferredFilter {
            upstream_id: Some(UpstreamId::new(id(9))),
            ..all()
        },
        DeferredFilter {
            key_id: Some(KeyId::new(id(9))),
            ..all()
        },
    ];
    for filter in none {
        assert!(list(filter, None).await.unwrap().is_empty());
    }
}

async fn objects_are_known_to_their_key(fixture: Fixture) {
    let object = UpstreamObject {
        upstream_id: UpstreamId::new(id(1)),
        object_id: "file-1".to_owned(),
        key_id: KeyId::new(id(2)),
        model: Some(ModelName::new("gpt-4o")),
        models: Some(vec![ModelName::new("gpt-4o")]),
        event_id: Some(EventId::new(id(4))),
        created_at: noon(),
    };
    let unread = UpstreamObject {
        object_id: "file-2".to_owned(),
        models: None,
        ..object.clone()
    };
    let taken = UpstreamObject {
        key_id: KeyId::new(id(3)),
        ..object.clone()
    };
    for objects in [vec![object.clone(), unread.clone()], vec![object.clone(), taken]] {
        fixture.store.put_objects(objects).await.unwrap();
    }
    let find = |key| fixture.store.object("file-1".to_owned(), KeyId::new(id(key)));
    assert_eq!(find(2).await.unwrap(), Some(object));
    let found = fixture.store.object("file-2".to_owned(), KeyId::new(id(2))).await;
    assert_eq!(found.unwrap(), Some(unread));
    // Nobody takes another's file over by naming it.
    assert_eq!(find(3).await.unwrap(), None);
}
