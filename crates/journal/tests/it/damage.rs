use std::io::Write;

use tollgate_journal::{Journal, JournalConfig, JournalError};

use crate::support::{A, append_hundreds, byte_len, cut_to, flip, open, read_all, segments, small, try_open};

/// Bytes of a record around its payload.
const HEADER: u64 = 33;

/// Five synced records in one segment, left behind as by a killed process.
async fn five_records(config: &JournalConfig) -> Journal {
    let journal = open(config).await.journal;
    for _ in 0..5 {
        append_hundreds(&journal, 1).await;
    }
    journal
}

async fn assert_corrupt_at(config: &JournalConfig, file: &std::path::Path, offset: u64) {
    let error = try_open(config).await.unwrap_err();
    assert!(
        matches!(&error, JournalError::Corrupt { file: named, offset: at, .. } if named == file && *at == offset),
        "{error}"
    );
    let text = error.to_string();
    assert!(
        text.contains(&format!("{}, byte {offset}", file.display())),
        "{text}"
    );
}

#[tokio::test]
async fn a_record_that_was_cut_off_is_dropped_and_its_place_taken_again() {
    let dir = tempfile::tempdir().unwrap();
    let config = small(dir.path());
    drop(five_records(&config).await);
    let file = &segments(dir.path())[0];
    cut_to(file, byte_len(file) - 1);

    let opened = open(&config).await;
    assert_eq!(
        (opened.recovered.records, opened.recovered.truncated_bytes),
        (4, HEADER + 99)
    );
    assert_eq!(opened.journal.append(A, b"again").unwrap().position, 5);
    let records = read_all(&opened.journal).await;
    assert_eq!(
        (records.len(), records[4].payload.as_ref()),
        (5, b"again".as_slice())
    );
}

#[tokio::test]
async fn bytes_behind_the_last_record_are_dropped() {
    let dir = tempfile::tempdir().unwrap();
    let config = small(dir.path());
    drop(five_records(&config).await);
    let file = &segments(dir.path())[0];
    let mut tail = std::fs::OpenOptions::new().append(true).open(file).unwrap();
    tail.write_all(&[0; 500]).unwrap();

    let opened = open(&config).await;
    assert_eq!(
        (opened.recovered.records, opened.recovered.truncated_bytes),
        (5, 500)
    );
    assert_eq!(opened.journal.append(A, b"six").unwrap().position, 6);
    assert_eq!(read_all(&opened.journal).await.len(), 6);
}

#[tokio::test]
async fn a_flipped_byte_in_the_middle_names_file_and_offset() {
    let dir = tempfile::tempdir().unwrap();
    let config = small(dir.path());
    drop(five_records(&config).await);
    let file = &segments(dir.path())[0];
    let second = byte_len(file) - 4 * (HEADER + 100);
    let before = std::fs::read(file).unwrap();
    for within in [0, 6, 9, 20, HEADER + 50] {
        flip(file, second + within);
        assert_corrupt_at(&config, file, second).await;
        flip(file, second + within);
    }
    assert_eq!(std::fs::read(file).unwrap(), before, "nothing may be changed");
    assert_eq!(open(&config).await.recovered.records, 5);
}

#[tokio::test]
async fn after_a_clean_close_even_the_last_record_must_be_whole() {
    let dir = tempfile::tempdir().unwrap();
    let config = small(dir.path());
    five_records(&config).await.close().await.unwrap();
    let file = &segments(dir.path())[0];
    let last = byte_len(file) - (HEADER + 100);
    flip(file, last + 70);
    assert_corrupt_at(&config, file, last).await;
    flip(file, last + 70);
    cut_to(file, last);
    let error = try_open(&config).await.unwrap_err();
    assert!(
        matches!(&error, JournalError::Corrupt { file, .. } if file == dir.path()),
        "{error}"
    );
}

#[tokio::test]
async fn damage_in_an_older_segment_names_that_segment() {
    let dir = tempfile::tempdir().unwrap();
    let config = small(dir.path());
    let journal = open(&config).await.journal;
    append_hundreds(&journal, 25).await;
    append_hundreds(&journal, 5).await;
    drop(journal);
    let files = segments(dir.path());
    assert!(files.len() > 3);
    let last_of_second = byte_len(&files[1]) - (HEADER + 100);
    flip(&files[1], last_of_second + 40);
    assert_corrupt_at(&config, &files[1], last_of_second).await;
}

#[tokio::test]
async fn a_missing_segment_is_noticed() {
    let dir = tempfile::tempdir().unwrap();
    let config = small(dir.path());
    let journal = open(&config).await.journal;
    append_hundreds(&journal, 10).await;
    append_hundreds(&journal, 20).await;
    drop(journal);
    let files = segments(dir.path());
    std::fs::remove_file(&files[0]).unwrap();
    assert_corrupt_at(&config, &files[1], 0).await;
}

#[tokio::test]
async fn a_reader_reports_damage_that_comes_while_the_journal_is_open() {
    let dir = tempfile::tempdir().unwrap();
    let journal = five_records(&small(dir.path())).await;
    let file = &segments(dir.path())[0];
    let third = byte_len(file) - 3 * (HEADER + 100);
    flip(file, third + 60);
    let mut reader = journal.reader(0);
    assert_eq!(reader.try_next_batch(2, 1 << 20).unwrap().len(), 2);
    let error = reader.next_batch(2, 1 << 20).await.unwrap_err();
    assert!(
        matches!(error, JournalError::Corrupt { offset, .. } if offset == third),
        "{error}"
    );
}
