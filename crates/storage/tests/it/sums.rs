//! Money over many ledger entries: nothing is rounded, nothing overflows unseen.
//!
//! `TOLLGATE_SUM_ENTRIES=1000000 cargo xtask test --no-sdk -- ledger_entries_sum_exactly` does it with a million; the
//! suite takes fewer, for the time's sake.

use tollgate_domain::ports::{LedgerStore, ReportStore};
use tollgate_domain::{Amounts, LedgerEntry, Usd};

use crate::fixture::Fixture;
use crate::ledger::write;
use crate::on_both;
use crate::samples::{at, billed, journaled, noon};

on_both!(ledger_entries_sum_exactly,);

const ENTRIES: u32 = 10_000;
const BATCH: u32 = 1_000;

/// Amounts in 1e-12 USD that no float and no rounded column adds up: mostly a few units of the last place, among
/// them some of 14 digits (a float sum of both loses the former) and negative ones.
struct Draw(u64);

impl Draw {
    fn next(&mut self) -> i128 {
        // xorshift64: the same amounts in every run.
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        let small = i128::from(self.0 % 999) + 1;
        match self.0 >> 60 {
            0 => small * 90_071_992_547 + 1,
            1 => -small,
            _ => small,
        }
    }
}

/// What the sums must be, in whole 1e-12 USD.
#[derive(Default)]
struct Expected {
    list_cost: i128,
    cost: i128,
    charge: i128,
}

fn entry(n: u32, draw: &mut Draw, expected: &mut Expected) -> LedgerEntry {
    let (list_cost, cost, charge) = (draw.next(), draw.next(), draw.next());
    expected.list_cost += list_cost;
    expected.cost += cost;
    expected.charge += charge;
    LedgerEntry {
        amounts: Some(Amounts {
            list_cost: Usd::from_pico(list_cost),
            cost: Usd::from_pico(cost),
            charge: Usd::from_pico(charge),
        }),
        ..billed(n, "0")
    }
}

async fn ledger_entries_sum_exactly(fixture: Fixture) {
    let wanted = std::env::var("TOLLGATE_SUM_ENTRIES");
    let count: u32 = wanted.map_or(ENTRIES, |count| count.parse().unwrap());
    let (mut draw, mut expected) = (Draw(0x9e37_79b9_7f4a_7c15), Expected::default());
    for first in (1..=count).step_by(BATCH as usize) {
        let last = (first + BATCH - 1).min(count);
        let entries = (first..=last)
            .map(|n| entry(n, &mut draw, &mut expected))
            .collect();
        let done = fixture
            .store
            .commit(write(journaled(u64::from(first), entries)), noon())
            .await
            .unwrap();
        assert_eq!(done.inserted, last - first + 1);
    }
    let cost = Usd::from_pico(expected.cost);

    // As the overview sums.
    let day = (at("2026-11-15T00:00:00Z"), at("2026-11-16T00:00:00Z"));
    let totals = fixture.store.totals(day.0, day.1).await.unwrap().values;
    assert_eq!(totals.attempts, i64::from(count));
    assert_eq!(totals.list_cost, Usd::from_pico(expected.list_cost));
    assert_eq!(totals.cost, cost);
    assert_eq!(totals.charge, Usd::from_pico(expected.charge));

    // As the database itself sums the ledger's own rows and its chain of batches, in the unit of the column.
    let unit = if fixture.is_sqlite() {
        ""
    } else {
        " * 1000000000000"
    };
    for table in ["ledger_entries", "ledger_batches", "request_logs"] {
        let query = format!("SELECT CAST(CAST(SUM(cost){unit} AS BIGINT) AS TEXT) AS value FROM {table}");
        assert_eq!(fixture.value(&query).await, expected.cost.to_string(), "{table}");
    }
    assert_eq!(fixture.count("ledger_entries").await, count as usize);

    // As a reader sums what comes back through the port.
    let (mut after, mut read, mut entries) = (None, 0, 0);
    loop {
        let page = fixture.store.entries(after, 5_000).await.unwrap();
        let Some(last) = page.last() else { break };
        let attempt = &last.journaled.entry;
        after = Some((attempt.attempt.event_id, attempt.revision));
        entries += page.len();
        let costs = page
            .iter()
            .filter_map(|recorded| recorded.journaled.entry.amounts);
        read += costs.map(|amounts| amounts.cost.pico()).sum::<i128>();
    }
    assert_eq!((entries, Usd::from_pico(read)), (count as usize, cost));
}
