use std::time::SystemTime;

use tollgate_journal::{Journal, JournalError, MAX_PAYLOAD, Room};

use crate::support::{A, B, ID, append_hundreds, done, open, read_all, segments, small, try_open};

#[tokio::test]
async fn records_and_sequences_continue_after_a_reopen() {
    let dir = tempfile::tempdir().unwrap();
    let config = small(dir.path());
    let journal = open(&config).await.journal;
    journal.append(A, b"a1").unwrap();
    journal.append(B, b"b1").unwrap();
    journal.append(A, b"").unwrap();
    journal.close().await.unwrap();

    let opened = open(&config).await;
    assert_eq!((opened.recovered.records, opened.recovered.last_position), (3, 3));
    let next = opened.journal.append(A, b"a3").unwrap();
    assert_eq!((next.position, next.lane_seq), (4, 3));
    assert_eq!(opened.journal.append(B, b"b2").unwrap().lane_seq, 2);

    let seen: Vec<_> = read_all(&opened.journal)
        .await
        .into_iter()
        .map(|record| {
            (
                record.position,
                record.lane,
                record.lane_seq,
                record.payload.to_vec(),
            )
        })
        .collect();
    let expected = [
        (1, A, 1, "a1"),
        (2, B, 1, "b1"),
        (3, A, 2, ""),
        (4, A, 3, "a3"),
        (5, B, 2, "b2"),
    ];
    let expected = expected.map(|(position, lane, seq, payload)| (position, lane, seq, payload.into()));
    assert_eq!(seen, expected);
}

#[tokio::test]
async fn sequences_continue_when_older_segments_are_gone() {
    let dir = tempfile::tempdir().unwrap();
    let mut config = small(dir.path());
    config.retention = std::time::Duration::ZERO;
    let journal = open(&config).await.journal;
    journal.append(B, b"only in the first segment").unwrap();
    append_hundreds(&journal, 40).await;
    journal.mark(done(41), SystemTime::UNIX_EPOCH).await.unwrap();
    assert_eq!(segments(dir.path()).len(), 1);
    journal.close().await.unwrap();

    let journal = open(&config).await.journal;
    let next = journal.append(B, b"b2").unwrap();
    assert_eq!((next.position, next.lane_seq), (42, 2));
    assert_eq!(journal.append(A, b"a41").unwrap().lane_seq, 41);
}

#[tokio::test]
async fn the_id_is_the_one_given_at_creation() {
    let dir = tempfile::tempdir().unwrap();
    let config = small(dir.path());
    assert_eq!(open(&config).await.journal.id(), ID);
    let again = Journal::open(config, [9; 16]).await.unwrap();
    assert_eq!(again.journal.id(), ID);
}

#[tokio::test]
async fn a_second_opener_is_locked_out_until_the_first_is_done() {
    let dir = tempfile::tempdir().unwrap();
    let config = small(dir.path());
    let first = open(&config).await.journal;
    let refused = try_open(&config).await.unwrap_err();
    assert!(matches!(&refused, JournalError::Locked { dir: named } if named == dir.path()));
    assert!(refused.to_string().contains(&dir.path().display().to_string()));

    first.close().await.unwrap();
    let second = open(&config).await.journal;
    assert!(matches!(
        try_open(&config).await,
        Err(JournalError::Locked { .. })
    ));
    drop(second);
    open(&config).await;
}

#[tokio::test]
async fn a_closed_journal_refuses_appends_and_marks_and_ends_its_readers() {
    let dir = tempfile::tempdir().unwrap();
    let journal = open(&small(dir.path())).await.journal;
    let clone = journal.clone();
    let mut reader = journal.reader(0);
    let ticket = journal.append(A, b"last").unwrap().ticket;
    journal.close().await.unwrap();

    ticket.durable().await.unwrap();
    assert!(matches!(clone.append(A, b"late"), Err(JournalError::Closed)));
    assert!(matches!(
        clone.append_in(Room::Reserve, A, b"late"),
        Err(JournalError::Closed)
    ));
    assert!(matches!(
        clone.mark(done(1), SystemTime::UNIX_EPOCH).await,
        Err(JournalError::Closed)
    ));
    assert_eq!(reader.next_batch(10, 1000).await.unwrap().len(), 1);
    assert!(matches!(
        reader.next_batch(10, 1000).await,
        Err(JournalError::Closed)
    ));
    clone.close().await.unwrap();
}

#[tokio::test]
async fn an_oversized_payload_is_refused_and_the_next_one_taken() {
    let dir = tempfile::tempdir().unwrap();
    let journal = open(&small(dir.path())).await.journal;
    let refused = journal.append(A, &vec![0; MAX_PAYLOAD + 1]);
    assert!(matches!(
        refused,
        Err(JournalError::TooLarge { max: MAX_PAYLOAD, .. })
    ));
    assert_eq!(journal.append(A, b"fits").unwrap().position, 1);
}

#[tokio::test]
async fn a_configuration_that_cannot_work_names_its_field() {
    let dir = tempfile::tempdir().unwrap();
    let mut config = small(dir.path());
    config.disk_budget_bytes = 2 * 1024 + 1023;
    let refused = try_open(&config).await.unwrap_err();
    assert!(matches!(
        refused,
        JournalError::Config {
            field: "disk_budget_bytes",
            ..
        }
    ));
    config.segment_bytes = 1023;
    let refused = try_open(&config).await.unwrap_err();
    assert!(matches!(
        refused,
        JournalError::Config {
            field: "segment_bytes",
            ..
        }
    ));
}

#[tokio::test]
async fn figures_follow_what_happened() {
    let dir = tempfile::tempdir().unwrap();
    let journal = open(&small(dir.path())).await.journal;
    append_hundreds(&journal, 20).await;
    let stats = journal.stats();
    let on_disk: u64 = segments(dir.path())
        .iter()
        .map(|path| crate::support::byte_len(path))
        .sum();
    assert_eq!(stats.disk_bytes, on_disk + 1024);
    assert_eq!(stats.segments, segments(dir.path()).len() as u64);
    assert_eq!(
        (stats.last_position, stats.durable_position, stats.appended),
        (20, 20, 20)
    );
    assert!((1..=20).contains(&stats.syncs));
    assert_eq!(stats.lanes.get(&A), Some(&20));
    assert!(stats.reserve_held && !stats.full);
}
