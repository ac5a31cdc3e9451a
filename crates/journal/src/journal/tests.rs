//! Disks that stall and fail.

use std::io::{self, Write};
use std::sync::Condvar;
use std::time::Duration;

use tokio::sync::oneshot;

use super::*;
use crate::disk::Disk;
use crate::record::Record;
use crate::reserve;

/// A disk that does as it is told.
#[derive(Debug, Default)]
struct BadDisk {
    state: Mutex<Badness>,
    changed: Condvar,
}

#[derive(Clone, Copy, Debug, Default)]
struct Badness {
    /// Bytes that get through before each write fails, and how it fails.
    failure: Option<(usize, io::ErrorKind)>,
    /// Only writes that hold this byte fail.
    at_fault: Option<u8>,
    stalled: bool,
    writes: u64,
}

impl BadDisk {
    fn set(&self, change: impl FnOnce(&mut Badness)) {
        change(&mut self.state.lock().unwrap());
        self.changed.notify_all();
    }

    fn fail(&self, bytes_through: usize, kind: io::ErrorKind) {
        self.set(|state| state.failure = Some((bytes_through, kind)));
    }

    /// Waits until the journal's thread is inside this many writes since the beginning.
    fn wait_for_writes(&self, writes: u64) {
        let state = self.state.lock().unwrap();
        drop(
            self.changed
                .wait_while(state, |state| state.writes < writes)
                .unwrap(),
        );
    }
}

impl Disk for BadDisk {
    fn write(&self, mut file: &File, bytes: &[u8]) -> io::Result<()> {
        let mut state = self.state.lock().unwrap();
        state.writes += 1;
        self.changed.notify_all();
        let state = self.changed.wait_while(state, |state| state.stalled).unwrap();
        let hit = state.at_fault.is_none_or(|byte| bytes.contains(&byte));
        if let (Some((through, kind)), true) = (state.failure, hit) {
            file.write_all(&bytes[..through.min(bytes.len())])?;
            return Err(kind.into());
        }
        file.write_all(bytes)
    }
}

async fn open_on(dir: &tempfile::TempDir, disk: &Arc<BadDisk>) -> Journal {
    let config = JournalConfig {
        disk: Arc::clone(disk) as _,
        ..JournalConfig::new(dir.path())
    };
    Journal::open(config, [1; 16]).await.unwrap().journal
}

async fn payloads(journal: &Journal) -> Vec<Vec<u8>> {
    journal.flush().await.unwrap();
    let records: Vec<Record> = journal.reader(0).try_next_batch(1000, 1 << 20).unwrap();
    records.iter().map(|record| record.payload.to_vec()).collect()
}

type Answer = oneshot::Receiver<Result<Appended, JournalError>>;

fn submit(journal: &Journal, room: Room, payload: &[u8]) -> Answer {
    let (tell, answer) = oneshot::channel();
    journal.submit(room, Lane(0), payload, move |result| {
        tell.send(result).ok();
    });
    answer
}

#[tokio::test]
async fn a_write_that_fails_half_way_leaves_no_trace() {
    let (dir, disk) = (tempfile::tempdir().unwrap(), Arc::default());
    let journal = open_on(&dir, &disk).await;
    journal.append(Lane(0), b"before").unwrap();
    disk.fail(20, io::ErrorKind::Other);

    let failed = journal.append(Lane(0), b"a record that is longer than the one after it");

    assert!(matches!(
        failed,
        Err(JournalError::Io {
            operation: "write",
            ..
        })
    ));
    disk.set(|state| state.failure = None);
    let after = journal.append(Lane(0), b"after").unwrap();
    assert_eq!((after.position, after.lane_seq), (2, 2));
    assert_eq!(payloads(&journal).await, [b"before".to_vec(), b"after".to_vec()]);

    journal.close().await.unwrap();
    let opened = Journal::open(JournalConfig::new(dir.path()), [1; 16])
        .await
        .unwrap();
    assert_eq!(
        (opened.recovered.records, opened.recovered.truncated_bytes),
        (2, 0)
    );
}

#[tokio::test]
async fn while_the_disk_stalls_nobody_waits_and_what_queues_up_is_written_once_in_order() {
    let (dir, disk) = (tempfile::tempdir().unwrap(), Arc::<BadDisk>::default());
    let journal = open_on(&dir, &disk).await;
    journal.append(Lane(0), b"first").unwrap();
    let writes = disk.state.lock().unwrap().writes;
    disk.set(|state| state.stalled = true);
    let mut stuck = submit(&journal, Room::Budget, b"0");
    disk.wait_for_writes(writes + 1);

    // None of this blocks although a write hangs.
    let mut waiting: Vec<Answer> = (1..100_u8)
        .map(|n| submit(&journal, Room::Budget, n.to_string().as_bytes()))
        .collect();
    assert!(stuck.try_recv().is_err() && waiting.iter_mut().all(|answer| answer.try_recv().is_err()));
    let stats = journal.stats();
    assert_eq!((stats.last_position, journal.last_position()), (1, 1));
    assert!(stats.queued_bytes > 3_000, "{}", stats.queued_bytes);
    assert!(!stats.full);
    assert!(stats.writing_for > Duration::ZERO, "the stall is to be seen");

    disk.set(|state| state.stalled = false);
    assert_eq!(stuck.await.unwrap().unwrap().position, 2);
    for (position, answer) in (3..).zip(waiting) {
        let appended = answer.await.unwrap().unwrap();
        assert_eq!((appended.position, appended.lane_seq), (position, position));
    }
    let expected: Vec<Vec<u8>> = (0..100_u8).map(|n| n.to_string().into_bytes()).collect();
    assert_eq!(payloads(&journal).await[1..], expected);
    let stats = journal.stats();
    assert_eq!((stats.queued_bytes, stats.writing_for), (0, Duration::ZERO));
    assert_eq!(
        disk.state.lock().unwrap().writes,
        writes + 2,
        "what queued up went out in one piece"
    );
}

#[tokio::test]
async fn a_stalled_disk_refuses_what_would_not_fit_in_memory_and_keeps_room_for_ends() {
    let (dir, disk) = (tempfile::tempdir().unwrap(), Arc::<BadDisk>::default());
    let journal = open_on(&dir, &disk).await;
    disk.set(|state| state.stalled = true);
    let payload = vec![1; 8 << 20];
    let mut answers: Vec<Answer> = (0..4).map(|_| submit(&journal, Room::Budget, &payload)).collect();
    let refused = answers.pop().unwrap().await.unwrap();
    assert!(matches!(refused, Err(JournalError::Full)));
    assert!(journal.stats().full);
    answers.push(submit(&journal, Room::BudgetThenReserve, &payload));
    disk.set(|state| state.stalled = false);
    for answer in answers {
        answer.await.unwrap().unwrap();
    }
    assert!(!journal.stats().full);
    assert_eq!(journal.stats().last_position, 4);
}

#[tokio::test]
async fn of_a_group_that_cannot_be_written_only_the_record_at_fault_fails() {
    let (dir, disk) = (tempfile::tempdir().unwrap(), Arc::<BadDisk>::default());
    let journal = open_on(&dir, &disk).await;
    let writes = disk.state.lock().unwrap().writes;
    disk.set(|state| state.stalled = true);
    let first = submit(&journal, Room::Budget, b"first");
    disk.wait_for_writes(writes + 1);
    let good = submit(&journal, Room::Budget, b"good");
    let bad = submit(&journal, Room::Budget, b"\xEE\xEE\xEE\xEE");
    let last = submit(&journal, Room::Budget, b"last");
    disk.set(|state| {
        state.failure = Some((7, io::ErrorKind::Other));
        state.at_fault = Some(0xEE);
        state.stalled = false;
    });

    assert_eq!(first.await.unwrap().unwrap().position, 1);
    assert_eq!(good.await.unwrap().unwrap().position, 2);
    assert!(matches!(bad.await.unwrap(), Err(JournalError::Io { .. })));
    let last = last.await.unwrap().unwrap();
    assert_eq!((last.position, last.lane_seq), (3, 3));
    let expected = [b"first".to_vec(), b"good".to_vec(), b"last".to_vec()];
    assert_eq!(payloads(&journal).await, expected);
}

#[tokio::test]
async fn a_journal_dropped_with_records_on_their_way_still_writes_them() {
    let (dir, disk) = (tempfile::tempdir().unwrap(), Arc::<BadDisk>::default());
    let journal = open_on(&dir, &disk).await;
    disk.set(|state| state.stalled = true);
    let held = journal.clone();
    let (tell, done) = oneshot::channel();
    // Whoever waits for a record may hold the last handle on the journal.
    journal.submit(Room::Budget, Lane(0), b"late", move |result| {
        drop(held);
        tell.send(result).ok();
    });
    drop(journal);
    disk.set(|state| state.stalled = false);
    done.await.unwrap().unwrap();
    let opened = loop {
        match Journal::open(JournalConfig::new(dir.path()), [1; 16]).await {
            Err(JournalError::Locked { .. }) => tokio::time::sleep(Duration::from_millis(1)).await,
            opened => break opened.unwrap(),
        }
    };
    assert_eq!(opened.recovered.records, 1);
}

#[tokio::test]
async fn a_full_disk_gives_the_reserve_to_the_record_that_may_have_it() {
    let (dir, disk) = (tempfile::tempdir().unwrap(), Arc::<BadDisk>::default());
    let journal = open_on(&dir, &disk).await;
    disk.fail(5, io::ErrorKind::StorageFull);

    assert!(matches!(
        journal.append(Lane(0), b"usage"),
        Err(JournalError::Full)
    ));
    assert!(
        reserve::path(dir.path()).exists(),
        "an ordinary record may not take the reserve"
    );
    assert!(matches!(
        journal.append_in(Room::Reserve, Lane(0), b"gap"),
        Err(JournalError::Full)
    ));
    assert!(!reserve::path(dir.path()).exists());

    disk.set(|state| state.failure = None);
    journal.append_in(Room::Reserve, Lane(0), b"gap").unwrap();
    assert!(
        journal.stats().full,
        "room in the reserve is not room for the others"
    );
    // Until the reserve is taken back, which the refusal asks for.
    let refused = journal.append(Lane(0), b"usage");
    assert!(matches!(refused, Err(JournalError::Full)));

    journal.handle.shared.restore_reserve().unwrap();
    assert!(
        !journal.stats().full,
        "the reserve is only taken back where there is room"
    );
    journal.append(Lane(0), b"usage").unwrap();
    assert!(reserve::path(dir.path()).exists());
    assert_eq!(payloads(&journal).await, [b"gap".to_vec(), b"usage".to_vec()]);
}

#[tokio::test]
async fn after_a_failed_sync_a_new_file_is_begun() {
    let (dir, disk) = (tempfile::tempdir().unwrap(), Arc::default());
    let journal = open_on(&dir, &disk).await;
    journal.append(Lane(0), b"one").unwrap();
    journal.flush().await.unwrap();
    journal.handle.shared.state().pending.distrusted = true;

    journal.append(Lane(0), b"two").unwrap();
    journal.append(Lane(0), b"three").unwrap();

    assert_eq!(journal.stats().segments, 2);
    assert_eq!(payloads(&journal).await.len(), 3);
}

#[tokio::test]
async fn a_finished_segment_is_synced_with_its_last_records() {
    let dir = tempfile::tempdir().unwrap();
    let config = JournalConfig {
        segment_bytes: 1024,
        // The sync thread takes nothing that nobody waits for.
        sync_interval: Duration::from_hours(1),
        ..JournalConfig::new(dir.path())
    };
    let journal = Journal::open(config, [1; 16]).await.unwrap().journal;
    while journal.stats().segments == 1 {
        journal.append(Lane(0), &[1; 100]).unwrap();
    }
    let state = journal.handle.shared.state();
    assert_eq!(state.pending.files.len(), 1);
    assert!(state.pending.directory);
}

#[tokio::test]
async fn a_mark_takes_a_lost_reserve_back() {
    let (dir, disk) = (tempfile::tempdir().unwrap(), Arc::default());
    let journal = open_on(&dir, &disk).await;
    let position = journal.append(Lane(0), b"one").unwrap().position;
    let mark = Mark {
        committed: position,
        low_water: position + 1,
    };
    journal.handle.shared.release_reserve().unwrap();
    journal.mark(mark, SystemTime::UNIX_EPOCH).await.unwrap();
    assert_eq!(journal.last_mark(), mark);
    assert!(reserve::path(dir.path()).exists());
}
