//! Ledger entries, newest first.

use tollgate_domain::ports::{LedgerStore, RecentFilter, RecentStore};
use tollgate_domain::{BillingStatus, KeyId, UnbilledReason, UpstreamId};

use crate::fixture::Fixture;
use crate::ledger::write;
use crate::on_both;
use crate::samples::{adjustment, billed, id, journaled, noon, unbilled, with_attempt};

on_both!(
    entries_are_listed_newest_first_page_by_page,
    filters_narrow_the_entries,
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
            .recent_entries(RecentFilter::default(), after, 3)
            .await
            .unwrap();
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
        let entries = fixture.store.recent_entries(filter, None, 10).await.unwrap();
        let ids = entries
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
