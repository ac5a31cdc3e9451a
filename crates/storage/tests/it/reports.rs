//! Sums.

use chrono::TimeDelta;
use tollgate_domain::ports::{AttentionRow, AttentionStore, LedgerStore, ReportStore};
use tollgate_domain::{
    Amounts, AttentionKind, JournalId, LedgerEntry, RollupValues, UnbilledReason, UsageSource, Usd,
};

use crate::fixture::Fixture;
use crate::ledger::write;
use crate::on_both;
use crate::samples::{adjustment, at, billed, id, journal, journaled, noon, unbilled, usd, with_attempt};

on_both!(
    totals_add_up_the_buckets_of_the_range,
    writers_add_to_the_same_bucket,
    adjustments_add_money_but_no_attempt,
    a_million_amounts_sum_exactly_past_the_range_of_one_column,
    unbilled_attempts_are_grouped_until_they_are_repaired,
    latencies_are_counted_in_bins,
);

fn moved(entry: LedgerEntry, quarter_hours: i32) -> LedgerEntry {
    with_attempt(entry, |attempt| {
        attempt.occurred_at += TimeDelta::minutes(15) * quarter_hours;
    })
}

async fn totals_add_up_the_buckets_of_the_range(fixture: Fixture) {
    let mut partial = billed(2, "0.000000000002");
    partial.usage_source = UsageSource::Partial;
    let entries = vec![
        billed(1, "0.000000000001"),
        partial,
        unbilled(3, UnbilledReason::UsageMissing),
        moved(billed(4, "100"), 1),
        moved(billed(5, "1000"), -1),
    ];
    fixture
        .store
        .commit(write(journaled(1, entries)), noon())
        .await
        .unwrap();
    let totals = fixture
        .store
        .totals(noon(), noon() + TimeDelta::minutes(15))
        .await
        .unwrap();
    let three = usd("0.000000000003");
    let expected = RollupValues {
        requests: 3,
        attempts: 3,
        billed: 2,
        unbilled: 1,
        estimated: 1,
        input_tokens: 2_000,
        cache_read_tokens: 200,
        output_tokens: 100,
        list_cost: three,
        cost: three,
        charge: three,
        estimated_list_cost: usd("0.000000000002"),
        estimated_cost: usd("0.000000000002"),
        estimated_charge: usd("0.000000000002"),
        ..RollupValues::default()
    };
    assert_eq!(totals.values, expected);
    let nothing = fixture
        .store
        .totals(at("2020-01-01T00:00:00Z"), at("2020-01-02T00:00:00Z"))
        .await;
    assert_eq!(nothing.unwrap().values, RollupValues::default());
}

async fn writers_add_to_the_same_bucket(fixture: Fixture) {
    let day = (at("2026-11-15T00:00:00Z"), at("2026-11-16T00:00:00Z"));
    for n in 1..=3 {
        let entries = vec![billed(10 * n, "1"), moved(billed(10 * n + 1, "2"), 1)];
        let mut entries = journaled(u64::from(n) * 2, entries);
        if n == 3 {
            for entry in &mut entries {
                entry.journal_id = JournalId::new(id(900_002));
            }
        }
        fixture.store.commit(write(entries), noon()).await.unwrap();
    }
    let totals = fixture.store.totals(day.0, day.1).await.unwrap();
    assert_eq!((totals.values.attempts, totals.values.cost), (6, usd("9")));
    assert_eq!(fixture.count("rollups").await, 4);
}

async fn adjustments_add_money_but_no_attempt(fixture: Fixture) {
    let lost = unbilled(1, UnbilledReason::PriceNotFound);
    let repaired = adjustment(&lost, "5");
    let entries = vec![lost, adjustment(&repaired, "-1.5"), repaired];
    fixture
        .store
        .commit(write(journaled(1, entries)), noon())
        .await
        .unwrap();
    let totals = fixture
        .store
        .totals(noon(), at("2026-11-16T00:00:00Z"))
        .await
        .unwrap()
        .values;
    assert_eq!(
        (totals.attempts, totals.unbilled, totals.billed, totals.cost),
        (1, 0, 1, usd("3.5")),
        "it counts as it stands"
    );
}

async fn a_million_amounts_sum_exactly_past_the_range_of_one_column(fixture: Fixture) {
    const ROWS: i128 = 1_000_000;
    const STEP: i128 = 9_000_000_007;
    // Every row has another amount, STEP picodollars more than the one before.
    let statement = if fixture.is_sqlite() {
        format!(
            "INSERT INTO rollups
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {ROWS})
             SELECT 900000000 * (i % 3), x'01', x'01', '', x'01', i, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0,
                 i * {STEP}, i * {STEP}, -(i * {STEP}), i, i, i FROM n"
        )
    } else {
        format!(
            "INSERT INTO rollups
             SELECT to_timestamp(900 * (i % 3)), '{w}', '{w}', '', '{w}', i::text,
                 1, 1, 1, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0,
                 i * {STEP} * 1e-12, i * {STEP} * 1e-12, -(i * {STEP} * 1e-12), i * 1e-12, i * 1e-12, i * 1e-12
             FROM generate_series(1::numeric, {ROWS}::numeric) i",
            w = id(1)
        )
    };
    fixture.execute(&statement).await.unwrap();
    let (from, until) = (at("1970-01-01T00:00:00Z"), at("1970-01-01T00:45:00Z"));
    let totals = fixture.store.totals(from, until).await.unwrap().values;
    let sum = ROWS * (ROWS + 1) / 2;
    assert_eq!(totals.attempts, 1_000_000);
    assert_eq!(totals.cost, Usd::from_pico(sum * STEP));
    assert_eq!(totals.list_cost, Usd::from_pico(sum * STEP));
    assert_eq!(totals.charge, Usd::from_pico(-sum * STEP));
    assert_eq!(totals.estimated_cost, Usd::from_pico(sum));
    assert!(totals.cost.pico() > i128::from(i64::MAX));
}

async fn unbilled_attempts_are_grouped_until_they_are_repaired(fixture: Fixture) {
    let known = |n: u32, minutes| {
        let entry = LedgerEntry {
            amounts: None,
            ..billed(n, "0")
        };
        let lost = unbilled(n, UnbilledReason::PriceNotFound);
        let entry = LedgerEntry {
            verdict: lost.verdict,
            ..entry
        };
        with_attempt(entry, |attempt| {
            attempt.occurred_at += TimeDelta::minutes(minutes);
        })
    };
    let no_model = with_attempt(unbilled(4, UnbilledReason::ModelMissing), |attempt| {
        attempt.model_requested = None;
        attempt.model_sent = None;
    });
    let repaired = unbilled(5, UnbilledReason::Interrupted);
    let entries = vec![
        known(1, 2),
        known(2, 1),
        billed(3, "1"),
        no_model,
        repaired.clone(),
        adjustment(&repaired, "1"),
        known(6, 60),
    ];
    fixture
        .store
        .commit(write(journaled(1, entries)), noon())
        .await
        .unwrap();
    let groups = async |as_of| {
        let whole = (noon(), noon() + TimeDelta::minutes(60));
        let begins = (noon(), noon() + TimeDelta::minutes(2));
        let ranges = vec![begins, whole, (whole.1, whole.1 + TimeDelta::minutes(1))];
        let groups = fixture.store.unbilled_as_of(ranges, as_of, 10).await.unwrap();
        let [of_begin, of_whole, of_rest]: [Vec<AttentionRow>; 3] = groups.try_into().unwrap();
        if as_of >= noon() {
            let count = |groups: &[AttentionRow]| groups.iter().map(|group| group.values.count).sum::<i64>();
            assert_eq!((count(&of_begin), count(&of_rest)), (2, 1));
        }
        let groups = of_whole.into_iter().map(|group| {
            let model = group.subject.model().unwrap_or_default().to_owned();
            let tokens = (group.values.input_tokens, group.values.output_tokens);
            (
                group.subject.kind,
                model,
                group.values.count,
                tokens,
                group.last_seen,
            )
        });
        groups.collect::<Vec<_>>()
    };
    let served = "gpt-5-2026-01-01".to_owned();
    let later = noon() + TimeDelta::minutes(2);
    let expected = [
        (AttentionKind::Unpriced, served, 2, (2_000, 100), later),
        (AttentionKind::Unpriced, String::new(), 1, (0, 0), noon()),
    ];
    assert_eq!(groups(noon()).await, expected);
    assert_eq!(groups(noon() - TimeDelta::microseconds(1)).await, []);
    let repaired = adjustment(&known(1, 2), "1");
    let write = write(journaled(8, vec![repaired]));
    fixture
        .store
        .commit(write, noon() + TimeDelta::hours(1))
        .await
        .unwrap();
    assert_eq!(groups(noon()).await, expected, "as it was");
    assert_eq!(groups(noon() + TimeDelta::hours(1)).await[0].2, 1);
}

async fn latencies_are_counted_in_bins(fixture: Fixture) {
    let entries = (1..=3).map(|n| billed(n, "1")).collect();
    fixture
        .store
        .commit(write(journaled(1, entries)), noon())
        .await
        .unwrap();
    let again = vec![LedgerEntry {
        amounts: Some(Amounts::default()),
        ..billed(4, "1")
    }];
    fixture
        .store
        .commit(write(journaled(4, again)), noon())
        .await
        .unwrap();
    fixture.add_up().await;
    let query = "SELECT metric || ' ' || CAST(count AS TEXT) AS value FROM rollup_histograms ORDER BY metric";
    assert_eq!(fixture.values(query).await, ["duration 4", "ttft 4"]);
    assert_eq!(fixture.store.last_journal_seq(journal()).await.unwrap(), 4);
}
