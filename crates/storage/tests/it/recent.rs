//! Ledger entries, newest first.

use tollgate_domain::ports::{LedgerStore, RecentFilter, RecentStore};
use tollgate_domain::{BillingStatus, EventId, KeyId, LedgerEntry, ModelName, UnbilledReason, UpstreamId};

use crate::fixture::Fixture;
use crate::ledger::write;
use crate::on_both;
use crate::samples::{adjustment, billed, id, journaled, noon, unbilled, with_attempt};

on_both!(
    entries_are_listed_newest_first_page_by_page,
    filters_narrow_the_entries,
    a_page_ends_where_enough_was_looked_at,
    the_filter_that_reaches_back_furthest_is_read,
);

async fn entries_are_listed_newest_first_page_by_page(fixture: Fixture) {
    let first = billed(1, "1");
    let entries = vec![
        first.clone(),
        adjustment(&first, "2"),
        billed(2, "1"),
        billed(3, "1"),
    ];
    fixture
        .store
        .commit(write(journaled(1, entries)), noon())
        .await
        .unwrap();
    let (mut after, mut seen) = (None, Vec::new());
    loop {
        let page = fixture
            .store
            .recent_entries(RecentFilter::default(), after, 3, 1)
            .await
            .unwrap();
        // Everything matches: nothing is looked at in vain.
        assert_eq!(page.looked_to, None);
        let page = page.entries;
        let Some(last) = page.last() else { break };
        let entry = &last.journaled.entry;
        after = Some((entry.attempt.event_id, entry.revision));
        seen.extend(page.iter().map(|recorded| {
            let entry = &recorded.journaled.entry;
            (entry.attempt.event_id.uuid(), entry.revision)
        }));
    }
    assert_eq!(seen, [(id(3), 0), (id(2), 0), (id(1), 1), (id(1), 0)]);
}

async fn filters_narrow_the_entries(fixture: Fixture) {
    let mut odd = with_attempt(unbilled(2, UnbilledReason::PriceNotFound), |attempt| {
        let upstream = std::sync::Arc::make_mut(&mut attempt.upstream);
        upstream.id = UpstreamId::new(id(700_002));
        upstream.provider = tollgate_domain::ProviderName::new("acme");
        std::sync::Arc::make_mut(&mut attempt.key).id = KeyId::new(id(800_002));
    });
    odd.outcome.model_served = None;
    let entries = vec![billed(1, "1"), odd, unbilled(3, UnbilledReason::Interrupted)];
    fixture
        .store
        .commit(write(journaled(1, entries)), noon())
        .await
        .unwrap();
    let found = async |filter: RecentFilter| {
        let page = fixture.store.recent_entries(filter, None, 10, 100).await.unwrap();
        assert_eq!(page.looked_to, None);
        let ids = page
            .entries
            .iter()
            .map(|recorded| recorded.journaled.entry.attempt.event_id.uuid());
        ids.collect::<Vec<_>>()
    };
    let all = RecentFilter::default;
    let status = |status| RecentFilter {
        status: Some(status),
        ..all()
    };
    assert_eq!(found(all()).await, [id(3), id(2), id(1)]);
    assert_eq!(found(status(BillingStatus::Billed)).await, [id(1)]);
    assert_eq!(found(status(BillingStatus::Unbilled)).await, [id(3), id(2)]);
    assert!(found(status(BillingStatus::NoCharge)).await.is_empty());
    let reason = Some("interrupted".to_owned());
    assert_eq!(found(RecentFilter { reason, ..all() }).await, [id(3)]);
    let upstream_id = Some(UpstreamId::new(id(700_002)));
    assert_eq!(found(RecentFilter { upstream_id, ..all() }).await, [id(2)]);
    let key_id = Some(KeyId::new(id(800_002)));
    assert_eq!(found(RecentFilter { key_id, ..all() }).await, [id(2)]);
    let provider = Some("acme".to_owned());
    assert_eq!(found(RecentFilter { provider, ..all() }).await, [id(2)]);
    // Served, else sent.
    let model = Some("gpt-5".to_owned());
    assert_eq!(found(RecentFilter { model, ..all() }).await, [id(3), id(2)]);
    let model = Some("gpt-5-2026-01-01".to_owned());
    assert_eq!(found(RecentFilter { model, ..all() }).await, [id(1)]);
}

/// An attempt of a key and a model, each in a hundred.
fn of(n: u32, key: u32, model: &str) -> LedgerEntry {
    let mut entry = with_attempt(billed(n, "1"), |attempt| {
        std::sync::Arc::make_mut(&mut attempt.key).id = KeyId::new(id(800_000 + key));
    });
    entry.outcome.model_served = Some(ModelName::new(model));
    entry
}

fn key_and_model(key: u32, model: &str) -> RecentFilter {
    RecentFilter {
        key_id: Some(KeyId::new(id(800_000 + key))),
        model: Some(model.to_owned()),
        ..RecentFilter::default()
    }
}

/// The pages of a filter, each with its attempts and where it ended before it was full.
async fn pages(
    fixture: &Fixture,
    filter: &RecentFilter,
    limit: u16,
    depth: u32,
) -> Vec<(Vec<u32>, Option<u32>)> {
    let number = |event: EventId| u32::try_from(event.uuid().as_u128() & 0xffff_ffff).unwrap();
    let (mut after, mut pages) = (None, Vec::new());
    loop {
        let page = fixture
            .store
            .recent_entries(filter.clone(), after, limit, depth)
            .await
            .unwrap();
        let last = page.entries.last().map(|recorded| &recorded.journaled.entry);
        let full = page.entries.len() == usize::from(limit);
        let last = last.map(|entry| (entry.attempt.event_id, entry.revision));
        let end = page.looked_to.map(|end| (end.event_id, end.revision));
        assert!(!(full && end.is_some()), "{end:?}");
        if let Some(end) = page.looked_to {
            assert_eq!(end.occurred_at, noon());
        }
        let numbers = page
            .entries
            .iter()
            .map(|recorded| number(recorded.journaled.entry.attempt.event_id));
        pages.push((numbers.collect(), end.map(|(event, _)| number(event))));
        after = if full { last } else { end };
        if after.is_none() {
            return pages;
        }
    }
}

async fn a_page_ends_where_enough_was_looked_at(fixture: Fixture) {
    // Of twenty attempts of one key and nineteen of one model, three are of both.
    let mut entries = Vec::new();
    for n in 1..=36_u32 {
        entries.push(match n {
            5 | 18 | 30 => of(n, 1, "m"),
            n if n % 2 == 0 => of(n, 1, "other"),
            _ => of(n, 2, "m"),
        });
    }
    let entries = journaled(1, entries);
    fixture.store.commit(write(entries), noon()).await.unwrap();
    let filter = key_and_model(1, "m");
    let all = vec![30, 18, 5];
    assert_eq!(pages(&fixture, &filter, 10, 100).await, [(all.clone(), None)]);
    if !fixture.is_sqlite() {
        // Several indexes are combined: nothing is looked at in vain.
        assert_eq!(pages(&fixture, &filter, 10, 6).await, [(all, None)]);
        return;
    }
    let short = pages(&fixture, &filter, 10, 6).await;
    assert!(short.len() > 3, "{short:?}");
    assert_eq!(short[0].0, [30]);
    assert!(short[0].1.is_some_and(|end| end > 18), "{short:?}");
    // Every entry that matches is on one of them, and a full page says nothing of where it looked.
    for (limit, depth) in [(10, 6), (10, 1), (1, 6), (2, 4), (1, 1)] {
        let pages = pages(&fixture, &filter, limit, depth).await;
        let found: Vec<u32> = pages.iter().flat_map(|(found, _)| found.clone()).collect();
        assert_eq!(found, all, "{limit} {depth} {pages:?}");
        assert_eq!(pages.last().unwrap().1, None);
    }
}

async fn the_filter_that_reaches_back_furthest_is_read(fixture: Fixture) {
    // The key has few attempts, all of them old; its upstream, its model and its provider have many.
    let entries = (1..=60_u32).map(|n| if n <= 3 { of(n, 1, "m") } else { of(n, 2, "m") });
    let entries = journaled(1, entries.collect());
    fixture.store.commit(write(entries), noon()).await.unwrap();
    let filter = RecentFilter {
        upstream_id: Some(billed(1, "1").attempt.upstream.id),
        provider: Some(billed(1, "1").attempt.upstream.provider.as_str().to_owned()),
        ..key_and_model(1, "m")
    };
    assert_eq!(pages(&fixture, &filter, 10, 5).await, [(vec![3, 2, 1], None)]);
    let rare_status = RecentFilter {
        status: Some(BillingStatus::Unbilled),
        ..key_and_model(2, "m")
    };
    assert_eq!(pages(&fixture, &rare_status, 10, 5).await, [(vec![], None)]);
    let reason = RecentFilter {
        reason: Some("interrupted".to_owned()),
        ..key_and_model(2, "m")
    };
    assert_eq!(pages(&fixture, &reason, 10, 5).await, [(vec![], None)]);
}
