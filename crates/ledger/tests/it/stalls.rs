//! A disk that stalls inside `write`.

use std::fs::File;
use std::io::{self, Write};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use tollgate_domain::AccountingZone;
use tollgate_journal::{Disk, Journal, JournalConfig};
use tollgate_ledger::{Durability, OpenError, Recorder, RecorderConfig, WhenFull, recover};

use crate::support::{FixedClock, book, completed, context, journal, journaled, reading};

const MAX_WAIT: Duration = Duration::from_millis(50);

/// Stalls while told to.
#[derive(Debug, Default)]
struct StallingDisk {
    stalled: Mutex<bool>,
    changed: Condvar,
    full: Mutex<bool>,
}

impl StallingDisk {
    fn stall(&self, stalled: bool) {
        *self.stalled.lock().unwrap() = stalled;
        self.changed.notify_all();
    }
}

impl Disk for StallingDisk {
    fn write(&self, mut file: &File, bytes: &[u8]) -> io::Result<()> {
        let stalled = self.stalled.lock().unwrap();
        drop(self.changed.wait_while(stalled, |stalled| *stalled).unwrap());
        if *self.full.lock().unwrap() {
            return Err(io::ErrorKind::StorageFull.into());
        }
        file.write_all(bytes)
    }
}

async fn on(disk: &Arc<StallingDisk>, dir: &std::path::Path, when_full: WhenFull) -> (Journal, Recorder) {
    let config = JournalConfig {
        disk: Arc::clone(disk) as _,
        ..JournalConfig::new(dir)
    };
    let journal = Journal::open(config, [7; 16]).await.unwrap().journal;
    let settings = RecorderConfig {
        zone: AccountingZone::UTC,
        durability: Durability::Process,
        max_wait: MAX_WAIT,
        when_full,
    };
    let recorder = Recorder::new(journal.clone(), Arc::new(FixedClock), settings);
    (journal, recorder)
}

#[tokio::test]
async fn the_last_frame_goes_out_after_the_bound_and_the_entry_arrives_later_exactly_once() {
    let (dir, disk) = (tempfile::tempdir().unwrap(), Arc::<StallingDisk>::default());
    let (journal, recorder) = on(&disk, dir.path(), WhenFull::Refuse).await;
    let attempt = recorder.open(context(1), book()).await.unwrap();
    // An ordinary disk on a busy machine may be slow once, too.
    let before = recorder.stats().slow_waits;

    disk.stall(true);
    let started = tokio::time::Instant::now();
    let settled = attempt.settle(completed(reading(10, 5)));
    let entry = Arc::clone(&settled.entry);
    tokio::time::timeout(Duration::from_secs(30), settled.wait())
        .await
        .unwrap();

    assert!(
        (MAX_WAIT..2 * MAX_WAIT).contains(&started.elapsed()),
        "{:?}",
        started.elapsed()
    );
    assert_eq!(recorder.stats().slow_waits, before + 1);
    assert_eq!(recorder.stats().open, 1, "replay must still see it");

    disk.stall(false);
    assert_eq!(journaled(&journal).await, [(*entry).clone()]);
    let stats = recorder.stats();
    assert_eq!((stats.open, stats.unsaved, stats.slow_waits), (0, 0, before + 1));
}

#[tokio::test]
async fn nothing_is_dispatched_before_its_record_is_with_the_operating_system() {
    let (dir, disk) = (tempfile::tempdir().unwrap(), Arc::<StallingDisk>::default());
    let (journal, recorder) = on(&disk, dir.path(), WhenFull::Refuse).await;
    disk.stall(true);
    let mut opening = std::pin::pin!(recorder.open(context(1), book()));
    let waited = tokio::time::timeout(4 * MAX_WAIT, &mut opening).await;
    assert!(waited.is_err(), "a kill would leave no trace of it");
    assert_eq!(recorder.stats().open, 1);
    disk.stall(false);
    let attempt = opening.await.unwrap();
    assert!(journal.last_position() > 0);
    attempt.settle(completed(reading(1, 1))).wait().await;
    assert_eq!(journaled(&journal).await.len(), 1);
    assert_eq!((recorder.stats().open, recorder.stats().unsaved), (0, 0));
}

#[tokio::test]
async fn an_attempt_given_up_while_its_dispatch_waits_leaves_no_entry() {
    let (dir, disk) = (tempfile::tempdir().unwrap(), Arc::<StallingDisk>::default());
    let (journal, recorder) = on(&disk, dir.path(), WhenFull::Refuse).await;
    disk.stall(true);
    let waited = tokio::time::timeout(MAX_WAIT / 2, recorder.open(context(1), book())).await;
    assert!(waited.is_err());
    disk.stall(false);
    assert!(journaled(&journal).await.is_empty());
    assert_eq!(recorder.stats().open, 0);
    assert_eq!(recover(&recorder, &book()).unwrap().interrupted, 0);
}

#[tokio::test]
async fn an_attempt_dispatched_during_a_stall_that_ends_in_a_full_disk_is_counted() {
    let (dir, disk) = (tempfile::tempdir().unwrap(), Arc::<StallingDisk>::default());
    let (_journal, recorder) = on(&disk, dir.path(), WhenFull::Serve).await;
    disk.stall(true);
    let mut opening = std::pin::pin!(recorder.open(context(1), book()));
    assert!(tokio::time::timeout(MAX_WAIT, &mut opening).await.is_err());
    *disk.full.lock().unwrap() = true;
    disk.stall(false);
    let attempt = opening.await.unwrap();
    assert_eq!(recorder.stats().open, 0, "the journal did not take it");
    attempt.settle(completed(reading(1, 1))).wait().await;
    let stats = recorder.stats();
    assert_eq!((stats.gap_attempts, stats.unsaved), (1, 0));
}

#[tokio::test]
async fn an_error_of_the_disk_refuses_a_dispatch_whatever_the_policy() {
    let dir = tempfile::tempdir().unwrap();
    let journal = journal(dir.path()).await;
    let settings = RecorderConfig {
        zone: AccountingZone::UTC,
        durability: Durability::Process,
        max_wait: MAX_WAIT,
        when_full: WhenFull::Serve,
    };
    let recorder = Recorder::new(journal.clone(), Arc::new(FixedClock), settings);
    journal.close().await.unwrap();
    let refused = recorder.open(context(1), book()).await.unwrap_err();
    assert!(matches!(refused, OpenError::Journal(_)), "{refused}");
    assert_eq!(recorder.stats().open, 0);
}
