//! Writing and reading the ledger.

use tollgate_domain::ports::{
    Committed, GapStretch, JournalGap, LedgerStore, LedgerWrite, ReportStore, StoredGaps,
};
use tollgate_domain::{
    EventId, JournalId, JournaledEntry, LedgerBatch, RequestId, UnbilledReason, ZeroReason,
};

use crate::fixture::Fixture;
use crate::on_both;
use crate::samples::{
    adjustment, amounts, at, billed, id, journal, journaled, noon, request, unbilled, with_attempt,
};

on_both!(
    an_entry_reads_back_as_it_was_written,
    a_repeated_write_changes_nothing,
    other_content_under_one_identity_is_a_conflict_and_kept,
    of_two_equal_events_in_a_batch_one_is_written,
    batches_chain_per_journal,
    a_large_batch_is_one_transaction,
    the_ledger_reads_page_by_page,
    ledger_and_batches_refuse_changes,
    the_last_sequence_is_that_of_the_journal,
    gap_notes_of_all_journals_are_summed_and_a_replay_adds_none,
);

pub(crate) fn write(entries: Vec<JournaledEntry>) -> LedgerWrite {
    LedgerWrite {
        entries,
        ..LedgerWrite::default()
    }
}

async fn an_entry_reads_back_as_it_was_written(fixture: Fixture) {
    let whole = billed(1, "1234567.000000000001");
    let mut free = with_attempt(billed(2, "0"), |attempt| attempt.attempt = u16::MAX);
    free.zero_reason = Some(ZeroReason::BelowResolution);
    let bare = with_attempt(unbilled(3, UnbilledReason::Interrupted), |attempt| {
        attempt.model_requested = None;
        attempt.model_sent = None;
        attempt.tier_requested = None;
        attempt.caller = std::sync::Arc::default();
    });
    let credit = adjustment(&whole, "-0.000000000001");
    let entries = journaled(1, vec![whole, free, bare, credit]);
    let recorded_at = at("2026-11-15T12:00:05.123456Z");
    fixture
        .store
        .commit(write(entries.clone()), recorded_at)
        .await
        .unwrap();
    let mut read = Vec::new();
    for n in 1..=3 {
        let request = RequestId::new(id(100_000 + n));
        read.extend(fixture.store.entries_of_request(request).await.unwrap());
    }
    read.sort_by_key(|entry| entry.journaled.journal_seq);
    assert!(read.iter().all(|entry| entry.recorded_at == recorded_at));
    let read: Vec<JournaledEntry> = read.into_iter().map(|entry| entry.journaled).collect();
    assert_eq!(read, entries);
    let hashes = |entries: &[JournaledEntry]| -> Vec<_> {
        entries.iter().map(|entry| entry.entry.content_hash()).collect()
    };
    assert_eq!(hashes(&read), hashes(&entries));
}

async fn a_repeated_write_changes_nothing(fixture: Fixture) {
    let first = LedgerWrite {
        entries: journaled(
            1,
            vec![billed(1, "1.5"), unbilled(2, UnbilledReason::UsageMissing)],
        ),
        logs: vec![request(1), request(2), request(3)],
        ..LedgerWrite::default()
    };
    let done = fixture.store.commit(first.clone(), noon()).await.unwrap();
    assert_eq!(
        done,
        Committed {
            inserted: 2,
            ..Committed::default()
        }
    );
    let state = async || {
        fixture.add_up().await;
        let mut state = Vec::new();
        for (table, columns) in [
            ("ledger_entries", "cost, recorded_at"),
            ("rollups", "attempts, cost, input_tokens"),
            ("rollup_histograms", "metric, bin, count"),
            ("request_logs", "status, cost, attempts"),
            ("ledger_batches", "ordinal, last_seq"),
        ] {
            let text = columns
                .split(", ")
                .map(|column| format!("COALESCE(CAST({column} AS TEXT), '-')"));
            let text = text.collect::<Vec<_>>().join(" || ' ' || ");
            let query = format!("SELECT {text} AS value FROM {table} ORDER BY 1");
            state.push(fixture.values(&query).await);
        }
        state
    };
    let before = state().await;
    let done = fixture
        .store
        .commit(first, at("2026-11-15T13:00:00Z"))
        .await
        .unwrap();
    assert_eq!(
        done,
        Committed {
            replayed: 2,
            ..Committed::default()
        }
    );
    assert_eq!(state().await, before);
    assert_eq!(before[4], ["1 2"]);
}

async fn other_content_under_one_identity_is_a_conflict_and_kept(fixture: Fixture) {
    fixture
        .store
        .commit(write(journaled(1, vec![billed(1, "1")])), noon())
        .await
        .unwrap();
    let other = journaled(2, vec![billed(1, "2"), billed(2, "3")]);
    for _ in 0..2 {
        let done = fixture.store.commit(write(other.clone()), noon()).await.unwrap();
        assert_eq!(done.conflicts, [EventId::new(id(1))]);
    }
    assert_eq!(fixture.count("ledger_entries").await, 2);
    assert_eq!(fixture.count("ledger_conflicts").await, 1);
    let body = fixture.value("SELECT body AS value FROM ledger_conflicts").await;
    assert_eq!(body, serde_json::to_string(&other[0].entry).unwrap());
    let kept = fixture
        .store
        .entries_of_request(RequestId::new(id(100_001)))
        .await
        .unwrap();
    assert_eq!(kept[0].journaled.entry.amounts, Some(amounts("1")));
}

async fn of_two_equal_events_in_a_batch_one_is_written(fixture: Fixture) {
    let entries = journaled(1, vec![billed(1, "1"), billed(1, "1"), billed(1, "2")]);
    let done = fixture.store.commit(write(entries), noon()).await.unwrap();
    let expected = Committed {
        inserted: 1,
        replayed: 1,
        conflicts: vec![EventId::new(id(1))],
    };
    assert_eq!(done, expected);
}

async fn batches_chain_per_journal(fixture: Fixture) {
    let (one, two) = (
        journaled(1, vec![billed(1, "1"), billed(2, "2")]),
        journaled(3, vec![billed(3, "4")]),
    );
    let elsewhere = JournalId::new(id(900_002));
    let mut other = journaled(1, vec![billed(4, "8")]);
    other[0].journal_id = elsewhere;
    for entries in [&one, &other, &two] {
        fixture
            .store
            .commit(write(entries.clone()), noon())
            .await
            .unwrap();
    }
    let seal = |previous, entries: &[JournaledEntry]| {
        LedgerBatch::seal(previous, &entries.iter().collect::<Vec<_>>(), noon()).unwrap()
    };
    let first = seal([0; 32], &one);
    let second = seal(first.digest, &two);
    let hex = if fixture.is_sqlite() {
        "lower(hex(digest))"
    } else {
        "encode(digest, 'hex')"
    };
    let query = format!(
        "SELECT {hex} || ' ' || CAST(entry_count AS TEXT) AS value FROM ledger_batches ORDER BY ordinal, entry_count"
    );
    let expected = |batch: &LedgerBatch, count: u32| format!("{} {count}", hex::encode(batch.digest));
    let stored = fixture.values(&query).await;
    assert_eq!(
        stored,
        [
            expected(&seal([0; 32], &other), 1),
            expected(&first, 2),
            expected(&second, 1)
        ]
    );
}

async fn a_large_batch_is_one_transaction(fixture: Fixture) {
    let entries: Vec<_> = (1..=1_500).map(|n| billed(n, "0.000000000001")).collect();
    let mut logs: Vec<_> = (1..=1_500).map(request).collect();
    logs.reverse();
    let done = fixture
        .store
        .commit(
            LedgerWrite {
                entries: journaled(1, entries),
                logs,
                ..LedgerWrite::default()
            },
            noon(),
        )
        .await;
    assert_eq!(done.unwrap().inserted, 1_500);
    assert_eq!(
        fixture
            .count("request_logs WHERE status = 'billed' AND ended_at IS NOT NULL")
            .await,
        1_500
    );
    assert_eq!(fixture.count("ledger_batches").await, 1);
}

async fn the_ledger_reads_page_by_page(fixture: Fixture) {
    let mut entries: Vec<_> = (1..=5).map(|n| billed(n, "1")).collect();
    entries.push(adjustment(&entries[1], "1"));
    let written = write(journaled(1, entries));
    fixture.store.commit(written, noon()).await.unwrap();
    let (mut read, mut after) = (Vec::new(), None);
    loop {
        let page = fixture.store.entries(after, 4).await.unwrap();
        let keys: Vec<_> = page
            .iter()
            .map(|entry| {
                (
                    entry.journaled.entry.attempt.event_id,
                    entry.journaled.entry.revision,
                )
            })
            .collect();
        let Some(last) = keys.last() else { break };
        after = Some(*last);
        read.extend(keys);
    }
    let expected = [(1, 0), (2, 0), (2, 1), (3, 0), (4, 0), (5, 0)];
    assert_eq!(
        read,
        expected.map(|(n, revision)| (EventId::new(id(n)), revision))
    );
}

async fn ledger_and_batches_refuse_changes(fixture: Fixture) {
    fixture
        .store
        .commit(
            LedgerWrite {
                gaps: vec![gap(1, 3)],
                ..write(journaled(1, vec![billed(1, "1")]))
            },
            noon(),
        )
        .await
        .unwrap();
    let mut statements = vec![
        "UPDATE ledger_entries SET note = 'x'",
        "DELETE FROM ledger_entries",
        "UPDATE ledger_batches SET entry_count = 2",
        "DELETE FROM ledger_batches",
        "UPDATE journal_gaps SET attempts = 0",
        "DELETE FROM journal_gaps",
    ];
    if !fixture.is_sqlite() {
        statements.extend([
            "TRUNCATE ledger_entries",
            "TRUNCATE ledger_batches",
            "TRUNCATE journal_gaps",
        ]);
    }
    for statement in statements {
        let error = fixture.execute(statement).await.unwrap_err();
        assert!(error.contains("insert-only"), "{statement}: {error}");
    }
    assert_eq!(fixture.count("ledger_entries WHERE note IS NULL").await, 1);
}

async fn the_last_sequence_is_that_of_the_journal(fixture: Fixture) {
    assert_eq!(fixture.store.last_journal_seq(journal()).await.unwrap(), 0);
    let entries = journaled(40, vec![billed(1, "1"), billed(2, "1")]);
    fixture.store.commit(write(entries), noon()).await.unwrap();
    assert_eq!(fixture.store.last_journal_seq(journal()).await.unwrap(), 41);
    assert_eq!(
        fixture
            .store
            .last_journal_seq(JournalId::new(id(1)))
            .await
            .unwrap(),
        0
    );
}

fn gap(position: u64, attempts: u64) -> JournalGap {
    let seconds = chrono::TimeDelta::seconds(i64::try_from(position).unwrap());
    JournalGap {
        journal_id: journal(),
        position,
        stretch: GapStretch {
            attempts,
            from: noon() + seconds,
            until: noon() + seconds * 2,
        },
    }
}

async fn gap_notes_of_all_journals_are_summed_and_a_replay_adds_none(fixture: Fixture) {
    assert_eq!(fixture.store.gaps().await.unwrap(), StoredGaps::default());
    let other = JournalGap {
        journal_id: JournalId::new(id(900_002)),
        ..gap(3, 7)
    };
    // A journal restored from a copy gives a position out twice.
    let mut restored = gap(20, 5);
    restored.stretch.from += chrono::TimeDelta::hours(1);
    restored.stretch.until += chrono::TimeDelta::hours(1);
    for gaps in [
        vec![gap(10, 2), gap(20, 1)],
        vec![other],
        vec![gap(20, 1), gap(30, 4)],
        vec![restored],
    ] {
        let write = LedgerWrite {
            gaps,
            ..LedgerWrite::default()
        };
        fixture.store.commit(write.clone(), noon()).await.unwrap();
        fixture.store.commit(write, noon()).await.unwrap();
    }
    let stored = fixture.store.gaps().await.unwrap();
    let sums: Vec<_> = stored
        .journals
        .iter()
        .map(|gaps| (gaps.last_position, gaps.total.attempts))
        .collect();
    assert_eq!(sums, [(30, 12), (3, 7)]);
    assert_eq!(stored.journals[0].total.from, gap(10, 2).stretch.from);
    assert_eq!(stored.journals[0].total.until, restored.stretch.until);
    assert_eq!(
        stored.latest,
        [restored, gap(30, 4), gap(20, 1), gap(10, 2), other]
    );
}
