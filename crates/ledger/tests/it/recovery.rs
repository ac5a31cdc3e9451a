//! After a crash.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tollgate_domain::{DeferredKind, Protocol};
use tollgate_ledger::{DeferredEnd, DeferredObject, Recorder, Writer, WriterConfig, WriterState, recover};

use crate::support::{
    FakeStore, FixedClock, at, book, completed, context, journal, journaled, reading, recorder,
};

#[tokio::test]
async fn attempts_open_at_a_crash_become_interrupted_once() {
    let dir = tempfile::tempdir().unwrap();
    {
        let journal = journal(dir.path()).await;
        let recorder = recorder(&journal);
        recorder
            .open(context(1), book())
            .await
            .unwrap()
            .settle(completed(reading(1, 1)))
            .wait()
            .await;
        recorder.open(context(2), book()).await.unwrap().not_sent();
        // A crash: neither settled nor dropped.
        std::mem::forget(recorder.open(context(3), book()).await.unwrap());
        journal.close().await.unwrap();
    }
    let journal = journal(dir.path()).await;
    let recorder = recorder(&journal);
    assert_eq!(recover(&recorder, &book()).unwrap().interrupted, 1);
    let entries = journaled(&journal).await;
    assert_eq!(entries.len(), 2);
    assert_eq!(entries[1].attempt.event_id, context(3).event_id);
    assert_eq!(entries[1].verdict.reason(), Some("interrupted"));
    // A second replay finds nothing new.
    assert_eq!(recover(&recorder, &book()).unwrap().interrupted, 0);
}

fn made(object: &str) -> DeferredObject {
    DeferredObject {
        kind: DeferredKind::Response,
        object_id: object.to_owned(),
        item_protocol: Protocol::OpenaiResponses,
        model: None,
        expires_at: at("2026-11-08T10:00:00Z"),
    }
}

async fn written(recorder: Recorder, store: &Arc<FakeStore>) {
    let writer = Writer::new(
        recorder,
        Arc::clone(store) as _,
        Arc::new(FixedClock),
        WriterConfig::default(),
        Arc::new(WriterState::default()),
    );
    let stop = CancellationToken::new();
    stop.cancel();
    writer.run(stop, Duration::from_secs(10)).await.unwrap();
}

#[tokio::test]
async fn an_attempt_that_was_handed_over_is_not_interrupted_but_written_as_what_it_waits_for() {
    let dir = tempfile::tempdir().unwrap();
    let operation = {
        let journal = journal(dir.path()).await;
        let recorder = recorder(&journal);
        let deferred = recorder
            .open(context(1), book())
            .await
            .unwrap()
            .defer(made("resp_1"));
        let operation = Arc::clone(&deferred.operation);
        deferred.wait().await;
        assert_eq!(recorder.stats().open, 0);
        journal.close().await.unwrap();
        operation
    };
    let journal = journal(dir.path()).await;
    let recorder = recorder(&journal);
    assert_eq!(recover(&recorder, &book()).unwrap().interrupted, 0);
    assert!(journaled(&journal).await.is_empty());
    let store = Arc::new(FakeStore::default());
    written(recorder.clone(), &store).await;
    assert_eq!(*store.deferred.lock().unwrap(), [(*operation).clone()]);
    assert_eq!(store.tries.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn settling_twice_makes_the_same_entry_where_the_provider_says_when_it_ended() {
    let dir = tempfile::tempdir().unwrap();
    let journal = journal(dir.path()).await;
    let recorder = recorder(&journal);
    let deferred = recorder
        .open(context(1), book())
        .await
        .unwrap()
        .defer(made("batch_1"));
    let operation = Arc::clone(&deferred.operation);
    let ended = |item: Option<&str>| DeferredEnd {
        item_id: item.map(str::to_owned),
        end: completed(reading(1_000, 100)),
        ended_at: Some(at("2026-11-05T12:00:00Z")),
    };
    for item in [Some("a"), Some("a"), Some("b"), None] {
        recorder
            .settle_deferred(&operation, &book(), ended(item))
            .wait()
            .await;
    }
    let entries = journaled(&journal).await;
    assert_eq!(entries[0], entries[1]);
    let events: Vec<_> = entries.iter().map(|entry| entry.attempt.event_id).collect();
    assert!(events[1] != events[2] && events[2] != events[3]);
    assert_eq!(events[3], context(1).event_id);
    // An item is priced in the batch tier, the whole as it was asked for.
    let tiers: Vec<_> = entries
        .iter()
        .map(|entry| entry.attempt.tier_requested.as_deref())
        .collect();
    assert_eq!(tiers, [Some("batch"), Some("batch"), Some("batch"), None]);
    assert_eq!(entries[2].amounts.unwrap().cost.to_string(), "0.00175");
    assert_eq!(entries[3].amounts.unwrap().cost.to_string(), "0.0035");
}
