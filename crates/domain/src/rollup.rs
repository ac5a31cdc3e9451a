//! Rollups: sums by quarter hour, hour and day that reports read instead of the ledger.

use std::collections::BTreeMap;

use crate::summable::summable;
use crate::{
    AccountingZone, EntryKind, JournalId, JournaledEntry, KeyId, MoneyError, Posting, Standing, Timestamp,
    UpstreamId, Usd,
};

/// Seconds of the smallest bucket.
const QUARTER: i64 = 15 * 60;

/// How long the buckets of a sum are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RollupSpan {
    /// A quarter of an hour, UTC.
    Quarter,
    /// An hour, UTC.
    Hour,
    /// A day of the accounting zone.
    Day,
}

/// What a rollup row is keyed by. Ordered: writers upsert in key order, so they cannot deadlock.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RollupKey {
    /// Start of the bucket of `occurred_at`.
    pub bucket: Timestamp,
    /// The journal that wrote it: no two processes touch one row.
    pub writer: JournalId,
    /// The key.
    pub key_id: KeyId,
    /// Its team, or empty.
    pub team: String,
    /// The upstream.
    pub upstream_id: UpstreamId,
    /// The model served, else sent, else requested, or empty.
    pub model: String,
}

summable! {
    /// What a rollup row sums, of attempts as they stand. All add up.
    pub struct RollupValues;
    /// Requests, each counted with its first attempt.
    requests: i64,
    /// Attempts.
    attempts: i64,
    /// Of those, billed.
    billed: i64,
    /// Of those, unbilled.
    unbilled: i64,
    /// Of those, known to be free.
    no_charge: i64,
    /// Of the billed, those whose usage is estimated or partial.
    estimated: i64,
    /// Input tokens, cached or not.
    input_tokens: i64,
    /// Of those, from a cache.
    cache_read_tokens: i64,
    /// Of those, to a cache.
    cache_write_tokens: i64,
    /// Output tokens, reasoning included.
    output_tokens: i64,
    /// Of those, reasoning.
    reasoning_tokens: i64,
    /// Input tokens of unbilled attempts, where known.
    unbilled_input_tokens: i64,
    /// Output tokens of unbilled attempts, where known.
    unbilled_output_tokens: i64,
    /// At list rates.
    list_cost: Usd,
    /// What the upstreams charge us.
    cost: Usd,
    /// What the keys' owners pay.
    charge: Usd,
    /// The part of `list_cost` that rests on estimated or partial usage.
    estimated_list_cost: Usd,
    /// The part of `cost` that rests on estimated or partial usage.
    estimated_cost: Usd,
    /// The part of `charge` that rests on estimated or partial usage.
    estimated_charge: Usd,
}

/// Which latency a histogram counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LatencyMetric {
    /// Dispatch to end.
    Duration,
    /// Dispatch to first content.
    Ttft,
}

/// A logarithmic bin of microseconds: eight per power of two, so at most 12.5 % wide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LatencyBin(pub i16);

/// Counts per bin; merges by addition.
pub type Histogram = BTreeMap<(LatencyMetric, LatencyBin), i64>;

/// What new revisions change of one attempt.
#[derive(Debug, Clone)]
pub struct AttemptChange {
    /// The journal they came through.
    pub writer: JournalId,
    /// How it stood; `None` for a new attempt.
    pub before: Option<Standing>,
    /// How it stands.
    pub after: Option<Standing>,
}

/// Sums what attempts change by key of a span's buckets, in key order. What an attempt adds moves as a whole: a
/// correction that names another model takes it from one row and gives it to the other.
///
/// # Errors
/// [`MoneyError::Overflow`] when a sum passes the exact range.
pub fn collect_rollups<'a>(
    changes: impl IntoIterator<Item = &'a AttemptChange>,
    bucket_of: impl Fn(Timestamp) -> Timestamp,
) -> Result<BTreeMap<RollupKey, RollupValues>, MoneyError> {
    let mut rows: BTreeMap<RollupKey, RollupValues> = BTreeMap::new();
    for change in changes {
        let taken = change
            .before
            .iter()
            .map(|before| (before, before.values().negated()));
        let given = change.after.iter().map(|after| (after, after.values()));
        for (standing, values) in taken.chain(given) {
            let key = RollupKey::of(&standing.latest, change.writer, &bucket_of);
            let row = rows.entry(key).or_default();
            *row = row.checked_add(values)?;
        }
    }
    rows.retain(|_, values| *values != RollupValues::default());
    Ok(rows)
}

/// Counts the latencies of new attempts by key, in key order.
pub fn collect_latencies<'a>(
    entries: impl IntoIterator<Item = &'a JournaledEntry>,
) -> BTreeMap<RollupKey, Histogram> {
    let mut rows: BTreeMap<RollupKey, Histogram> = BTreeMap::new();
    for entry in entries {
        // How long a batch took says nothing about how fast an upstream answers.
        let answered = entry.entry.attempt.facts.deferred.is_none();
        if entry.entry.kind == EntryKind::Usage && answered {
            let key = RollupKey::of(&Posting::from(entry), entry.journal_id, quarter_start);
            count_latencies(rows.entry(key).or_default(), entry);
        }
    }
    rows
}

fn count_latencies(histogram: &mut Histogram, entry: &JournaledEntry) {
    let outcome = &entry.entry.outcome;
    let elapsed = (outcome.ended_at - entry.entry.attempt.occurred_at)
        .num_microseconds()
        .unwrap_or(i64::MAX);
    let duration = LatencyBin::of(u64::try_from(elapsed).unwrap_or(0));
    *histogram.entry((LatencyMetric::Duration, duration)).or_default() += 1;
    if let Some(ttft) = outcome.ttft_us {
        *histogram
            .entry((LatencyMetric::Ttft, LatencyBin::of(ttft)))
            .or_default() += 1;
    }
}

/// The start of the quarter hour an instant is in.
pub fn quarter_start(at: Timestamp) -> Timestamp {
    floor(at, QUARTER)
}

/// The start of the UTC hour an instant is in.
pub fn hour_start(at: Timestamp) -> Timestamp {
    floor(at, 4 * QUARTER)
}

fn floor(at: Timestamp, step: i64) -> Timestamp {
    let seconds = at.timestamp().div_euclid(step) * step;
    Timestamp::from_timestamp(seconds, 0).unwrap_or(at)
}

// === impl RollupSpan, RollupKey ===

impl RollupSpan {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Quarter, Self::Hour, Self::Day];

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Quarter => "quarter",
            Self::Hour => "hour",
            Self::Day => "day",
        }
    }

    /// The start of the bucket an instant is in; days are those of the zone.
    pub fn bucket(self, at: Timestamp, zone: AccountingZone) -> Timestamp {
        match self {
            Self::Quarter => quarter_start(at),
            Self::Hour => hour_start(at),
            Self::Day => zone.day(at).0,
        }
    }
}

impl RollupKey {
    pub(crate) fn of(
        posting: &Posting,
        writer: JournalId,
        bucket_of: impl Fn(Timestamp) -> Timestamp,
    ) -> Self {
        Self {
            bucket: bucket_of(posting.occurred_at),
            writer,
            key_id: posting.key_id,
            team: posting.team.clone(),
            upstream_id: posting.upstream_id,
            model: posting.model().to_owned(),
        }
    }
}

// === impl LatencyMetric, LatencyBin ===

impl LatencyMetric {
    /// From its stable name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Duration, Self::Ttft]
            .into_iter()
            .find(|metric| metric.as_str() == name)
    }

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Duration => "duration",
            Self::Ttft => "ttft",
        }
    }
}

impl LatencyBin {
    /// The bin of a latency in microseconds.
    pub fn of(micros: u64) -> Self {
        if micros < 8 {
            return Self(i16::try_from(micros).unwrap_or(0));
        }
        let exponent = micros.ilog2();
        let step = (micros >> (exponent - 3)) & 7;
        let bin = u64::from(exponent - 2) * 8 + step;
        Self(i16::try_from(bin).unwrap_or(i16::MAX))
    }

    /// The middle of the bin, in microseconds: at most a sixteenth (6.25 %) off any latency that fell into it.
    pub fn middle(self) -> u64 {
        let (lower, next) = (self.lower_bound(), Self(self.0.saturating_add(1)).lower_bound());
        lower + next.saturating_sub(lower + 1) / 2
    }

    /// The smallest latency of the bin, in microseconds.
    pub fn lower_bound(self) -> u64 {
        let bin = u64::try_from(self.0).unwrap_or(0);
        if bin < 8 {
            return bin;
        }
        (8 + bin % 8) << (bin / 8 - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bins_are_ordered_and_at_most_an_eighth_wide() {
        let mut previous = LatencyBin(-1);
        for micros in (0..5_000)
            .chain((13..60).map(|shift| 1_u64 << shift))
            .chain([u64::MAX])
        {
            let bin = LatencyBin::of(micros);
            assert!(bin.lower_bound() <= micros, "{micros}");
            assert!(micros - bin.lower_bound() <= micros / 8, "{micros}");
            assert!(bin >= previous, "{micros}");
            previous = bin;
        }
    }
}
