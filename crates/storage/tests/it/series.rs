//! Sums over time: whatever is asked, it is what the ledger says.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use chrono::TimeDelta;
use tollgate_domain::ports::{
    AttentionStore, LedgerStore, RangeSum, SumFilter, SumGroup, SumQuery, SumStore,
};
use tollgate_domain::{
    AccountingZone, Amounts, EventId, Interval, JournaledEntry, KeyId, LedgerEntry, ModelName,
    NoChargeReason, Posting, RollupValues, Standing, Timestamp, UnbilledReason, UpstreamId, UsageSource, Usd,
    Verdict, points,
};

use crate::fixture::Fixture;
use crate::ledger::write;
use crate::on_both;
use crate::samples::{adjustment, at, billed, id, id_at, journal, unbilled, usd, with_attempt};

on_both!(
    the_costliest_members_and_the_rest_are_everything,
    sums_with_fewer_dimensions_are_added_up_for_a_database_that_lacks_them,
    every_sum_is_what_the_ledger_says_by_any_zone_group_and_moment,
    sums_added_up_anew_are_those_the_writer_kept,
    a_correction_moves_what_its_attempt_adds,
    what_a_clock_that_was_set_back_recorded_is_in_every_later_state,
    nothing_is_no_sum,
);

/// When the first attempt is dispatched: two hours before a clock change.
pub(crate) const BEGIN: &str = "2026-10-24T22:00:00Z";
const ATTEMPTS: u32 = 160;

/// The same numbers in every run.
pub(crate) struct Draw(pub(crate) u64);

impl Draw {
    pub(crate) fn below(&mut self, limit: u32) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        u32::try_from(self.0 % u64::from(limit)).unwrap()
    }
}

pub(crate) fn zone(name: &str) -> AccountingZone {
    AccountingZone::try_new(name).unwrap()
}

pub(crate) fn attempt(n: u32, draw: &mut Draw) -> LedgerEntry {
    let mut entry = match draw.below(8) {
        0 => unbilled(n, UnbilledReason::UsageMissing),
        1 => LedgerEntry {
            verdict: Verdict::Unbilled(UnbilledReason::PriceNotFound),
            amounts: None,
            ..billed(n, "0")
        },
        2 => LedgerEntry {
            verdict: Verdict::NoCharge(NoChargeReason::Rejected),
            usage: None,
            amounts: Some(Amounts::default()),
            ..billed(n, "0")
        },
        _ => billed(n, "0"),
    };
    if let Some(amounts) = &mut entry.amounts
        && entry.verdict == Verdict::Billed
    {
        let mut amount = || Usd::from_pico(i128::from(draw.below(1_000_000)) * 1_000_003);
        (amounts.list_cost, amounts.cost, amounts.charge) = (amount(), amount(), amount());
    }
    if draw.below(4) == 0 && entry.usage.is_some() {
        entry.usage_source = [UsageSource::Estimated, UsageSource::Partial][draw.below(2) as usize];
    }
    let models = ["gpt-5", "claude", "", "o\"dd, näme"];
    let model = models[draw.below(4) as usize];
    entry.outcome.model_served = (!model.is_empty()).then(|| ModelName::new(model));
    let occurred_at = at(BEGIN) + TimeDelta::seconds(i64::from(draw.below(4 * 24 * 3600)));
    with_attempt(entry, |attempt| {
        attempt.event_id = EventId::new(id_at(occurred_at, n));
        attempt.occurred_at = occurred_at;
        if model.is_empty() {
            (attempt.model_sent, attempt.model_requested) = (None, None);
        }
        let upstream = std::sync::Arc::make_mut(&mut attempt.upstream);
        upstream.id = UpstreamId::new(id(700_000 + draw.below(3)));
        let key = std::sync::Arc::make_mut(&mut attempt.key);
        key.id = KeyId::new(id(800_000 + draw.below(4)));
        let teams = [None, Some("search".into()), Some("ads".into())];
        key.team.clone_from(&teams[draw.below(3) as usize]);
    })
}

/// Attempts recorded soon, some of them late, some corrected once or twice; the replay of some.
async fn filled(fixture: &Fixture) -> Vec<(Timestamp, JournaledEntry)> {
    let mut draw = Draw(0x9e37_79b9_7f4a_7c15);
    let mut written: Vec<(Timestamp, LedgerEntry)> = Vec::new();
    for n in 1..=ATTEMPTS {
        let entry = attempt(n, &mut draw);
        let late = [1, 20, 900, 4_000, 90_000, 300_000][draw.below(6) as usize];
        let mut recorded = entry.attempt.occurred_at + TimeDelta::seconds(late);
        written.push((recorded, entry.clone()));
        let mut before = entry;
        for revision in 1..=[0, 0, 0, 1, 2][draw.below(5) as usize] {
            let mut later = adjustment(&before, "0");
            later.revision = revision;
            let delta = Usd::from_pico(i128::from(draw.below(1_000)) * 7 - 3_500);
            later.amounts = Some(Amounts {
                list_cost: delta,
                cost: delta,
                charge: delta,
            });
            later.usage_source = UsageSource::Reported;
            if draw.below(2) == 0 {
                later.outcome.model_served = Some(ModelName::new("gpt-5"));
            }
            recorded += TimeDelta::seconds(i64::from(draw.below(100_000)));
            written.push((recorded, later.clone()));
            before = later;
        }
    }
    written.sort_by_key(|(recorded, entry)| (*recorded, entry.attempt.event_id, entry.revision));
    let mut all = Vec::new();
    for (seq, (recorded, entry)) in (1..).zip(written) {
        all.push((
            recorded,
            JournaledEntry {
                journal_id: journal(),
                journal_seq: seq,
                entry,
            },
        ));
    }
    for (recorded, entry) in &all {
        let batch = write(vec![entry.clone()]);
        fixture.store.commit(batch.clone(), *recorded).await.unwrap();
        if entry.journal_seq % 9 == 0 {
            let replayed = fixture.store.commit(batch, *recorded).await.unwrap();
            assert_eq!(replayed.replayed, 1);
        }
    }
    all
}

/// What the ledger itself says, entry by entry.
fn expected(entries: &[(Timestamp, JournaledEntry)], query: &SumQuery) -> Vec<RangeSum> {
    let mut attempts: BTreeMap<EventId, Vec<Posting>> = BTreeMap::new();
    for (recorded, entry) in entries {
        if query.as_of.is_none_or(|as_of| *recorded <= as_of) {
            let posting = Posting::of(&entry.entry);
            attempts.entry(posting.event_id).or_default().push(posting);
        }
    }
    let mut sums: BTreeMap<(usize, String), RollupValues> = BTreeMap::new();
    for postings in attempts.values() {
        let standing = Standing::after(postings).unwrap().unwrap();
        let latest = &standing.latest;
        let filter = &query.filter;
        let wanted = filter.upstream_id.is_none_or(|id| id == latest.upstream_id)
            && filter.key_id.is_none_or(|id| id == latest.key_id)
            && filter.team.as_ref().is_none_or(|team| *team == latest.team)
            && filter.model.as_ref().is_none_or(|model| model == latest.model());
        let within = |(from, until): &(Timestamp, Timestamp)| {
            *from <= latest.occurred_at && latest.occurred_at < *until
        };
        let range = query.ranges.iter().position(within);
        if let Some(range) = range.filter(|_| wanted) {
            let member = match query.group {
                None => String::new(),
                Some(SumGroup::Upstream) => latest.upstream_id.to_string(),
                Some(SumGroup::Key) => latest.key_id.to_string(),
                Some(SumGroup::Team) => latest.team.clone(),
                Some(SumGroup::Model) => latest.model().to_owned(),
            };
            let sum = sums.entry((range, member)).or_default();
            *sum = sum.checked_add(standing.values()).unwrap();
        }
    }
    let sums = sums.into_iter();
    sums.map(|((range, member), values)| RangeSum {
        range,
        member,
        values,
    })
    .collect()
}

/// Of everything, of one member of each dimension, of two, and of three.
fn filters() -> Vec<SumFilter> {
    let upstream = SumFilter {
        upstream_id: Some(UpstreamId::new(id(700_001))),
        ..SumFilter::default()
    };
    let key = SumFilter {
        key_id: Some(KeyId::new(id(800_002))),
        ..SumFilter::default()
    };
    let team = |team: &str| SumFilter {
        team: Some(team.to_owned()),
        ..SumFilter::default()
    };
    let odd = Some("o\"dd, näme".to_owned());
    vec![
        SumFilter::default(),
        upstream.clone(),
        key.clone(),
        team("search"),
        SumFilter {
            model: Some("gpt-5".to_owned()),
            ..SumFilter::default()
        },
        SumFilter {
            team: Some(String::new()),
            ..upstream.clone()
        },
        SumFilter {
            model: odd.clone(),
            ..key.clone()
        },
        SumFilter {
            key_id: key.key_id,
            ..team("ads")
        },
        SumFilter {
            upstream_id: upstream.upstream_id,
            model: odd,
            ..team("search")
        },
    ]
}

const GROUPS: [Option<SumGroup>; 5] = [
    None,
    Some(SumGroup::Upstream),
    Some(SumGroup::Key),
    Some(SumGroup::Team),
    Some(SumGroup::Model),
];

async fn the_costliest_members_and_the_rest_are_everything(fixture: Fixture) {
    fixture.store.sum_days_of(zone("Europe/Berlin")).await.unwrap();
    let entries = filled(&fixture).await;
    let (from, until) = (at("2026-10-25T23:00:00Z"), at("2026-10-28T04:30:00Z"));
    let mut cut = 0;
    for (place, (filter, group)) in filters()
        .into_iter()
        .flat_map(|filter| GROUPS.map(|group| (filter.clone(), group)))
        .enumerate()
    {
        let moments = [None, Some(at("2026-10-27T10:07:33Z")), None];
        let query = SumQuery {
            ranges: points(zone("Asia/Kathmandu"), Interval::Hour, from, until),
            group,
            filter,
            as_of: moments[place % 3],
        };
        let whole = SumQuery {
            ranges: vec![(from, until)],
            ..query.clone()
        };
        let mut ranked = expected(&entries, &whole);
        ranked.sort_by_key(|sum| {
            let values = sum.values;
            (Reverse(values.cost), Reverse(values.attempts), sum.member.clone())
        });
        let mut members: Vec<String> = ranked.into_iter().map(|sum| sum.member).collect();
        if group.is_none() {
            members.clear();
        }
        let all = members.len();
        let top = fixture.store.top_sums(query.clone(), 2).await.unwrap();
        members.truncate(2);
        assert_eq!((&top.shown, top.members), (&members, all), "{query:?}");
        let mut sums = expected(&entries, &query);
        sums.retain(|sum| members.contains(&sum.member) && group.is_some());
        assert_eq!(top.sums, sums, "{query:?}");
        let ungrouped = SumQuery {
            group: None,
            ..query.clone()
        };
        assert_eq!(top.totals, expected(&entries, &ungrouped), "{query:?}");
        cut += usize::from(all > 2);
    }
    assert!(cut > 10, "{cut}");
}

async fn sums_with_fewer_dimensions_are_added_up_for_a_database_that_lacks_them(fixture: Fixture) {
    let berlin = zone("Europe/Berlin");
    fixture.store.sum_days_of(berlin).await.unwrap();
    filled(&fixture).await;
    let kept = derived(&fixture).await;
    fixture
        .execute(
            "DELETE FROM meta WHERE name = 'group_sums'; DELETE FROM rollup_frames;
             DELETE FROM rollup_combined;",
        )
        .await
        .unwrap();
    assert_ne!(derived(&fixture).await, kept);
    assert!(fixture.store.sum_days_of(berlin).await.unwrap());
    assert_eq!(derived(&fixture).await, kept);
    assert!(!fixture.store.sum_days_of(berlin).await.unwrap(), "nothing to do");
}

async fn every_sum_is_what_the_ledger_says_by_any_zone_group_and_moment(fixture: Fixture) {
    fixture.store.sum_days_of(zone("Europe/Berlin")).await.unwrap();
    let entries = filled(&fixture).await;
    let (from, until) = (at(BEGIN), at("2026-10-29T00:00:00Z"));
    let filters = filters();
    let moments = [
        None,
        Some(at("2026-10-26T23:00:00Z")),
        Some(at("2026-10-27T10:07:33.123456Z")),
        Some(entries[entries.len() / 2].0),
        Some(at("2027-01-01T00:00:00Z")),
    ];
    let charts = [
        ("Europe/Berlin", Interval::Day),
        ("Europe/Berlin", Interval::Month),
        ("Asia/Kathmandu", Interval::Day),
        ("Australia/Lord_Howe", Interval::Hour),
    ];
    let mut seen = 0;
    for (name, interval) in charts {
        for (filter, (group, as_of)) in filters
            .iter()
            .flat_map(|filter| GROUPS.iter().map(move |group| (filter, group)))
            .zip(moments.iter().cycle())
            .map(|((filter, group), as_of)| (filter, (*group, *as_of)))
        {
            let query = SumQuery {
                ranges: points(zone(name), interval, from, until),
                group,
                filter: filter.clone(),
                as_of,
            };
            let sums = fixture.store.sums(query.clone()).await.unwrap();
            assert_eq!(sums, expected(&entries, &query), "{name} {interval:?} {query:?}");
            seen += sums.len();
        }
    }
    assert!(seen > 500, "{seen}");
    for as_of in moments {
        for part in [
            (from, until),
            (at("2026-10-25T23:00:00Z"), at("2026-10-27T04:30:00Z")),
        ] {
            let query = SumQuery {
                ranges: vec![part],
                group: None,
                filter: SumFilter::default(),
                as_of,
            };
            let sums = fixture.store.sums(query.clone()).await.unwrap();
            assert_eq!(sums, expected(&entries, &query), "{query:?}");
        }
    }
    // The money is every row of the ledger, whatever became of the attempts.
    let whole = SumQuery {
        ranges: vec![(from, until)],
        group: None,
        filter: SumFilter::default(),
        as_of: None,
    };
    let sum = fixture.store.sums(whole).await.unwrap()[0].values;
    let costs = entries.iter().filter_map(|(_, entry)| entry.entry.amounts);
    let cost = Usd::checked_sum(costs.map(|amounts| amounts.cost)).unwrap();
    assert_eq!((sum.cost, sum.attempts), (cost, i64::from(ATTEMPTS)));
}

/// All that is derived and not nothing, as text.
async fn derived(fixture: &Fixture) -> Vec<String> {
    fixture.add_up().await;
    let hex = |column: &str| {
        if fixture.is_sqlite() {
            format!("HEX({column})")
        } else {
            format!("CAST({column} AS TEXT)")
        }
    };
    let mut found = Vec::new();
    for (table, own) in [("rollups", "''"), ("rollup_late", "CAST(recorded AS TEXT)")] {
        let query = format!(
            "SELECT '{table}' || {own} || '|' || CAST(bucket AS TEXT) || '|' || {} || team || '|' || {} || model || '|'
                || CAST(attempts AS TEXT) || '|' || CAST(unbilled AS TEXT) || '|' || CAST(input_tokens AS TEXT) || '|'
                || CAST(cost AS TEXT) || '|' || CAST(estimated_charge AS TEXT) AS value
             FROM {table}
             WHERE attempts <> 0 OR unbilled <> 0 OR input_tokens <> 0 OR cost <> 0 OR estimated_charge <> 0
             ORDER BY 1",
            hex("key_id"),
            hex("upstream_id"),
        );
        found.extend(fixture.values(&query).await);
    }
    let query = "SELECT CAST(day AS TEXT) || id || '|' || CAST(count AS TEXT) || '|'
            || CAST(input_tokens AS TEXT) || '|' || CAST(cost AS TEXT) || '|' || CAST(at_stake AS TEXT) AS value
        FROM attention_days WHERE count <> 0 ORDER BY 1";
    found.extend(fixture.values(query).await);
    for since in [at(BEGIN), at("2026-10-26T23:00:00Z")] {
        let things = fixture.store.attention(since, None, &[], 1_000).await.unwrap();
        found.extend(things.iter().map(|row| format!("{} {:?}", row.id, row.values)));
    }
    let bytes = |column: &str| {
        if fixture.is_sqlite() {
            format!("HEX({column})")
        } else {
            format!("ENCODE({column}, 'hex')")
        }
    };
    let query = format!(
        "SELECT dims || '|' || holds || '|' || span || '|' || one || '|' || CAST(bucket AS TEXT) || '|' || two || '|' || {} AS value
         FROM rollup_frames WHERE LENGTH(buckets) > 0 ORDER BY 1",
        bytes("buckets")
    );
    found.extend(fixture.values(&query).await);
    let query = format!(
        "SELECT span || '|' || CAST(bucket AS TEXT) || '|' || {} || team || '|' || {} || model || '|' || {} AS value
         FROM rollup_combined WHERE LENGTH(buckets) > 0 ORDER BY 1",
        hex("key_id"),
        hex("upstream_id"),
        bytes("buckets"),
    );
    found.extend(fixture.values(&query).await);
    found
}

async fn sums_added_up_anew_are_those_the_writer_kept(fixture: Fixture) {
    let berlin = zone("Europe/Berlin");
    assert!(fixture.store.sum_days_of(berlin).await.unwrap());
    let entries = filled(&fixture).await;
    let kept = derived(&fixture).await;
    assert!(kept.len() > 300, "{}", kept.len());
    assert!(!fixture.store.sum_days_of(berlin).await.unwrap(), "nothing to do");
    assert!(fixture.store.sum_days_of(zone("Asia/Tokyo")).await.unwrap());
    let tokyo = derived(&fixture).await;
    assert_ne!(tokyo, kept, "other days");
    let query = SumQuery {
        ranges: points(
            zone("Asia/Tokyo"),
            Interval::Day,
            at(BEGIN),
            at("2026-10-29T00:00:00Z"),
        ),
        group: Some(SumGroup::Model),
        filter: SumFilter::default(),
        as_of: Some(at("2026-10-27T10:07:33Z")),
    };
    let sums = fixture.store.sums(query.clone()).await.unwrap();
    assert_eq!(sums, expected(&entries, &query));
    assert!(fixture.store.sum_days_of(berlin).await.unwrap());
    assert_eq!(derived(&fixture).await, kept);
}

async fn a_correction_moves_what_its_attempt_adds(fixture: Fixture) {
    let lost = LedgerEntry {
        usage_source: UsageSource::Estimated,
        ..billed(1, "5")
    };
    let mut corrected = adjustment(&lost, "-1.5");
    corrected.usage_source = UsageSource::Reported;
    corrected.outcome.model_served = Some(ModelName::new("claude"));
    let first = at("2026-11-15T12:00:02Z");
    let commit = async |seq, entry, recorded| {
        let entries = crate::samples::journaled(seq, vec![entry]);
        fixture.store.commit(write(entries), recorded).await.unwrap();
    };
    commit(1, lost, first).await;
    commit(2, corrected, first + TimeDelta::days(2)).await;
    let sums = async |as_of| {
        let query = SumQuery {
            ranges: vec![(at("2026-11-15T00:00:00Z"), at("2026-11-16T00:00:00Z"))],
            group: Some(SumGroup::Model),
            filter: SumFilter::default(),
            as_of,
        };
        let sums = fixture.store.sums(query).await.unwrap().into_iter();
        sums.map(|sum| {
            (
                sum.member,
                sum.values.attempts,
                sum.values.cost,
                sum.values.estimated_cost,
            )
        })
        .collect::<Vec<_>>()
    };
    let now = vec![("claude".to_owned(), 1, usd("3.5"), Usd::ZERO)];
    assert_eq!(sums(None).await, now);
    let then = vec![("gpt-5-2026-01-01".to_owned(), 1, usd("5"), usd("5"))];
    assert_eq!(sums(Some(first + TimeDelta::days(1))).await, then);
    assert_eq!(sums(Some(first + TimeDelta::days(2))).await, now);
    assert_eq!(sums(Some(first - TimeDelta::microseconds(1))).await, []);
}

async fn what_a_clock_that_was_set_back_recorded_is_in_every_later_state(fixture: Fixture) {
    let dispatched = at("2026-11-15T12:15:00.200Z");
    let entry = with_attempt(billed(1, "5"), |attempt| attempt.occurred_at = dispatched);
    let recorded = at("2026-11-15T12:14:59.500Z");
    let commit = write(crate::samples::journaled(1, vec![entry]));
    fixture.store.commit(commit, recorded).await.unwrap();
    for minutes in [0, 1, 14, 15, 29, 30, 45, 600] {
        let query = SumQuery {
            ranges: vec![(at("2026-11-15T00:00:00Z"), at("2026-11-16T00:00:00Z"))],
            group: None,
            filter: SumFilter::default(),
            as_of: Some(dispatched + TimeDelta::minutes(minutes)),
        };
        let sums = fixture.store.sums(query).await.unwrap();
        let attempts: Vec<i64> = sums.iter().map(|sum| sum.values.attempts).collect();
        assert_eq!(attempts, [1], "{minutes} minutes later");
    }
}

async fn nothing_is_no_sum(fixture: Fixture) {
    for as_of in [None, Some(at("2026-11-15T12:00:00Z"))] {
        let query = SumQuery {
            ranges: vec![(at("2026-11-01T00:15:00Z"), at("2026-12-01T00:00:00Z"))],
            group: None,
            filter: SumFilter::default(),
            as_of,
        };
        assert_eq!(fixture.store.sums(query).await.unwrap(), []);
    }
}
