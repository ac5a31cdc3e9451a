//! After a crash.

use tollgate_ledger::recover;

use crate::support::{book, completed, context, journal, journaled, reading, recorder};

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
