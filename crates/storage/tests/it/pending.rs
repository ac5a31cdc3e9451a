//! Sums that wait to be added up.

use std::sync::atomic::{AtomicU32, Ordering};

use chrono::TimeDelta;
use secrecy::ExposeSecret;
use tokio::sync::Mutex;
use tollgate_domain::ports::{
    AttentionStore, LedgerStore, ReportStore, StatsBy, StatsFilter, StatsStore, StoreError, SumStore,
};
use tollgate_domain::{AccountingZone, AttentionKind, LatencyMetric, Timestamp, UnbilledReason};

use crate::fixture::{self, Fixture};
use crate::ledger::write;
use crate::on_both;
use crate::samples::{at, billed, journaled, noon, unbilled, usd};

on_both!(
    a_report_shows_what_was_committed_and_nothing_waits_after_it,
    many_reports_at_once_add_it_up_once,
    what_one_process_left_is_added_up_by_the_next,
    it_is_added_up_without_a_report_once_it_is_old_or_much,
    more_than_is_added_up_at_a_time_is_due_and_leaves_nothing,
    what_is_counted_later_adds_to_what_is_stored,
    another_zone_takes_what_waits_along,
    a_zone_that_changes_while_entries_are_written_counts_none_twice,
    what_cannot_be_added_up_keeps_no_entry_out,
);

const PENDING: &str = "pending_sums";
/// Enough to meet a writer at every step.
const CHANGES: u32 = 20;

async fn commit(fixture: &Fixture, number: u32, recorded: Timestamp) {
    let entries = vec![
        billed(number, "1.5"),
        unbilled(number + 1, UnbilledReason::UsageMissing),
    ];
    let write = write(journaled(u64::from(number), entries));
    fixture.store.commit(write, recorded).await.unwrap();
}

async fn attempts(fixture: &Fixture) -> i64 {
    let (from, until) = (noon() - TimeDelta::days(1), noon() + TimeDelta::days(1));
    fixture.store.totals(from, until).await.unwrap().values.attempts
}

async fn a_report_shows_what_was_committed_and_nothing_waits_after_it(fixture: Fixture) {
    commit(&fixture, 1, noon()).await;
    commit(&fixture, 3, noon() + TimeDelta::seconds(1)).await;
    assert_eq!(fixture.count(PENDING).await, 2);
    assert_eq!(fixture.count("rollups").await, 0);

    let totals = fixture
        .store
        .totals(noon(), noon() + TimeDelta::hours(1))
        .await
        .unwrap();
    assert_eq!((totals.values.attempts, totals.values.cost), (4, usd("3")));
    assert_eq!(fixture.count(PENDING).await, 0);

    commit(&fixture, 5, noon() + TimeDelta::seconds(2)).await;
    let rows = fixture
        .store
        .attention(
            noon() - TimeDelta::days(2),
            None,
            &[AttentionKind::UsageMissing],
            10,
        )
        .await
        .unwrap();
    assert_eq!(rows.iter().map(|row| row.values.count).sum::<i64>(), 3);
    assert_eq!(fixture.count(PENDING).await, 0);
}

async fn many_reports_at_once_add_it_up_once(fixture: Fixture) {
    for number in 0..20 {
        commit(&fixture, 2 * number + 1, noon()).await;
    }
    let other = fixture::open(&fixture.url, fixture.key.expose_secret(), &[]).await;
    let (from, until) = (noon(), noon() + TimeDelta::hours(1));
    let reports = (0..8).map(|number| {
        let store = if number % 2 == 0 { &fixture.store } else { &other };
        let store = std::sync::Arc::clone(store);
        async move { store.totals(from, until).await.unwrap().values.attempts }
    });
    let seen = futures_util::future::join_all(reports).await;
    assert_eq!(seen, [40; 8]);
    assert_eq!(attempts(&fixture).await, 40);
}

async fn what_one_process_left_is_added_up_by_the_next(fixture: Fixture) {
    commit(&fixture, 1, noon()).await;
    assert_eq!(fixture.count(PENDING).await, 1);
    let next = fixture::open(&fixture.url, fixture.key.expose_secret(), &[]).await;
    let totals = next.totals(noon(), noon() + TimeDelta::hours(1)).await.unwrap();
    assert_eq!(totals.values.attempts, 2);
    assert_eq!(fixture.count(PENDING).await, 0);
}

async fn it_is_added_up_without_a_report_once_it_is_old_or_much(fixture: Fixture) {
    commit(&fixture, 1, noon()).await;
    commit(&fixture, 3, noon() + TimeDelta::seconds(4)).await;
    assert_eq!(fixture.count(PENDING).await, 2, "it is neither");
    commit(&fixture, 5, noon() + TimeDelta::seconds(6)).await;
    assert_eq!(fixture.count(PENDING).await, 0, "it is old");

    commit(&fixture, 7, noon()).await;
    commit(&fixture, 9, noon() - TimeDelta::hours(1)).await;
    assert_eq!(fixture.count(PENDING).await, 0, "the clock was set back");

    let entries = (0..2_000).map(|number| billed(20 + number, "1")).collect();
    fixture
        .store
        .commit(write(journaled(10, entries)), noon())
        .await
        .unwrap();
    assert_eq!(fixture.count(PENDING).await, 0, "it is much");
    assert_eq!(attempts(&fixture).await, 2_010);
}

/// As many rows as `1 << doublings` that all add the same.
async fn wait_often(fixture: &Fixture, doublings: u32) {
    let double =
        "INSERT INTO pending_sums (recorded_at, entries, body) SELECT recorded_at, 0, body FROM pending_sums";
    for _ in 0..doublings {
        fixture.execute(double).await.unwrap();
    }
    assert_eq!(fixture.count(PENDING).await, 1 << doublings);
}

async fn more_than_is_added_up_at_a_time_is_due_and_leaves_nothing(fixture: Fixture) {
    commit(&fixture, 1, noon()).await;
    wait_often(&fixture, 8).await;
    assert_eq!(attempts(&fixture).await, 2 * 256);
    assert_eq!(fixture.count(PENDING).await, 0, "a report");

    commit(&fixture, 3, noon()).await;
    wait_often(&fixture, 8).await;
    commit(&fixture, 5, noon()).await;
    assert_eq!(fixture.count(PENDING).await, 0, "so many are due");
    assert_eq!(attempts(&fixture).await, 2 * (256 + 256 + 1));
}

async fn what_is_counted_later_adds_to_what_is_stored(fixture: Fixture) {
    let day = (noon() - TimeDelta::hours(12), noon() + TimeDelta::hours(12));
    let filter = StatsFilter {
        from: day.0,
        until: day.1,
        key_id: None,
        team: None,
        upstream_id: None,
        model: None,
    };
    for (number, expected) in [(1, 2), (3, 4), (5, 6)] {
        commit(&fixture, number, noon()).await;
        let stats = fixture
            .store
            .stats(filter.clone(), StatsBy::Model, 10)
            .await
            .unwrap();
        let total = &stats.total;
        let durations = total
            .histogram
            .iter()
            .filter(|((metric, _), _)| *metric == LatencyMetric::Duration);
        assert_eq!(durations.map(|(_, count)| count).sum::<i64>(), expected);
        assert_eq!(total.values.attempts, expected);
    }
}

async fn another_zone_takes_what_waits_along(fixture: Fixture) {
    commit(&fixture, 1, noon()).await;
    fixture.add_up().await;
    commit(&fixture, 3, noon()).await;
    let zone = AccountingZone::try_new("Asia/Kathmandu").unwrap();
    assert!(fixture.store.sum_days_of(zone).await.unwrap());
    assert_eq!(fixture.count(PENDING).await, 0);
    assert_eq!(attempts(&fixture).await, 4);
    let day = zone.day(noon());
    let totals = fixture.store.totals(day.0, day.1).await.unwrap().values;
    assert_eq!((totals.attempts, totals.cost), (4, usd("3")));
    let sums = "SELECT CAST(SUM(count) AS TEXT) AS value FROM rollup_histograms WHERE metric = 'duration'";
    assert_eq!(fixture.value(sums).await, "4");
}

async fn a_zone_that_changes_while_entries_are_written_counts_none_twice(fixture: Fixture) {
    // How often it changed, and how many were written, by who holds it.
    let (changed, written) = (AtomicU32::new(0), Mutex::new(0));
    let change = async {
        for name in ["Asia/Kathmandu", "America/New_York"].into_iter().cycle() {
            let zone = AccountingZone::try_new(name).unwrap();
            assert!(fixture.store.sum_days_of(zone).await.unwrap());
            let changed = changed.fetch_add(1, Ordering::Relaxed);
            // Adding up anew once more would hide it.
            let written = written.lock().await;
            assert_eq!(attempts(&fixture).await, i64::from(2 * *written));
            if changed >= CHANGES && *written > 0 {
                break;
            }
        }
    };
    let write = async {
        while changed.load(Ordering::Relaxed) <= CHANGES {
            let mut written = written.lock().await;
            commit(&fixture, 2 * *written + 1, noon()).await;
            *written += 1;
        }
    };
    tokio::join!(change, write);
}

async fn what_cannot_be_added_up_keeps_no_entry_out(fixture: Fixture) {
    let row = if fixture.is_sqlite() {
        "INSERT INTO pending_sums (recorded_at, entries, body) VALUES (0, 1, x'09')"
    } else {
        "INSERT INTO pending_sums (recorded_at, entries, body) VALUES ('1970-01-01', 1, '\\x09')"
    };
    fixture.execute(row).await.unwrap();
    commit(&fixture, 1, at("2026-11-15T13:00:00Z")).await;
    assert_eq!(fixture.count("ledger_entries").await, 2);
    let (from, until) = (noon(), noon() + TimeDelta::hours(1));
    let error = fixture.store.totals(from, until).await.unwrap_err();
    assert!(
        matches!(error, StoreError::Corrupt { .. }),
        "a report says so: {error:?}"
    );
    fixture
        .execute("DELETE FROM pending_sums WHERE entries = 1")
        .await
        .unwrap();
    assert_eq!(attempts(&fixture).await, 2);
}
