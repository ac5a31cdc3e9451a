//! Rollups: 15-minute sums that dashboards read instead of the ledger.

use std::collections::BTreeMap;

use crate::{
    BillingStatus, EntryKind, JournalId, JournaledEntry, KeyId, MoneyError, Timestamp, UpstreamId,
    UsageSource, Usd,
};

/// What a rollup row is keyed by. Ordered: writers upsert in key order, so they cannot deadlock.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RollupKey {
    /// Start of the 15-minute UTC bucket of `occurred_at`.
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

/// What a rollup row sums. All add up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RollupValues {
    /// Attempts (usage rows).
    pub attempts: i64,
    /// Of those, billed.
    pub billed: i64,
    /// Of those, unbilled.
    pub unbilled: i64,
    /// Of those, known to be free.
    pub no_charge: i64,
    /// Input tokens, cached or not.
    pub input_tokens: i64,
    /// Of those, from a cache.
    pub cache_read_tokens: i64,
    /// Of those, to a cache.
    pub cache_write_tokens: i64,
    /// Output tokens, reasoning included.
    pub output_tokens: i64,
    /// Of those, reasoning.
    pub reasoning_tokens: i64,
    /// At list rates.
    pub list_cost: Usd,
    /// What the upstreams charge us.
    pub cost: Usd,
    /// What the keys' owners pay.
    pub charge: Usd,
    /// The part of `cost` that rests on estimated or partial usage.
    pub estimated_cost: Usd,
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

/// What a batch of entries adds to one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RollupDelta {
    /// The row.
    pub key: RollupKey,
    /// What to add.
    pub values: RollupValues,
    /// Which latencies to count.
    pub histogram: Histogram,
}

/// Sums newly inserted entries into deltas, in key order. Adjustments add money and tokens of their deltas but
/// count no attempt.
///
/// # Errors
/// [`MoneyError::Overflow`] when a sum passes the exact range.
pub fn collect_rollups<'a>(
    entries: impl IntoIterator<Item = &'a JournaledEntry>,
) -> Result<Vec<RollupDelta>, MoneyError> {
    let mut rows: BTreeMap<RollupKey, (RollupValues, Histogram)> = BTreeMap::new();
    for entry in entries {
        let (values, histogram) = rows.entry(RollupKey::of(entry)).or_default();
        values.include(entry)?;
        // How long a batch took says nothing about how fast an upstream answers.
        let answered = entry.entry.attempt.facts.deferred.is_none();
        if entry.entry.kind == EntryKind::Usage && answered {
            count_latencies(histogram, entry);
        }
    }
    let deltas = rows.into_iter();
    Ok(deltas
        .map(|(key, (values, histogram))| RollupDelta {
            key,
            values,
            histogram,
        })
        .collect())
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

// === impl RollupKey ===

impl RollupKey {
    /// The row an entry belongs to.
    pub fn of(entry: &JournaledEntry) -> Self {
        let attempt = &entry.entry.attempt;
        let served = entry.entry.outcome.model_served.as_ref();
        let model = served
            .or(attempt.model_sent.as_ref())
            .or(attempt.model_requested.as_ref());
        Self {
            bucket: bucket_start(attempt.occurred_at),
            writer: entry.journal_id,
            key_id: attempt.key.id,
            team: attempt.key.team.as_deref().unwrap_or_default().to_owned(),
            upstream_id: attempt.upstream.id,
            model: model.map(|name| name.as_str().to_owned()).unwrap_or_default(),
        }
    }
}

fn bucket_start(at: Timestamp) -> Timestamp {
    const BUCKET_SECONDS: i64 = 15 * 60;
    let seconds = at.timestamp().div_euclid(BUCKET_SECONDS) * BUCKET_SECONDS;
    Timestamp::from_timestamp(seconds, 0).unwrap_or(at)
}

// === impl RollupValues ===

impl RollupValues {
    fn include(&mut self, journaled: &JournaledEntry) -> Result<(), MoneyError> {
        let entry = &journaled.entry;
        if entry.kind == EntryKind::Usage {
            self.attempts += 1;
            match entry.verdict.status() {
                BillingStatus::Billed => self.billed += 1,
                BillingStatus::Unbilled => self.unbilled += 1,
                BillingStatus::NoCharge => self.no_charge += 1,
            }
            if let Some(tokens) = entry.token_totals() {
                self.input_tokens += signed(tokens.input);
                self.cache_read_tokens += signed(tokens.cache_read);
                self.cache_write_tokens += signed(tokens.cache_write);
                self.output_tokens += signed(tokens.output);
                self.reasoning_tokens += signed(tokens.reasoning);
            }
        }
        if let Some(amounts) = entry.amounts {
            self.list_cost = self.list_cost.checked_add(amounts.list_cost)?;
            self.cost = self.cost.checked_add(amounts.cost)?;
            self.charge = self.charge.checked_add(amounts.charge)?;
            if matches!(entry.usage_source, UsageSource::Estimated | UsageSource::Partial) {
                self.estimated_cost = self.estimated_cost.checked_add(amounts.cost)?;
            }
        }
        Ok(())
    }
}

/// Counts are at most 2^40 per meter, so sums of a vector always fit.
fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

// === impl LatencyMetric, LatencyBin ===

impl LatencyMetric {
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
