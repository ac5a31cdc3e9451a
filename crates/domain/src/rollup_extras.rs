//! Sums beside a rollup's: speed, and what caching saved.

use std::collections::BTreeMap;

use crate::{
    EntryKind, JournaledEntry, LedgerEntry, MoneyError, OutcomeKind, Posting, RollupKey, Usd, cache_saving,
    quarter_start,
};

/// What a rollup row sums of speed and caching. All add up; an adjustment adds nothing, for its lines hold the whole
/// itemisation and not what changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RollupExtras {
    /// Output tokens of complete answers whose tokens are known.
    pub timed_output_tokens: i64,
    /// How long they were generated, in microseconds: from first content to end where a stream showed the first content,
    /// else from dispatch to end.
    pub generation_us: i64,
    /// What caching saved, at the upstreams' multipliers; below zero where writes cost more than reads saved.
    pub cache_saved_cost: Usd,
    /// Attempts with cached tokens of which it is known what caching saved.
    pub cache_known: i64,
    /// Attempts with cached tokens of which it is not.
    pub cache_unknown: i64,
}

/// Sums what new entries add, by key, in key order. Rows that nothing is added to are left out.
///
/// # Errors
/// [`MoneyError::Overflow`] when a sum passes the exact range.
pub fn collect_extras<'a>(
    entries: impl IntoIterator<Item = &'a JournaledEntry>,
) -> Result<BTreeMap<RollupKey, RollupExtras>, MoneyError> {
    let mut rows: BTreeMap<RollupKey, RollupExtras> = BTreeMap::new();
    for entry in entries {
        let key = RollupKey::of(&Posting::from(entry), entry.journal_id, quarter_start);
        rows.entry(key).or_default().include(&entry.entry)?;
    }
    rows.retain(|_, extras| *extras != RollupExtras::default());
    Ok(rows)
}

impl RollupExtras {
    fn include(&mut self, entry: &LedgerEntry) -> Result<(), MoneyError> {
        if entry.kind != EntryKind::Usage {
            return Ok(());
        }
        let Some(tokens) = entry.token_totals() else {
            return Ok(());
        };
        if let Some(micros) = generation(entry).filter(|_| tokens.output > 0) {
            self.timed_output_tokens += i64::try_from(tokens.output).unwrap_or(0);
            self.generation_us = self.generation_us.saturating_add(micros);
        }
        if tokens.cache_read > 0 || tokens.cache_write > 0 {
            match cache_saving(entry) {
                Some(saved) => {
                    self.cache_saved_cost = self.cache_saved_cost.checked_add(saved)?;
                    self.cache_known += 1;
                }
                None => self.cache_unknown += 1,
            }
        }
        Ok(())
    }

    /// Adds another row's sums.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`] when a sum passes the exact range.
    pub fn add(&mut self, other: &Self) -> Result<(), MoneyError> {
        self.timed_output_tokens += other.timed_output_tokens;
        self.generation_us = self.generation_us.saturating_add(other.generation_us);
        self.cache_saved_cost = self.cache_saved_cost.checked_add(other.cache_saved_cost)?;
        self.cache_known += other.cache_known;
        self.cache_unknown += other.cache_unknown;
        Ok(())
    }
}

/// How long a complete answer was generated, in microseconds, above zero.
fn generation(entry: &LedgerEntry) -> Option<i64> {
    if entry.outcome.kind != OutcomeKind::Completed || entry.attempt.facts.deferred.is_some() {
        return None;
    }
    let elapsed = (entry.outcome.ended_at - entry.attempt.occurred_at).num_microseconds()?;
    let shown = entry
        .outcome
        .ttft_us
        .filter(|_| entry.attempt.stream)
        .unwrap_or(0);
    elapsed
        .checked_sub(i64::try_from(shown).ok()?)
        .filter(|micros| *micros > 0)
}
