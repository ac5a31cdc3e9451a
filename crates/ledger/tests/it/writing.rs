//! The writer against a store that fails.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tollgate_domain::Verdict;
use tollgate_journal::Journal;
use tollgate_ledger::{LedgerError, Recorder, Writer, WriterConfig, WriterState, recover};

use crate::support::{FakeStore, FixedClock, book, completed, context, journal, reading, recorder};

struct Running {
    store: Arc<FakeStore>,
    state: Arc<WriterState>,
    stop: CancellationToken,
    task: JoinHandle<Result<(), LedgerError>>,
}

fn start(recorder: &Recorder, store: Arc<FakeStore>) -> Running {
    start_with(
        recorder,
        store,
        WriterConfig {
            linger: Duration::ZERO,
            ..WriterConfig::default()
        },
    )
}

#[expect(clippy::disallowed_methods, reason = "the test waits for the task itself")]
fn start_with(recorder: &Recorder, store: Arc<FakeStore>, config: WriterConfig) -> Running {
    let (state, stop) = (Arc::new(WriterState::default()), CancellationToken::new());
    let writer = Writer::new(
        recorder.clone(),
        Arc::clone(&store) as _,
        Arc::new(FixedClock),
        config,
        Arc::clone(&state),
    );
    let task = tokio::spawn(writer.run(stop.clone(), Duration::from_secs(10)));
    Running {
        store,
        state,
        stop,
        task,
    }
}

async fn settle(recorder: &Recorder, numbers: std::ops::Range<u128>) {
    for number in numbers {
        recorder
            .open(context(number), book())
            .await
            .unwrap()
            .settle(completed(reading(1, 1)))
            .wait()
            .await;
    }
}

async fn until(condition: impl Fn() -> bool) {
    while !condition() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_settled_is_written_and_marked() {
    let dir = tempfile::tempdir().unwrap();
    let journal = journal(dir.path()).await;
    let recorder = recorder(&journal);
    let running = start(&recorder, Arc::default());
    settle(&recorder, 0..50).await;
    until(|| running.store.rows.lock().unwrap().len() == 50).await;
    running.stop.cancel();
    running.task.await.unwrap().unwrap();
    let sequences: Vec<u64> = running
        .store
        .rows
        .lock()
        .unwrap()
        .values()
        .map(|row| row.journal_seq)
        .collect();
    assert_eq!(sequences, (1..=50).collect::<Vec<_>>());
    assert_eq!(running.state.committed_seq(), 50);
    assert_eq!(journal.last_mark().committed, journal.stats().last_position);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_right_after_the_last_settlement_still_writes_it() {
    for _ in 0..20 {
        let dir = tempfile::tempdir().unwrap();
        let journal = journal(dir.path()).await;
        let recorder = recorder(&journal);
        let running = start(&recorder, Arc::default());
        settle(&recorder, 0..3).await;
        running.stop.cancel();
        running.task.await.unwrap().unwrap();
        assert_eq!(running.store.rows.lock().unwrap().len(), 3);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_the_store_is_away_nothing_is_lost_and_afterwards_all_is_there() {
    let dir = tempfile::tempdir().unwrap();
    let journal = journal(dir.path()).await;
    let recorder = recorder(&journal);
    let store = Arc::new(FakeStore::default());
    store.away.store(true, Ordering::SeqCst);
    let running = start(&recorder, store);
    settle(&recorder, 0..20).await;
    until(|| running.store.tries.load(Ordering::SeqCst) > 1).await;
    assert!(running.state.database_away());
    running.store.away.store(false, Ordering::SeqCst);
    until(|| running.store.rows.lock().unwrap().len() == 20).await;
    running.stop.cancel();
    running.task.await.unwrap().unwrap();
    assert!(!running.state.database_away());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_whose_answer_got_lost_is_repeated_without_harm() {
    let dir = tempfile::tempdir().unwrap();
    let journal = journal(dir.path()).await;
    let recorder = recorder(&journal);
    let store = Arc::new(FakeStore::default());
    store.forget_answer.store(true, Ordering::SeqCst);
    let running = start(&recorder, store);
    settle(&recorder, 0..10).await;
    until(|| running.state.committed_seq() == 10).await;
    running.stop.cancel();
    running.task.await.unwrap().unwrap();
    assert_eq!(running.store.rows.lock().unwrap().len(), 10);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_not_written_before_a_stop_is_written_after_the_next_start() {
    let dir = tempfile::tempdir().unwrap();
    let store = Arc::new(FakeStore::default());
    store.away.store(true, Ordering::SeqCst);
    {
        let journal = journal(dir.path()).await;
        let recorder = recorder(&journal);
        let running = start(&recorder, Arc::clone(&store));
        settle(&recorder, 0..5).await;
        running.task.abort();
        drop(running.task.await);
        close(&journal).await;
    }
    store.away.store(false, Ordering::SeqCst);
    let journal = journal(dir.path()).await;
    let recorder = recorder(&journal);
    let running = start(&recorder, store);
    until(|| running.store.rows.lock().unwrap().len() == 5).await;
    running.stop.cancel();
    running.task.await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_entry_the_database_refuses_for_good_is_written_unbilled_and_holds_up_no_other() {
    let dir = tempfile::tempdir().unwrap();
    let journal = journal(dir.path()).await;
    let recorder = recorder(&journal);
    let store = Arc::new(FakeStore::default());
    *store.poison.lock().unwrap() = Some(context(7).event_id);
    let running = start(&recorder, store);
    settle(&recorder, 0..30).await;
    until(|| running.store.rows.lock().unwrap().len() == 30).await;
    running.stop.cancel();
    running.task.await.unwrap().unwrap();
    let rows = running.store.rows.lock().unwrap();
    let refused = &rows[&(context(7).event_id, 0)].entry;
    assert_eq!(refused.verdict.reason(), Some("calculation_error"));
    assert!(
        refused
            .detail
            .as_deref()
            .unwrap_or_default()
            .contains("out of range")
    );
    assert!(refused.usage.is_some() && refused.amounts.is_none());
    let billed = rows
        .values()
        .filter(|row| row.entry.verdict == Verdict::Billed)
        .count();
    assert_eq!((billed, running.state.defused()), (29, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_while_the_writer_waits_for_company_loses_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let journal = journal(dir.path()).await;
    let recorder = recorder(&journal);
    let config = WriterConfig {
        linger: Duration::from_secs(30),
        ..WriterConfig::default()
    };
    let running = start_with(&recorder, Arc::default(), config);
    settle(&recorder, 0..3).await;
    journal.flush().await.unwrap();
    tokio::task::yield_now().await;
    running.stop.cancel();
    running.task.await.unwrap().unwrap();
    assert_eq!(running.store.rows.lock().unwrap().len(), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mark_that_cannot_be_written_stops_nothing_and_is_seen() {
    let dir = tempfile::tempdir().unwrap();
    let journal = journal(dir.path()).await;
    let recorder = recorder(&journal);
    let config = WriterConfig {
        linger: Duration::ZERO,
        mark_every: Duration::ZERO,
        ..WriterConfig::default()
    };
    let running = start_with(&recorder, Arc::default(), config);
    settle(&recorder, 0..1).await;
    until(|| running.store.rows.lock().unwrap().len() == 1).await;
    // A directory where the mark's file belongs: replacing it fails.
    let mark = dir.path().join("mark");
    until(|| mark.is_file()).await;
    std::fs::remove_file(&mark).unwrap();
    std::fs::create_dir(&mark).unwrap();
    settle(&recorder, 1..10).await;
    until(|| running.store.rows.lock().unwrap().len() == 10).await;
    until(|| running.state.in_trouble()).await;
    std::fs::remove_dir(&mark).unwrap();
    settle(&recorder, 10..11).await;
    until(|| !running.state.in_trouble()).await;
    running.stop.cancel();
    running.task.await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_restart_only_what_is_not_written_counts_as_on_its_way() {
    let dir = tempfile::tempdir().unwrap();
    let store = Arc::new(FakeStore::default());
    for (run, written) in [(0, 0), (1, 5), (2, 5)] {
        let journal = journal(dir.path()).await;
        let recorder = recorder(&journal);
        recover(&recorder, &book()).unwrap();
        store.away.store(true, Ordering::SeqCst);
        let running = start(&recorder, Arc::clone(&store));
        assert_eq!(running.state.committed_seq(), written, "run {run}");
        if run == 0 {
            store.away.store(false, Ordering::SeqCst);
        }
        settle(&recorder, run * 5..run * 5 + 5).await;
        if run == 0 {
            until(|| running.state.committed_seq() == 5).await;
            running.stop.cancel();
            running.task.await.unwrap().unwrap();
        } else {
            running.task.abort();
            drop(running.task.await);
        }
        close(&journal).await;
    }
}

async fn close(journal: &Journal) {
    journal.close().await.unwrap();
}
