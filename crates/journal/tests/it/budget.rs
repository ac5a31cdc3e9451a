use std::time::SystemTime;

use tollgate_journal::{Journal, JournalConfig, JournalError, Room};

use crate::support::{A, B, done, open, read_all, small};

const BUDGET: u64 = 5 * 1024;

fn tight(dir: &std::path::Path) -> JournalConfig {
    JournalConfig {
        disk_budget_bytes: BUDGET,
        ..small(dir)
    }
}

/// Appends until there is no more room and returns the last position.
fn fill(journal: &Journal) -> u64 {
    let mut last = 0;
    loop {
        match journal.append(A, &[9; 100]) {
            Ok(appended) => last = appended.position,
            Err(error) => {
                assert!(matches!(error, JournalError::Full), "{error}");
                return last;
            }
        }
    }
}

/// Appends to the reserve until that is used up too and returns how many records it took.
fn spend_reserve(journal: &Journal) -> u64 {
    let gaps = (0..100)
        .take_while(|_| journal.append_in(Room::Reserve, B, &[1; 100]).is_ok())
        .count();
    let spent = journal.append_in(Room::Reserve, B, &[1; 100]);
    assert!(matches!(spent, Err(JournalError::Full)));
    gaps as u64
}

#[tokio::test]
async fn a_spent_budget_refuses_records_but_takes_a_gap_and_recovers_after_a_mark() {
    let dir = tempfile::tempdir().unwrap();
    let journal = open(&tight(dir.path())).await.journal;
    let last = fill(&journal);
    assert!(last > 10);
    assert!(journal.stats().full && journal.stats().reserve_held);
    assert!(journal.stats().disk_bytes <= BUDGET);

    let gap = journal.append_in(Room::Reserve, B, &[1; 200]).unwrap();
    assert_eq!((gap.position, gap.lane_seq), (last + 1, 1));
    assert!(matches!(journal.append(A, &[9; 100]), Err(JournalError::Full)));
    assert!(journal.stats().full && !journal.stats().reserve_held);
    assert_eq!(read_all(&journal).await.len() as u64, last + 1);

    journal
        .mark(done(last + 1), SystemTime::UNIX_EPOCH)
        .await
        .unwrap();
    assert!(journal.stats().removed_early > 0, "room goes before retention");
    let next = journal.append(A, b"room again").unwrap();
    assert_eq!((next.position, next.lane_seq), (last + 2, last + 1));
    let stats = journal.stats();
    assert!(!stats.full && stats.reserve_held);
}

#[tokio::test]
async fn the_end_of_something_let_in_before_goes_into_the_reserve_once_the_budget_is_spent() {
    let dir = tempfile::tempdir().unwrap();
    let journal = open(&tight(dir.path())).await.journal;
    let end = |payload| journal.append_in(Room::BudgetThenReserve, A, payload);
    let first = end(&[1; 100]).unwrap();
    assert!(!journal.stats().full && journal.stats().reserve_held);
    let last = fill(&journal);
    let ends = (0..100).take_while(|_| end(&[1; 100]).is_ok()).count() as u64;
    assert!(
        (7..=8).contains(&ends),
        "{ends} ends of 133 bytes in 1024 and what was left over"
    );
    let stats = journal.stats();
    assert!(stats.full && !stats.reserve_held);
    assert_eq!(first.position, 1);
    assert_eq!(read_all(&journal).await.len() as u64, last + ends);
}

#[tokio::test]
async fn the_reserve_has_an_end() {
    let dir = tempfile::tempdir().unwrap();
    let journal = open(&tight(dir.path())).await.journal;
    let last = fill(&journal);
    let gaps = spend_reserve(&journal);
    assert!(
        (7..=8).contains(&gaps),
        "{gaps} gap records of 133 bytes in 1024 and what was left over"
    );
    assert!(journal.stats().disk_bytes <= BUDGET);
    assert_eq!(read_all(&journal).await.len() as u64, last + gaps);
}

#[tokio::test]
async fn a_full_journal_is_still_full_after_a_restart_and_opens_all_the_same() {
    let dir = tempfile::tempdir().unwrap();
    let config = tight(dir.path());
    let journal = open(&config).await.journal;
    let last = fill(&journal);
    spend_reserve(&journal);
    drop(journal);

    let journal = open(&config).await.journal;
    assert!(journal.stats().disk_bytes <= BUDGET);
    assert!(matches!(journal.append(A, &[9; 100]), Err(JournalError::Full)));
    journal.mark(done(last), SystemTime::UNIX_EPOCH).await.unwrap();
    journal.append(A, &[9; 100]).unwrap();
}

#[tokio::test]
async fn uncommitted_records_are_never_removed_for_room() {
    let dir = tempfile::tempdir().unwrap();
    let journal = open(&tight(dir.path())).await.journal;
    let last = fill(&journal);
    let mark = tollgate_journal::Mark {
        committed: last,
        low_water: 1,
    };
    journal.mark(mark, SystemTime::UNIX_EPOCH).await.unwrap();
    assert!(matches!(journal.append(A, &[9; 100]), Err(JournalError::Full)));
    assert_eq!(read_all(&journal).await.len() as u64, last);
}

#[tokio::test]
async fn a_budget_lowered_below_what_is_there_gives_up_the_reserve() {
    let dir = tempfile::tempdir().unwrap();
    let mut config = tight(dir.path());
    let journal = open(&config).await.journal;
    fill(&journal);
    drop(journal);
    assert!(dir.path().join("reserve").exists());

    config.disk_budget_bytes = 3 * 1024;
    let journal = open(&config).await.journal;
    assert!(!journal.stats().reserve_held);
    assert!(!dir.path().join("reserve").exists());
}
