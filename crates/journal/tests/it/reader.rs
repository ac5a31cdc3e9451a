use std::future::ready;

use tollgate_journal::Record;

use crate::support::{A, append_hundreds, open, segments, small};

fn positions(records: &[Record]) -> Vec<u64> {
    records.iter().map(|record| record.position).collect()
}

#[tokio::test]
async fn a_reader_follows_across_segments_while_records_are_appended() {
    let dir = tempfile::tempdir().unwrap();
    let journal = open(&small(dir.path())).await.journal;
    let mut reader = journal.reader(0);
    let writer = std::thread::spawn({
        let journal = journal.clone();
        move || {
            for count in 0..1000_u32 {
                journal.append(A, &count.to_le_bytes()).unwrap();
            }
        }
    });
    let mut seen = Vec::new();
    while seen.len() < 1000 {
        seen.extend(reader.next_batch(64, 1 << 20).await.unwrap());
    }
    writer.join().unwrap();
    assert!(segments(dir.path()).len() > 10);
    for (count, record) in (0..1000_u32).zip(&seen) {
        assert_eq!(
            (record.position, record.payload.as_ref()),
            (u64::from(count) + 1, &count.to_le_bytes()[..])
        );
    }
    assert_eq!(seen.len(), 1000);
}

#[tokio::test]
async fn a_reader_begins_after_its_position_in_any_segment() {
    let dir = tempfile::tempdir().unwrap();
    let journal = open(&small(dir.path())).await.journal;
    append_hundreds(&journal, 30).await;
    for after in 0..30 {
        let batch = journal.reader(after).try_next_batch(100, 1 << 20).unwrap();
        assert_eq!(positions(&batch), (after + 1..=30).collect::<Vec<_>>());
    }
    assert!(
        journal
            .reader(30)
            .try_next_batch(100, 1 << 20)
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn a_batch_ends_at_either_limit_but_is_never_empty() {
    let dir = tempfile::tempdir().unwrap();
    let journal = open(&small(dir.path())).await.journal;
    append_hundreds(&journal, 20).await;
    let mut reader = journal.reader(0);
    assert_eq!(
        positions(&reader.next_batch(3, 1 << 20).await.unwrap()),
        [1, 2, 3]
    );
    assert_eq!(positions(&reader.next_batch(100, 200).await.unwrap()), [4, 5]);
    assert_eq!(positions(&reader.next_batch(100, 1).await.unwrap()), [6]);
    assert_eq!(positions(&reader.next_batch(0, 0).await.unwrap()), [7]);
    assert_eq!(reader.position(), 7);
}

#[tokio::test]
async fn a_waiting_reader_is_woken_by_the_next_record() {
    let dir = tempfile::tempdir().unwrap();
    let journal = open(&small(dir.path())).await.journal;
    let mut reader = journal.reader(0);
    assert!(reader.try_next_batch(10, 1000).unwrap().is_empty());
    let append = async {
        tokio::task::yield_now().await;
        journal.append(A, b"wake").unwrap()
    };
    let (batch, appended) = tokio::join!(reader.next_batch(10, 1000), append);
    assert_eq!(positions(&batch.unwrap()), [appended.position]);
}

#[tokio::test]
async fn a_cancelled_batch_loses_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let journal = open(&small(dir.path())).await.journal;
    append_hundreds(&journal, 30).await;
    let mut reader = journal.reader(0);
    let mut seen = Vec::new();
    while seen.len() < 30 {
        // Polled once, which starts the read, and dropped unless it has answered by then.
        tokio::select! {
            biased;
            batch = reader.next_batch(4, 1 << 20) => seen.extend(batch.unwrap()),
            () = ready(()) => {}
        }
        seen.extend(reader.try_next_batch(4, 1 << 20).unwrap());
    }
    assert_eq!(positions(&seen), (1..=30).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_reader_sees_only_what_is_synced() {
    let dir = tempfile::tempdir().unwrap();
    let journal = open(&small(dir.path())).await.journal;
    let mut reader = journal.reader(0);
    for _ in 0..200 {
        journal.append(A, &[3; 50]).unwrap();
        let batch = reader.try_next_batch(1000, 1 << 20).unwrap();
        let durable = journal.stats().durable_position;
        assert!(batch.last().is_none_or(|record| record.position <= durable));
    }
}
