//! Exports of the ledger.

use chrono::TimeDelta;
use tollgate_domain::ports::{ExportFilter, ExportStore, LedgerStore, RecordedEntry};
use tollgate_domain::{
    BillingStatus, EventId, KeyId, LedgerEntry, RequestId, Timestamp, UnbilledReason, UpstreamId, Usd,
};

use crate::fixture::Fixture;
use crate::ledger::write;
use crate::on_both;
use crate::samples::{adjustment, billed, id, id_at, journaled, noon, unbilled, usd, with_attempt};

on_both!(filters_narrow_the_export, pages_join_to_the_whole_ledger);

async fn exported(fixture: &Fixture, filter: ExportFilter) -> Vec<RecordedEntry> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let page = fixture
            .store
            .export_entries(filter.clone(), after, 500)
            .await
            .unwrap();
        let Some(last) = page.last() else { return all };
        let entry = &last.journaled.entry;
        after = Some((entry.attempt.event_id, entry.revision));
        all.extend(page);
    }
}

fn at_hour(n: u32, hours: i64, entry: LedgerEntry) -> LedgerEntry {
    let occurred_at: Timestamp = noon() + TimeDelta::hours(hours);
    with_attempt(entry, |attempt| {
        attempt.occurred_at = occurred_at;
        attempt.event_id = EventId::new(id_at(occurred_at, n));
        attempt.request_id = RequestId::new(id_at(occurred_at, 100_000 + n));
    })
}

async fn filters_narrow_the_export(fixture: Fixture) {
    let lost = at_hour(2, 1, unbilled(2, UnbilledReason::PriceNotFound));
    let first = vec![at_hour(1, 0, billed(1, "1")), lost.clone()];
    fixture
        .store
        .commit(write(journaled(1, first)), noon())
        .await
        .unwrap();
    let repaired = noon() + TimeDelta::days(40);
    let second = vec![adjustment(&lost, "4")];
    fixture
        .store
        .commit(write(journaled(3, second)), repaired)
        .await
        .unwrap();
    for (filter, expected) in narrowings(repaired) {
        assert_eq!(
            exported(&fixture, filter.clone()).await.len(),
            expected,
            "{filter:?}"
        );
    }
}

/// Each filter alone, and how many rows it leaves.
fn narrowings(repaired: Timestamp) -> Vec<(ExportFilter, usize)> {
    let hour = |n: i64| Some(noon() + TimeDelta::hours(n));
    let narrowed = |change: &dyn Fn(&mut ExportFilter)| {
        let mut filter = ExportFilter::default();
        change(&mut filter);
        filter
    };
    vec![
        (narrowed(&|_| ()), 3),
        (narrowed(&|it| it.occurred_from = hour(1)), 2),
        (narrowed(&|it| it.occurred_until = hour(1)), 1),
        (narrowed(&|it| it.recorded_from = Some(repaired)), 1),
        (narrowed(&|it| it.recorded_until = Some(repaired)), 2),
        (narrowed(&|it| it.as_of = Some(repaired)), 3),
        (
            narrowed(&|it| it.as_of = Some(repaired - TimeDelta::microseconds(1))),
            2,
        ),
        (narrowed(&|it| it.key_id = Some(KeyId::new(id(800_001)))), 3),
        (narrowed(&|it| it.key_id = Some(KeyId::new(id(1)))), 0),
        (narrowed(&|it| it.team = Some("search".to_owned())), 3),
        (narrowed(&|it| it.team = Some("other".to_owned())), 0),
        (
            narrowed(&|it| it.upstream_id = Some(UpstreamId::new(id(700_001)))),
            3,
        ),
        (narrowed(&|it| it.upstream_id = Some(UpstreamId::new(id(1)))), 0),
        (narrowed(&|it| it.model = Some("gpt-fast".to_owned())), 3),
        (narrowed(&|it| it.model = Some("gpt-5-2026-01-01".to_owned())), 1),
        (narrowed(&|it| it.model = Some("gpt".to_owned())), 0),
        (narrowed(&|it| it.status = Some(BillingStatus::Unbilled)), 1),
        (narrowed(&|it| it.status = Some(BillingStatus::Billed)), 2),
        (narrowed(&|it| it.status = Some(BillingStatus::NoCharge)), 0),
    ]
}

async fn pages_join_to_the_whole_ledger(fixture: Fixture) {
    let entries: Vec<_> = (1..=1_700)
        .map(|n| at_hour(n, i64::from(n % 50), billed(n, "0.000000000007")))
        .collect();
    fixture
        .store
        .commit(write(journaled(1, entries)), noon())
        .await
        .unwrap();
    let read = exported(&fixture, ExportFilter::default()).await;
    let keys: Vec<EventId> = read
        .iter()
        .map(|entry| entry.journaled.entry.attempt.event_id)
        .collect();
    assert_eq!(keys.len(), 1_700);
    assert!(keys.is_sorted_by(|one, other| one < other), "in order, each once");
    let costs = read
        .iter()
        .filter_map(|entry| entry.journaled.entry.amounts)
        .map(|amounts| amounts.cost);
    assert_eq!(Usd::checked_sum(costs).unwrap(), usd("0.0000000119"));
}
