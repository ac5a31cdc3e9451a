use std::time::{Duration, SystemTime};

use tollgate_journal::{JournalError, Mark};

use crate::support::{A, DAY, append_hundreds, done, open, segments, small, try_open};

const START: SystemTime = SystemTime::UNIX_EPOCH;

#[tokio::test]
async fn a_mark_survives_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let config = small(dir.path());
    let journal = open(&config).await.journal;
    assert_eq!(journal.last_mark(), Mark::default());
    append_hundreds(&journal, 10).await;
    let mark = Mark {
        committed: 7,
        low_water: 3,
    };
    journal.mark(mark, START).await.unwrap();
    drop(journal);
    let journal = open(&config).await.journal;
    assert_eq!((journal.last_mark(), journal.stats().mark), (mark, mark));
}

#[tokio::test]
async fn a_mark_that_goes_back_or_too_far_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let journal = open(&small(dir.path())).await.journal;
    append_hundreds(&journal, 10).await;
    let mark = Mark {
        committed: 5,
        low_water: 4,
    };
    journal.mark(mark, START).await.unwrap();
    for (committed, low_water) in [(4, 4), (11, 4), (5, 7)] {
        let refused = journal.mark(Mark { committed, low_water }, START).await;
        assert!(
            matches!(refused, Err(JournalError::Mark { .. })),
            "{committed}, {low_water}"
        );
    }
    assert_eq!(journal.last_mark(), mark);
    journal.mark(mark, START).await.unwrap();
}

#[tokio::test]
async fn a_mark_waits_until_everything_before_it_is_synced() {
    let dir = tempfile::tempdir().unwrap();
    let journal = open(&small(dir.path())).await.journal;
    for round in 1..=20 {
        let committed = journal.append(A, b"committed").unwrap().position;
        let closing = journal.append(A, b"ends an older record").unwrap().position;
        assert_eq!((committed, closing), (2 * round - 1, 2 * round));
        journal.mark(done(committed), START).await.unwrap();
        assert!(journal.stats().durable_position >= closing);
    }
}

#[tokio::test]
async fn a_segment_goes_a_day_after_it_was_committed_also_across_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let config = small(dir.path());
    let journal = open(&config).await.journal;
    append_hundreds(&journal, 30).await;
    let all = segments(dir.path());
    journal.mark(done(30), START).await.unwrap();
    drop(journal);

    let journal = open(&config).await.journal;
    journal
        .mark(done(30), START + DAY - Duration::from_secs(1))
        .await
        .unwrap();
    assert_eq!(segments(dir.path()), all);
    journal.mark(done(30), START + DAY).await.unwrap();
    assert_eq!(
        segments(dir.path()),
        all[all.len() - 1..],
        "all but the one being written"
    );
    assert_eq!(journal.stats().removed_early, 0);

    let first_kept = journal.reader(0).try_next_batch(1, 1).unwrap()[0].position;
    assert!(first_kept > 1, "a reader begins with the oldest record kept");
    drop(journal);
    assert_eq!(open(&config).await.recovered.last_position, 30);
}

#[tokio::test]
async fn a_segment_a_replay_needs_stays_however_old_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let config = small(dir.path());
    let journal = open(&config).await.journal;
    append_hundreds(&journal, 30).await;
    let all = segments(dir.path());
    let open_record = Mark {
        committed: 30,
        low_water: 12,
    };
    journal.mark(open_record, START).await.unwrap();
    journal.mark(open_record, START + 10 * DAY).await.unwrap();
    assert!(segments(dir.path()).len() < all.len());

    let replay = journal.reader(11).try_next_batch(100, 1 << 20).unwrap();
    let positions: Vec<_> = replay.iter().map(|record| record.position).collect();
    assert_eq!(positions, (12..=30).collect::<Vec<_>>());
}

#[tokio::test]
async fn segments_no_replay_needs_are_not_read_at_start() {
    let dir = tempfile::tempdir().unwrap();
    let config = small(dir.path());
    let journal = open(&config).await.journal;
    append_hundreds(&journal, 30).await;
    journal.mark(done(30), START).await.unwrap();
    drop(journal);
    let recovered = open(&config).await.recovered;
    assert!(recovered.records < 10, "{recovered:?}");
    assert_eq!(recovered.last_position, 30);
}

#[tokio::test]
async fn an_edited_mark_keeps_the_journal_shut() {
    let dir = tempfile::tempdir().unwrap();
    let config = small(dir.path());
    let journal = open(&config).await.journal;
    append_hundreds(&journal, 3).await;
    journal.mark(done(2), START).await.unwrap();
    drop(journal);
    let path = dir.path().join("mark");
    let edited = std::fs::read_to_string(&path)
        .unwrap()
        .replace("committed 2", "committed 3");
    std::fs::write(&path, edited).unwrap();
    let refused = try_open(&config).await;
    assert!(matches!(refused, Err(JournalError::Corrupt { file, .. }) if file == path));
}

#[tokio::test]
async fn a_low_water_may_step_back_as_far_as_records_are_kept() {
    let dir = tempfile::tempdir().unwrap();
    let config = small(dir.path());
    let journal = open(&config).await.journal;
    append_hundreds(&journal, 30).await;
    let before = Mark {
        committed: 30,
        low_water: 12,
    };
    journal.mark(before, START).await.unwrap();
    journal.mark(before, START + DAY).await.unwrap();
    let oldest = journal.reader(0).try_next_batch(1, 1).unwrap()[0].position;
    assert!(oldest > 1 && oldest < 11);

    let back = Mark {
        committed: 30,
        low_water: oldest + 1,
    };
    journal.mark(back, START + DAY).await.unwrap();
    assert_eq!(journal.last_mark(), back);

    let gone = Mark {
        committed: 30,
        low_water: 1,
    };
    journal.mark(gone, START + DAY).await.unwrap();
    assert_eq!(journal.last_mark().low_water, oldest);
    drop(journal);
    assert_eq!(open(&config).await.recovered.last_position, 30);
}
