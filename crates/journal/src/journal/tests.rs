//! Disks that fail, which needs a hand inside.

use std::io;

use super::*;
use crate::record::Record;
use crate::reserve;
use crate::segment::SegmentWriter;

async fn open_in(dir: &tempfile::TempDir) -> Journal {
    Journal::open(JournalConfig::new(dir.path()), [1; 16])
        .await
        .unwrap()
        .journal
}

fn break_disk(journal: &Journal, bytes_through: usize, kind: io::ErrorKind) {
    journal.handle.shared.state().writer.fault = Some(crate::segment::Fault { bytes_through, kind });
}

fn with_writer<T>(journal: &Journal, look: impl FnOnce(&mut SegmentWriter) -> T) -> T {
    look(&mut journal.handle.shared.state().writer)
}

async fn payloads(journal: &Journal) -> Vec<Vec<u8>> {
    journal.flush().await.unwrap();
    let records: Vec<Record> = journal.reader(0).try_next_batch(1000, 1 << 20).unwrap();
    records.iter().map(|record| record.payload.to_vec()).collect()
}

#[tokio::test]
async fn a_write_that_fails_half_way_leaves_no_trace() {
    let dir = tempfile::tempdir().unwrap();
    let journal = open_in(&dir).await;
    journal.append(Lane(0), b"before").unwrap();
    break_disk(&journal, 20, io::ErrorKind::Other);

    let failed = journal.append(Lane(0), b"a record that is longer than the one after it");

    assert!(matches!(
        failed,
        Err(JournalError::Io {
            operation: "write",
            ..
        })
    ));
    with_writer(&journal, |writer| writer.fault = None);
    let after = journal.append(Lane(0), b"after").unwrap();
    assert_eq!((after.position, after.lane_seq), (2, 2));
    assert_eq!(payloads(&journal).await, [b"before".to_vec(), b"after".to_vec()]);

    drop((journal, after));
    let opened = Journal::open(JournalConfig::new(dir.path()), [1; 16])
        .await
        .unwrap();
    assert_eq!(
        (opened.recovered.records, opened.recovered.truncated_bytes),
        (2, 0)
    );
}

#[tokio::test]
async fn a_full_disk_gives_the_reserve_to_the_record_that_may_have_it() {
    let dir = tempfile::tempdir().unwrap();
    let journal = open_in(&dir).await;
    break_disk(&journal, 5, io::ErrorKind::StorageFull);

    assert!(matches!(
        journal.append(Lane(0), b"usage"),
        Err(JournalError::Full)
    ));
    assert!(
        reserve::path(dir.path()).exists(),
        "an ordinary record may not take the reserve"
    );
    assert!(matches!(
        journal.append_from_reserve(Lane(0), b"gap"),
        Err(JournalError::Full)
    ));
    assert!(!reserve::path(dir.path()).exists());

    with_writer(&journal, |writer| writer.fault = None);
    journal.append_from_reserve(Lane(0), b"gap").unwrap();
    assert!(
        journal.stats().full,
        "room in the reserve is not room for the others"
    );
    assert!(matches!(
        journal.append(Lane(0), b"usage"),
        Err(JournalError::Full)
    ));

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
    let dir = tempfile::tempdir().unwrap();
    let journal = open_in(&dir).await;
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
        ..JournalConfig::new(dir.path())
    };
    let journal = Journal::open(config, [1; 16]).await.unwrap().journal;
    // While the lock is held the sync thread takes nothing.
    let mut state = journal.handle.shared.state();
    while state.closed.is_empty() {
        let mut frame = Frame::prepare(&[1; 100]).unwrap();
        state.append(Lane(0), &mut frame, Room::Budget).unwrap();
    }
    assert_eq!(state.pending.files.len(), 1);
    assert!(state.pending.directory);
}

#[tokio::test]
async fn a_mark_takes_a_lost_reserve_back() {
    let dir = tempfile::tempdir().unwrap();
    let journal = open_in(&dir).await;
    let position = journal.append(Lane(0), b"one").unwrap().position;
    let mark = Mark {
        committed: position,
        low_water: position + 1,
    };
    journal.handle.shared.state().release_reserve().unwrap();
    journal.mark(mark, SystemTime::UNIX_EPOCH).await.unwrap();
    assert_eq!(journal.last_mark(), mark);
    assert!(reserve::path(dir.path()).exists());
}
