//! Statistics over any range: whatever is asked, it is what single attempts and requests say.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use chrono::TimeDelta;
use tollgate_domain::ports::{
    LedgerStore, LedgerWrite, ModelMeans, StatsBy, StatsFilter, StatsGroup, StatsStore, SumStore,
};
use tollgate_domain::{
    BillingStatus, ErrorOrigin, JournaledEntry, KeyId, LatencyBin, LatencyMetric, Posting, RequestLog,
    RollupValues, Timestamp, UpstreamId, Usd, quarter_start,
};

use crate::fixture::Fixture;
use crate::on_both;
use crate::samples::{at, id, journal, request, with_attempt};
use crate::series::{BEGIN, Draw, attempt, zone};

on_both!(
    every_statistic_is_what_attempts_and_requests_say,
    the_means_of_a_model_are_those_of_its_days,
);

const ATTEMPTS: u32 = 120;

/// What is counted of one attempt or request.
#[derive(Clone)]
struct Counted {
    at: Timestamp,
    key: KeyId,
    team: String,
    upstream: UpstreamId,
    model: String,
    one: StatsGroup,
}

fn end(log: &mut RequestLog, draw: &mut Draw) {
    (log.http_status, log.error_origin) = match draw.below(6) {
        0 => (502, Some(ErrorOrigin::Upstream)),
        1 => (429, Some(ErrorOrigin::Gateway)),
        2 => (400, Some(ErrorOrigin::Client)),
        _ => (200, None),
    };
    // Nothing was sent, as far as the caller's last try goes.
    if draw.below(10) == 0 {
        log.upstream = None;
    }
}

/// Commits attempts with their requests, in batches, some twice, and tells what is to be counted.
async fn filled(fixture: &Fixture) -> (Vec<Counted>, Vec<JournaledEntry>) {
    let mut draw = Draw(0x2545_f491_4f6c_dd1d);
    let (mut counted, mut all) = (Vec::new(), Vec::new());
    for first in (1..=ATTEMPTS).step_by(7) {
        let mut write = LedgerWrite::default();
        for n in first..(first + 7).min(ATTEMPTS + 1) {
            let mut entry = with_attempt(attempt(n, &mut draw), |attempt| attempt.stream = n % 3 == 0);
            let took = TimeDelta::microseconds(i64::from(draw.below(9_000_000)) + 1);
            entry.outcome.ended_at = entry.attempt.occurred_at + took;
            entry.outcome.ttft_us = (n % 4 != 0).then(|| u64::from(draw.below(800_000)));
            let posting = Posting::of(&entry);
            let mut log = RequestLog {
                request_id: entry.attempt.request_id,
                occurred_at: entry.attempt.occurred_at - TimeDelta::seconds(i64::from(draw.below(900))),
                key: std::sync::Arc::clone(&entry.attempt.key),
                upstream: Some((posting.upstream_id, "openai main".into())),
                model_requested: entry.attempt.model_requested.clone(),
                ..request(n)
            };
            end(&mut log, &mut draw);
            counted.push(of_request(&log, &posting));
            let entry = JournaledEntry {
                journal_id: journal(),
                journal_seq: u64::from(n),
                entry,
            };
            counted.push(of_attempt(&entry, &posting));
            all.push(entry.clone());
            write.entries.push(entry);
            write.logs.push(log);
        }
        let recorded = at("2026-10-29T00:00:00Z");
        for _ in 0..=draw.below(2) {
            fixture.store.commit(write.clone(), recorded).await.unwrap();
        }
    }
    (counted, all)
}

fn of_request(log: &RequestLog, posting: &Posting) -> Counted {
    let origin = log.error_origin.map_or("", ErrorOrigin::as_str).to_owned();
    let class = u8::try_from(log.http_status / 100).unwrap();
    Counted {
        at: log.occurred_at,
        key: log.key.id,
        team: log.key.team.as_deref().unwrap_or_default().to_owned(),
        upstream: log.upstream.as_ref().map_or(UpstreamId::NONE, |(id, _)| *id),
        model: posting.model().to_owned(),
        one: StatsGroup {
            requests: BTreeMap::from([((origin, class), 1)]),
            ..StatsGroup::default()
        },
    }
}

fn of_attempt(journaled: &JournaledEntry, posting: &Posting) -> Counted {
    let entry = &journaled.entry;
    let standing = tollgate_domain::Standing::after([posting]).unwrap().unwrap();
    let took = entry.outcome.ended_at - posting.occurred_at;
    let took = u64::try_from(took.num_microseconds().unwrap()).unwrap();
    let mut histogram = BTreeMap::from([((LatencyMetric::Duration, LatencyBin::of(took)), 1)]);
    if let Some(ttft) = entry.outcome.ttft_us {
        histogram.insert((LatencyMetric::Ttft, LatencyBin::of(ttft)), 1);
    }
    let extras = tollgate_domain::collect_extras([journaled]).unwrap();
    Counted {
        at: posting.occurred_at,
        key: posting.key_id,
        team: posting.team.clone(),
        upstream: posting.upstream_id,
        model: posting.model().to_owned(),
        one: StatsGroup {
            values: standing.values(),
            extras: extras.into_values().next().unwrap_or_default(),
            histogram,
            ..StatsGroup::default()
        },
    }
}

fn add(sum: &mut StatsGroup, one: &StatsGroup) {
    for (class, count) in &one.requests {
        *sum.requests.entry(class.clone()).or_default() += count;
    }
    for (bin, count) in &one.histogram {
        *sum.histogram.entry(*bin).or_default() += count;
    }
    sum.values = sum.values.checked_add(one.values).unwrap();
    sum.extras.add(&one.extras).unwrap();
}

fn wanted(counted: &Counted, filter: &StatsFilter) -> bool {
    let bucket = quarter_start(counted.at);
    filter.from <= bucket
        && bucket < filter.until
        && filter.key_id.is_none_or(|id| id == counted.key)
        && filter.upstream_id.is_none_or(|id| id == counted.upstream)
        && filter.team.as_ref().is_none_or(|team| *team == counted.team)
        && filter.model.as_ref().is_none_or(|model| *model == counted.model)
}

fn member(counted: &Counted, by: StatsBy) -> String {
    match by {
        StatsBy::Upstream if counted.upstream == UpstreamId::NONE => String::new(),
        StatsBy::Upstream => counted.upstream.to_string(),
        StatsBy::Key => counted.key.to_string(),
        StatsBy::Team => counted.team.clone(),
        StatsBy::Model => counted.model.clone(),
    }
}

fn filters() -> Vec<StatsFilter> {
    let whole = StatsFilter {
        from: at("2026-10-24T20:00:00Z"),
        until: at("2026-10-30T00:00:00Z"),
        key_id: None,
        team: None,
        upstream_id: None,
        model: None,
    };
    let upstream_id = Some(UpstreamId::new(id(700_001)));
    let key_id = Some(KeyId::new(id(800_001)));
    let team = Some("search".to_owned());
    let model = Some("gpt-5".to_owned());
    let ranges = [
        (whole.from, whole.until),
        (at(BEGIN), at("2026-10-25T23:00:00Z")),
        (at("2026-10-25T10:15:00Z"), at("2026-10-28T03:45:00Z")),
    ];
    let of = |from, until| {
        let whole = StatsFilter {
            from,
            until,
            ..whole.clone()
        };
        [
            whole.clone(),
            StatsFilter {
                upstream_id,
                ..whole.clone()
            },
            StatsFilter {
                key_id,
                ..whole.clone()
            },
            StatsFilter {
                team: team.clone(),
                ..whole.clone()
            },
            StatsFilter {
                model: model.clone(),
                ..whole.clone()
            },
            StatsFilter {
                upstream_id,
                model: model.clone(),
                team: team.clone(),
                ..whole
            },
        ]
    };
    ranges
        .into_iter()
        .flat_map(|(from, until)| of(from, until))
        .collect()
}

async fn every_statistic_is_what_attempts_and_requests_say(fixture: Fixture) {
    fixture.store.sum_days_of(zone("Europe/Berlin")).await.unwrap();
    let (counted, _) = filled(&fixture).await;
    for asked in 0..2 {
        let mut seen = 0;
        for (filter, by) in filters()
            .iter()
            .flat_map(|filter| StatsBy::ALL.iter().map(move |by| (filter, *by)))
        {
            let (mut total, mut groups) = (StatsGroup::default(), BTreeMap::new());
            for one in counted.iter().filter(|one| wanted(one, filter)) {
                add(&mut total, &one.one);
                let group = groups.entry(member(one, by)).or_insert_with(StatsGroup::default);
                add(group, &one.one);
            }
            let mut expected: Vec<StatsGroup> = groups
                .into_iter()
                .map(|(of, group)| StatsGroup { of, ..group })
                .collect();
            expected.sort_by_key(|group| {
                let busy = (Reverse(group.values.attempts), Reverse(group.request_count()));
                (busy, group.of.clone())
            });
            let stats = fixture.store.stats(filter.clone(), by, 2).await.unwrap();
            assert_eq!(stats.members, expected.len(), "{filter:?} {by:?}");
            assert_eq!(stats.total, total, "{filter:?} {by:?}");
            expected.truncate(2);
            assert_eq!(stats.groups, expected, "{filter:?} {by:?}");
            seen += stats.members;
        }
        assert!(seen > 100, "{seen}");
        // The same after everything was added up anew, by the days of another zone.
        let tokyo = zone("Asia/Tokyo");
        assert_eq!(fixture.store.sum_days_of(tokyo).await.unwrap(), asked == 0);
    }
}

async fn the_means_of_a_model_are_those_of_its_days(fixture: Fixture) {
    let berlin = zone("Europe/Berlin");
    fixture.store.sum_days_of(berlin).await.unwrap();
    let (_, entries) = filled(&fixture).await;
    let since = at("2026-10-25T23:00:00Z");
    let mut days: BTreeMap<(UpstreamId, String), BTreeMap<Timestamp, (i128, i128)>> = BTreeMap::new();
    let mut sums: BTreeMap<(UpstreamId, String), RollupValues> = BTreeMap::new();
    for entry in &entries {
        let posting = Posting::of(&entry.entry);
        let day = berlin.day(posting.occurred_at).0;
        if day >= since {
            let days = days
                .entry((posting.upstream_id, posting.model().to_owned()))
                .or_default();
            let sum = sums
                .entry((posting.upstream_id, posting.model().to_owned()))
                .or_default();
            let standing = tollgate_domain::Standing::after([&posting]).unwrap().unwrap();
            *sum = sum.checked_add(standing.values()).unwrap();
            let (cost, billed) = days.entry(day).or_default();
            *cost += posting.amounts.map_or(0, |amounts| amounts.cost.pico());
            *billed += i128::from(posting.verdict.status() == BillingStatus::Billed);
        }
    }
    let expected = days.into_iter().map(|((upstream_id, model), days)| {
        let means = days
            .values()
            .filter(|(_, billed)| *billed != 0)
            .map(|(cost, billed)| Usd::from_pico(cost / billed));
        let sum = sums[&(upstream_id, model.clone())];
        ModelMeans {
            upstream_id,
            provider: None,
            model,
            range: means.clone().min().zip(means.max()),
            values: sum,
        }
    });
    let expected: Vec<ModelMeans> = expected.collect();
    let none = fixture.store.model_means(since, Some(since)).await.unwrap();
    assert_eq!(none, [], "no day");
    let mut found = fixture.store.model_means(since, None).await.unwrap();
    found.sort_by_key(|means| (means.upstream_id, means.model.clone()));
    assert!(found.len() > 8, "{found:?}");
    assert_eq!(found, expected);
}
