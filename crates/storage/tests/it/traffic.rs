//! The ledger as price rules see it.

use chrono::TimeDelta;
use tollgate_domain::ports::{LedgerStore, TrafficFilter, TrafficStore};
use tollgate_domain::{EventId, LedgerEntry, ModelName, UnbilledReason, UpstreamId, UpstreamRef};

use crate::fixture::Fixture;
use crate::ledger::write;
use crate::on_both;
use crate::samples::{adjustment, billed, id, id_at, journaled, noon, unbilled, upstream_ref, with_attempt};

on_both!(
    traffic_is_found_by_any_of_its_names_within_the_range,
    traffic_pages_join_without_gap,
    attempts_without_a_price_are_grouped_by_what_chooses_one,
    an_attempt_that_was_repaired_is_not_unpriced,
);

fn at_minute(n: u32, minute: i64, model: &str) -> LedgerEntry {
    let occurred_at = noon() + TimeDelta::minutes(minute);
    let mut entry = with_attempt(billed(n, "1"), |attempt| {
        attempt.occurred_at = occurred_at;
        attempt.event_id = EventId::new(id_at(occurred_at, n));
        attempt.model_sent = Some(ModelName::new(model));
        attempt.model_requested = Some(ModelName::new("alias"));
    });
    entry.outcome.model_served = Some(ModelName::new(format!("{model}-2026-01-01")));
    entry
}

fn filter(minutes: (i64, i64), models: &[&str]) -> TrafficFilter {
    TrafficFilter {
        from: noon() + TimeDelta::minutes(minutes.0),
        until: noon() + TimeDelta::minutes(minutes.1),
        upstream_id: None,
        models: models.iter().map(|name| ModelName::new(*name)).collect(),
    }
}

async fn found(fixture: &Fixture, filter: TrafficFilter) -> Vec<EventId> {
    let entries = fixture.store.traffic(filter, None, 100).await.unwrap();
    let ids = entries.iter().map(|entry| entry.journaled.entry.attempt.event_id);
    ids.collect()
}

async fn traffic_is_found_by_any_of_its_names_within_the_range(fixture: Fixture) {
    let entries: Vec<_> = [(1, 0, "a"), (2, 10, "b"), (3, 20, "a"), (4, 30, "c")]
        .map(|(n, minute, model)| at_minute(n, minute, model))
        .into();
    let ids: Vec<EventId> = entries.iter().map(|entry| entry.attempt.event_id).collect();
    fixture
        .store
        .commit(write(journaled(1, entries)), noon())
        .await
        .unwrap();
    assert_eq!(found(&fixture, filter((0, 60), &["a"])).await, [ids[0], ids[2]]);
    assert_eq!(
        found(&fixture, filter((0, 60), &["b-2026-01-01", "c"])).await,
        [ids[1], ids[3]]
    );
    assert_eq!(found(&fixture, filter((0, 60), &["alias"])).await, ids);
    assert_eq!(found(&fixture, filter((10, 30), &[])).await, [ids[1], ids[2]]);
    assert!(found(&fixture, filter((0, 60), &["nobody"])).await.is_empty());
    let mut elsewhere = filter((0, 60), &[]);
    elsewhere.upstream_id = Some(UpstreamId::new(id(1)));
    assert!(found(&fixture, elsewhere).await.is_empty());
    let mut here = filter((0, 60), &[]);
    here.upstream_id = Some(upstream_ref().id);
    assert_eq!(found(&fixture, here).await, ids);
}

async fn traffic_pages_join_without_gap(fixture: Fixture) {
    let mut entries: Vec<_> = (1..=7).map(|n| at_minute(n, i64::from(n), "a")).collect();
    entries.push(adjustment(&entries[3], "0.5"));
    fixture
        .store
        .commit(write(journaled(1, entries)), noon())
        .await
        .unwrap();
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = fixture
            .store
            .traffic(filter((0, 60), &["a"]), after, 3)
            .await
            .unwrap();
        let Some(last) = page.last() else { break };
        after = Some((
            last.journaled.entry.attempt.event_id,
            last.journaled.entry.revision,
        ));
        seen.extend(page);
    }
    let whole = fixture
        .store
        .traffic(filter((0, 60), &["a"]), None, 100)
        .await
        .unwrap();
    assert_eq!((seen.len(), &seen), (8, &whole));
}

async fn attempts_without_a_price_are_grouped_by_what_chooses_one(fixture: Fixture) {
    let lost = |n: u32, minute: i64, tier: Option<&str>| {
        let priced = at_minute(n, minute, "new-model");
        let mut entry = LedgerEntry {
            verdict: unbilled(n, UnbilledReason::PriceNotFound).verdict,
            amounts: None,
            ..priced
        };
        entry.outcome.tier_served = tier.map(ToOwned::to_owned);
        entry
    };
    let elsewhere = with_attempt(lost(4, 4, None), |attempt| {
        attempt.upstream = std::sync::Arc::new(UpstreamRef {
            id: UpstreamId::new(id(7)),
            name: "reseller".into(),
            ..(*upstream_ref()).clone()
        });
    });
    let entries = vec![
        lost(1, 1, None),
        lost(2, 2, None),
        lost(3, 3, Some("flex")),
        elsewhere,
        billed(5, "1"),
        unbilled(6, UnbilledReason::UsageMissing),
    ];
    fixture
        .store
        .commit(write(journaled(1, entries)), noon())
        .await
        .unwrap();
    let until = noon() + TimeDelta::hours(1);
    let groups = fixture.store.unpriced(noon(), until, 10).await.unwrap();
    let shown: Vec<_> = groups
        .iter()
        .map(|group| {
            (
                group.upstream_name.as_str(),
                group.tier_served.as_deref(),
                group.attempts,
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            ("openai main", None, 2),
            ("reseller", None, 1),
            ("openai main", Some("flex"), 1)
        ]
    );
    let first = &groups[0];
    assert_eq!((first.input_tokens, first.output_tokens), (2_000, 100));
    assert_eq!(first.model_sent, Some(ModelName::new("new-model")));
    assert_eq!(
        (first.first_seen, first.last_seen),
        (noon() + TimeDelta::minutes(1), noon() + TimeDelta::minutes(2))
    );
    assert_eq!(fixture.store.unpriced(noon(), until, 1).await.unwrap().len(), 1);
    let samples = fixture
        .store
        .unpriced_at(vec![first.last_seen, until])
        .await
        .unwrap();
    assert_eq!(samples.len(), 1);
    assert_eq!(samples[0].journaled.entry.attempt.occurred_at, first.last_seen);
}

async fn an_attempt_that_was_repaired_is_not_unpriced(fixture: Fixture) {
    let lost = unbilled(1, UnbilledReason::PriceNotFound);
    let entries = vec![lost.clone(), adjustment(&lost, "1")];
    fixture
        .store
        .commit(write(journaled(1, entries)), noon())
        .await
        .unwrap();
    let until = noon() + TimeDelta::hours(1);
    assert!(
        fixture
            .store
            .unpriced(noon(), until, 10)
            .await
            .unwrap()
            .is_empty()
    );
}
