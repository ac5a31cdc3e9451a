//! Attempts through the recorder.

use tollgate_domain::{ModelName, Verdict};
use tollgate_journal::{Journal, JournalConfig};
use tollgate_ledger::{OpenError, WhenFull};

use crate::support::{book, completed, context, journal, journaled, reading, recorder, recorder_with};

#[tokio::test]
async fn a_settled_attempt_leaves_one_entry_and_nothing_open() {
    let dir = tempfile::tempdir().unwrap();
    let journal = journal(dir.path()).await;
    let recorder = recorder(&journal);
    let attempt = recorder.open(context(1), book()).await.unwrap();
    assert_eq!(recorder.stats().open, 1);
    attempt.settle(completed(reading(10, 5))).wait().await;
    assert_eq!(recorder.stats().open, 0);
    let entries = journaled(&journal).await;
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0].verdict, Verdict::Billed);
}

#[tokio::test]
async fn an_attempt_that_was_not_sent_leaves_no_entry() {
    let dir = tempfile::tempdir().unwrap();
    let journal = journal(dir.path()).await;
    let recorder = recorder(&journal);
    recorder.open(context(1), book()).await.unwrap().not_sent();
    assert!(journaled(&journal).await.is_empty());
    assert_eq!(recorder.stats().open, 0);
}

#[tokio::test]
async fn a_dropped_attempt_is_settled_as_interrupted() {
    let dir = tempfile::tempdir().unwrap();
    let journal = journal(dir.path()).await;
    drop(recorder(&journal).open(context(1), book()).await.unwrap());
    let entries = journaled(&journal).await;
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0].verdict.reason(), Some("interrupted"));
}

#[tokio::test]
async fn hostile_names_are_made_fit_to_store() {
    let dir = tempfile::tempdir().unwrap();
    let journal = journal(dir.path()).await;
    let mut hostile = context(1);
    hostile.model_requested = Some(ModelName::new("a\0b".repeat(10_000)));
    let attempt = recorder(&journal).open(hostile, book()).await.unwrap();
    let mut answer = reading(1, 1);
    answer.model_served = Some(ModelName::new("gpt-4o\0"));
    answer.provider_usage = Some("{\"x\":1}".repeat(20_000));
    attempt.settle(completed(answer)).wait().await;
    let entry = journaled(&journal).await.remove(0);
    let requested = entry.attempt.model_requested.clone().unwrap();
    assert!(requested.as_str().len() <= 512 && !requested.as_str().contains('\0'));
    assert_eq!(entry.outcome.model_served.unwrap().as_str(), "gpt-4o");
    assert_eq!(entry.provider_usage, None);
}

async fn tiny_journal(dir: &std::path::Path) -> Journal {
    let config = JournalConfig {
        segment_bytes: 16 << 10,
        disk_budget_bytes: 128 << 10,
        reserve_bytes: 64 << 10,
        ..JournalConfig::new(dir)
    };
    Journal::open(config, [7; 16]).await.unwrap().journal
}

#[tokio::test]
async fn a_full_journal_refuses_new_attempts_and_still_takes_the_ends_of_open_ones() {
    let dir = tempfile::tempdir().unwrap();
    let journal = tiny_journal(dir.path()).await;
    let recorder = recorder(&journal);
    let mut open = Vec::new();
    let refused = loop {
        match recorder.open(context(open.len() as u128), book()).await {
            Ok(attempt) => open.push(attempt),
            Err(error) => break error,
        }
    };
    assert!(matches!(refused, OpenError::JournalFull), "{refused}");
    let (first, count) = (open.remove(0), open.len());
    first.settle(completed(reading(1, 1))).wait().await;
    assert!(count > 1);
    assert_eq!(journaled(&journal).await.len(), 1);
    assert_eq!(recorder.stats().unsaved, 0);
}

#[tokio::test]
async fn a_full_journal_under_the_serve_policy_lets_requests_through_and_counts_them() {
    let dir = tempfile::tempdir().unwrap();
    let journal = tiny_journal(dir.path()).await;
    let recorder = recorder_with(&journal, WhenFull::Serve);
    let mut number = 0;
    while !journal.stats().full && number < 10_000 {
        number += 1;
        recorder
            .open(context(number), book())
            .await
            .unwrap()
            .settle(completed(reading(1, 1)))
            .wait()
            .await;
    }
    let before = recorder.stats().gap_attempts;
    for more in 0..3 {
        recorder
            .open(context(20_000 + more), book())
            .await
            .unwrap()
            .settle(completed(reading(1, 1)))
            .wait()
            .await;
    }
    assert_eq!(recorder.stats().gap_attempts, before + 3);
}
