//! Statistics.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use tollgate_domain::ports::{
    LedgerStore, LedgerWrite, StatsBy, StatsFilter, StatsGroup, StatsStore, UpstreamStore,
};
use tollgate_domain::{
    Actor, ChargeLine, ErrorOrigin, KeyId, LatencyMetric, LedgerEntry, Meter, ModelName, RequestLog,
    UnbilledReason, UpstreamId, percentile,
};

use crate::fixture::Fixture;
use crate::on_both;
use crate::samples::{at, billed, id, journaled, noon, request, unbilled, usd, with_attempt};

on_both!(
    requests_errors_and_speed_are_summed_by_group,
    what_caching_saved_follows_from_the_receipts,
    a_replay_counts_nothing_twice,
    filters_and_times_bound_the_buckets,
);

/// Cached tokens at a tenth of the input rate, priced line by line.
fn cached(n: u32) -> LedgerEntry {
    let line = |meter: Meter, count: u64, rate: &str, cost: &str| ChargeLine {
        meter,
        count,
        billed_count: None,
        size: None,
        usd_per_million: rate.parse().unwrap(),
        multiplier: "0.5".parse().unwrap(),
        modifiers: Vec::new(),
        list_cost: usd(cost),
        cost: usd(cost),
        fallbacks: Vec::new(),
    };
    LedgerEntry {
        lines: vec![
            line(Meter::Input, 900, "2.5", "0.001125"),
            line(Meter::CacheRead, 100, "0.25", "0.0000125"),
            line(Meter::Output, 50, "10", "0.00025"),
        ],
        ..billed(n, "0.0013875")
    }
}

async fn commit(fixture: &Fixture, entries: Vec<LedgerEntry>, logs: Vec<RequestLog>) {
    let write = LedgerWrite {
        entries: journaled(1, entries),
        logs,
        ..LedgerWrite::default()
    };
    fixture.store.commit(write, noon()).await.unwrap();
}

fn day() -> StatsFilter {
    StatsFilter {
        from: at("2026-11-15T00:00:00Z"),
        until: at("2026-11-16T00:00:00Z"),
        key_id: None,
        team: None,
        upstream_id: None,
        model: None,
    }
}

async fn by(fixture: &Fixture, filter: StatsFilter, by: StatsBy) -> BTreeMap<String, StatsGroup> {
    let stats = fixture.store.stats(filter, by, 200).await.unwrap();
    assert_eq!(stats.members, stats.groups.len());
    stats
        .groups
        .into_iter()
        .map(|group| (group.of.clone(), group))
        .collect()
}

async fn requests_errors_and_speed_are_summed_by_group(fixture: Fixture) {
    let stored = crate::samples::upstream(700_001, "now called so");
    fixture
        .store
        .create_upstream(stored, None, &Actor::system("test"))
        .await
        .unwrap();
    let refused = RequestLog {
        upstream: None,
        http_status: 401,
        error_origin: Some(ErrorOrigin::Client),
        model_requested: None,
        ..request(3)
    };
    let broken = RequestLog {
        error_origin: Some(ErrorOrigin::Upstream),
        ..request(2)
    };
    let entries = vec![cached(1), unbilled(2, UnbilledReason::UsageMissing)];
    commit(&fixture, entries, vec![request(1), broken, refused]).await;
    let groups = by(&fixture, day(), StatsBy::Upstream).await;
    let upstream = &groups[&id(700_001).to_string()];
    assert_eq!(upstream.name.as_deref(), Some("now called so"));
    let expected = BTreeMap::from([((String::new(), 2), 1), (("upstream".to_owned(), 2), 1)]);
    assert_eq!(upstream.requests, expected);
    assert_eq!((upstream.values.attempts, upstream.values.billed), (2, 1));
    // 50 tokens in 1.000001 s less the 0.25 s to the first.
    assert_eq!(
        (upstream.extras.timed_output_tokens, upstream.extras.generation_us),
        (50, 750_001)
    );
    let ttft = percentile(&upstream.histogram, LatencyMetric::Ttft, 500).unwrap();
    assert!(ttft.abs_diff(250_000) <= 250_000 / 16, "{ttft}");
    let unsent = &groups[""];
    assert_eq!((unsent.name.clone(), unsent.values.attempts), (None, 0));
    assert_eq!(unsent.requests, BTreeMap::from([(("client".to_owned(), 4), 1)]));

    let models = by(&fixture, day(), StatsBy::Model).await;
    let names: Vec<&str> = models.keys().map(String::as_str).collect();
    assert_eq!(names, ["", "gpt-5", "gpt-5-2026-01-01"]);
    assert_eq!(models["gpt-5-2026-01-01"].request_count(), 1);
    let teams = by(&fixture, day(), StatsBy::Team).await;
    assert_eq!(teams["search"].request_count(), 3);
    let keys = by(&fixture, day(), StatsBy::Key).await;
    assert_eq!(
        keys[&id(800_001).to_string()].name,
        None,
        "there is no such key any more"
    );
}

async fn what_caching_saved_follows_from_the_receipts(fixture: Fixture) {
    // Of the second the lines do not say at which rate its cached tokens would have been charged.
    commit(&fixture, vec![cached(1), billed(2, "1")], Vec::new()).await;
    let groups = by(&fixture, day(), StatsBy::Team).await;
    let extras = groups["search"].extras;
    // 100 x (2.5 - 0.25) USD per million at half.
    assert_eq!(extras.cache_saved_cost, usd("0.0001125"));
    assert_eq!((extras.cache_known, extras.cache_unknown), (1, 1));
}

async fn a_replay_counts_nothing_twice(fixture: Fixture) {
    for _ in 0..2 {
        commit(&fixture, vec![cached(1)], vec![request(1)]).await;
    }
    // The end of a request that was known by its attempt alone counts when it comes.
    commit(&fixture, vec![cached(2)], Vec::new()).await;
    commit(&fixture, Vec::new(), vec![request(2)]).await;
    let group = &by(&fixture, day(), StatsBy::Team).await["search"];
    assert_eq!((group.request_count(), group.values.attempts), (2, 2));
    assert_eq!(group.extras.cache_saved_cost, usd("0.000225"));
}

async fn filters_and_times_bound_the_buckets(fixture: Fixture) {
    let elsewhere = with_attempt(cached(2), |attempt| {
        attempt.model_sent = Some(ModelName::new("other"));
        attempt.occurred_at += TimeDelta::days(1);
    });
    let late = RequestLog {
        occurred_at: noon() + TimeDelta::days(1),
        ..request(2)
    };
    commit(&fixture, vec![cached(1), elsewhere], vec![request(1), late]).await;
    let counted = async |filter: StatsFilter| {
        let groups = by(&fixture, filter, StatsBy::Team).await;
        groups
            .get("search")
            .map(|group| (group.request_count(), group.values.attempts))
    };
    assert_eq!(counted(day()).await, Some((1, 1)));
    let two_days = StatsFilter {
        until: at("2026-11-17T00:00:00Z"),
        ..day()
    };
    assert_eq!(counted(two_days).await, Some((2, 2)));
    for (narrowed, expected) in [
        (
            StatsFilter {
                key_id: Some(KeyId::new(id(800_001))),
                ..day()
            },
            Some((1, 1)),
        ),
        (
            StatsFilter {
                key_id: Some(KeyId::new(id(1))),
                ..day()
            },
            None,
        ),
        (
            StatsFilter {
                upstream_id: Some(UpstreamId::new(id(1))),
                ..day()
            },
            None,
        ),
        (
            StatsFilter {
                team: Some("other".to_owned()),
                ..day()
            },
            None,
        ),
        (
            StatsFilter {
                model: Some("gpt-5-2026-01-01".to_owned()),
                team: Some("search".to_owned()),
                ..day()
            },
            Some((1, 1)),
        ),
    ] {
        assert_eq!(counted(narrowed.clone()).await, expected, "{narrowed:?}");
    }
}
