//! Ledger entries.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{
    Amounts, AttemptContext, AttemptOutcome, ChargeLine, JournalId, Meter, Pricing, Side, Unit, Usage,
    UsageSource, Usd, Verdict, ZeroReason,
};

/// One insert-only row of the ledger, keyed `(event_id, revision)`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerEntry {
    /// The attempt and all that was known at dispatch.
    pub attempt: Arc<AttemptContext>,
    /// 0 for the usage row, then one more for each adjustment of the same event.
    pub revision: u32,
    /// What kind of row it is.
    pub kind: EntryKind,
    /// Whether the cost is known.
    pub verdict: Verdict,
    /// What the reason does not say: the tier, the meter, the input at fault.
    pub detail: Option<String>,
    /// How the attempt ended.
    pub outcome: AttemptOutcome,
    /// How the usage was learnt.
    pub usage_source: UsageSource,
    /// The disjoint vector; `None` when not known.
    pub usage: Option<Usage>,
    /// The provider's own counters, verbatim JSON.
    pub provider_usage: Option<String>,
    /// What was odd about the counters, by stable name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flags: Vec<String>,
    /// Which rule priced it.
    pub pricing: Option<Pricing>,
    /// The itemisation.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<ChargeLine>,
    /// The amounts (of an adjustment: signed deltas); `None` when not known.
    pub amounts: Option<Amounts>,
    /// Why a billed cost is zero.
    pub zero_reason: Option<ZeroReason>,
    /// What the provider says it cost.
    pub provider_reported_cost: Option<Usd>,
    /// `YYYY-MM` in the accounting zone.
    pub accounting_period: String,
    /// Who adjusted and why; `None` for a usage row.
    pub adjustment: Option<AdjustmentRef>,
}

/// What kind of ledger row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// What the attempt used and cost.
    Usage,
    /// A later correction of it.
    Adjustment,
}

/// The origin of an adjustment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdjustmentRef {
    /// The repair run it belongs to.
    pub run_id: uuid::Uuid,
    /// Who ran it.
    pub author: String,
    /// Why.
    pub note: Option<String>,
}

/// An entry with its place in the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournaledEntry {
    /// The journal.
    pub journal_id: JournalId,
    /// Gap-free number within the journal, from 1.
    pub journal_seq: u64,
    /// The entry.
    pub entry: LedgerEntry,
}

/// Token sums of a vector, as filtered and shown in lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TokenTotals {
    /// All input tokens, cached or not.
    pub input: u64,
    /// Of those, served from a cache.
    pub cache_read: u64,
    /// Of those, written to a cache.
    pub cache_write: u64,
    /// All output tokens, reasoning included.
    pub output: u64,
    /// Of those, reasoning.
    pub reasoning: u64,
}

impl LedgerEntry {
    /// SHA-256 over the entry's canonical JSON: tells a replay from a conflict.
    pub fn content_hash(&self) -> [u8; 32] {
        Sha256::digest(serde_json::to_vec(self).unwrap_or_default()).into()
    }

    /// Whether it is one item of a batch.
    pub fn is_item(&self) -> bool {
        let reference = self.attempt.facts.deferred.as_ref();
        reference.is_some_and(|reference| reference.item_id.is_some())
    }

    /// Token sums; `None` when the usage is not known.
    pub fn token_totals(&self) -> Option<TokenTotals> {
        self.usage.as_ref().map(TokenTotals::of)
    }
}

impl TokenTotals {
    /// Sums a vector.
    pub fn of(usage: &Usage) -> Self {
        let of = |meters: &[Meter]| meters.iter().map(|meter| usage.get(*meter).get()).sum();
        let tokens = |side: Side| {
            let counted = usage
                .iter()
                .filter(|(meter, _)| meter.unit() == Unit::Token && meter.side() == side);
            counted.map(|(_, count)| count.get()).sum()
        };
        Self {
            input: tokens(Side::Input),
            cache_read: of(&[
                Meter::CacheRead,
                Meter::ExplicitCacheRead,
                Meter::AudioCacheRead,
                Meter::ImageCacheRead,
            ]),
            cache_write: of(&[Meter::CacheWrite5m, Meter::CacheWrite1h, Meter::AudioCacheWrite]),
            output: tokens(Side::Output),
            reasoning: of(&[Meter::Reasoning]),
        }
    }
}

impl EntryKind {
    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Usage => "usage",
            Self::Adjustment => "adjustment",
        }
    }
}
