//! What in the books wants somebody's eye.

use std::fmt;
use std::fmt::Write as _;
use std::str::FromStr;

use sha2::{Digest, Sha256};

use crate::summable::summable;
use crate::{
    JournalId, PriceSource, ReleaseId, Standing, Timestamp, UnbilledReason, UpstreamId, Usd, Verdict,
    ZeroReason,
};

/// Why something wants attention.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AttentionKind {
    /// Attempts that nothing prices, or that name no model.
    Unpriced,
    /// Prices of a release that wait for a decision.
    HeldPrice,
    /// Attempts the gateway did not see the end of.
    Interrupted,
    /// Answers without usage.
    UsageMissing,
    /// Counters or amounts that cannot be computed with.
    CalculationError,
    /// Endpoints that are carried but not metered.
    NotMetered,
    /// Two entries of one identity.
    LedgerConflict,
    /// The model served is not the one sent.
    ServedNotSent,
    /// The provider says it cost something else.
    ReportedCostDiffers,
    /// Traffic that a zero multiplier makes free.
    ZeroMultiplier,
    /// Attempts that could not be recorded.
    Gap,
}

/// One thing that wants attention, the same over time: `<kind>-<16 hex digits>`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AttentionId(String);

/// Not an id of the queue.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is no id of the attention queue")]
pub struct InvalidAttentionId {
    /// What was given.
    pub text: String,
}

/// What it is about; parts that do not matter are `None`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AttentionSubject {
    /// Why.
    pub kind: AttentionKind,
    /// At which upstream.
    pub upstream_id: Option<UpstreamId>,
    /// The model sent, or else requested.
    pub model_sent: Option<String>,
    /// The model served.
    pub model_served: Option<String>,
    /// Of which journal.
    pub journal_id: Option<JournalId>,
    /// Of which release.
    pub release_id: Option<ReleaseId>,
}

summable! {
    /// Sums of what it is about. All add up.
    pub struct AttentionValues;
    /// How often.
    count: i64,
    /// Input tokens, cached or not, where known.
    input_tokens: i64,
    /// Of those, from a cache.
    cache_read_tokens: i64,
    /// Of those, to a cache.
    cache_write_tokens: i64,
    /// Output tokens, reasoning included, where known.
    output_tokens: i64,
    /// Of those, reasoning.
    reasoning_tokens: i64,
    /// At list rates, where known.
    list_cost: Usd,
    /// What the upstreams charge us, where known.
    cost: Usd,
    /// What the providers say it cost, where they say it.
    reported_cost: Usd,
    /// The money at stake as far as the ledger itself knows it.
    at_stake: Usd,
}

/// What one attempt gives reason for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Concern {
    /// What it is about.
    pub subject: AttentionSubject,
    /// What the attempt adds.
    pub values: AttentionValues,
    /// When it was.
    pub at: Timestamp,
}

/// What an attempt as it stands gives reason for. Own and reported cost differ when they do by more than a hundredth
/// of the larger.
pub fn concerns(standing: &Standing) -> Vec<Concern> {
    let latest = &standing.latest;
    let amounts = standing.amounts;
    let sums = standing.values();
    let values = AttentionValues {
        count: 1,
        input_tokens: sums.input_tokens,
        cache_read_tokens: sums.cache_read_tokens,
        cache_write_tokens: sums.cache_write_tokens,
        output_tokens: sums.output_tokens,
        reasoning_tokens: sums.reasoning_tokens,
        list_cost: sums.list_cost,
        cost: sums.cost,
        reported_cost: latest.provider_reported_cost.unwrap_or_default(),
        at_stake: Usd::ZERO,
    };
    let mut found = Vec::new();
    let mut add = |kind, at_stake| {
        found.push(Concern {
            subject: AttentionSubject {
                kind,
                upstream_id: Some(latest.upstream_id),
                model_sent: latest
                    .model_sent
                    .clone()
                    .or_else(|| latest.model_requested.clone()),
                model_served: latest.model_served.clone(),
                journal_id: None,
                release_id: None,
            },
            values: AttentionValues { at_stake, ..values },
            at: latest.occurred_at,
        });
    };
    match latest.verdict {
        Verdict::Unbilled(reason) => add(AttentionKind::of(reason), Usd::ZERO),
        Verdict::Billed => {
            let (served, sent) = (latest.model_served.as_ref(), latest.model_sent.as_ref());
            if served.is_some() && sent.is_some() && served != sent {
                add(AttentionKind::ServedNotSent, Usd::ZERO);
            }
            let ours = amounts.filter(|_| latest.price_source != Some(PriceSource::ProviderReported));
            if let (Some(ours), Some(theirs)) = (ours, latest.provider_reported_cost)
                && let Some(difference) = difference(ours.cost, theirs)
            {
                add(AttentionKind::ReportedCostDiffers, difference);
            }
            if latest.zero_reason == Some(ZeroReason::FreeMultiplier) {
                add(AttentionKind::ZeroMultiplier, values.list_cost);
            }
        }
        Verdict::NoCharge(_) => {}
    }
    found
}

/// By how much two amounts differ, if by more than a hundredth of the larger.
fn difference(one: Usd, other: Usd) -> Option<Usd> {
    let difference = one.pico().checked_sub(other.pico())?.checked_abs()?;
    let larger = one.pico().saturating_abs().max(other.pico().saturating_abs());
    (difference.saturating_mul(100) > larger).then_some(Usd::from_pico(difference))
}

// === impl AttentionKind, AttentionId ===

impl AttentionKind {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Unpriced,
        Self::HeldPrice,
        Self::Interrupted,
        Self::UsageMissing,
        Self::CalculationError,
        Self::NotMetered,
        Self::LedgerConflict,
        Self::ServedNotSent,
        Self::ReportedCostDiffers,
        Self::ZeroMultiplier,
        Self::Gap,
    ];

    /// Those of attempts without a known cost.
    pub const UNBILLED: [Self; 5] = [
        Self::Unpriced,
        Self::Interrupted,
        Self::UsageMissing,
        Self::CalculationError,
        Self::NotMetered,
    ];

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unpriced => "unpriced",
            Self::HeldPrice => "held_price",
            Self::Interrupted => "interrupted",
            Self::UsageMissing => "usage_missing",
            Self::CalculationError => "calculation_error",
            Self::NotMetered => "not_metered",
            Self::LedgerConflict => "ledger_conflict",
            Self::ServedNotSent => "served_not_sent",
            Self::ReportedCostDiffers => "reported_cost_differs",
            Self::ZeroMultiplier => "zero_multiplier",
            Self::Gap => "gap",
        }
    }

    /// From its stable name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// The kind of attempts that are unbilled for a reason.
    pub const fn of(reason: UnbilledReason) -> Self {
        match reason {
            UnbilledReason::ModelMissing | UnbilledReason::PriceNotFound => Self::Unpriced,
            UnbilledReason::UsageMissing => Self::UsageMissing,
            UnbilledReason::CalculationError => Self::CalculationError,
            UnbilledReason::Interrupted => Self::Interrupted,
            UnbilledReason::NotMetered => Self::NotMetered,
        }
    }

    /// Whether it is about attempts without an amount.
    pub fn is_unbilled(self) -> bool {
        Self::UNBILLED.contains(&self)
    }
}

impl AttentionId {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What kind of thing it names.
    pub fn kind(&self) -> Option<AttentionKind> {
        let (kind, _) = self.0.rsplit_once('-')?;
        AttentionKind::from_name(kind)
    }
}

impl fmt::Display for AttentionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for AttentionId {
    type Err = InvalidAttentionId;

    fn from_str(text: &str) -> Result<Self, InvalidAttentionId> {
        let id = Self(text.to_owned());
        let digits = text.rsplit_once('-').map_or("", |(_, digits)| digits);
        let is_hex = digits.len() == 16
            && digits
                .bytes()
                .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        if is_hex && id.kind().is_some() {
            Ok(id)
        } else {
            Err(InvalidAttentionId { text: id.0 })
        }
    }
}

impl AttentionSubject {
    /// A thing of one kind about nothing in particular.
    pub const fn bare(kind: AttentionKind) -> Self {
        Self {
            kind,
            upstream_id: None,
            model_sent: None,
            model_served: None,
            journal_id: None,
            release_id: None,
        }
    }

    /// Its id: a digest of what it is about.
    pub fn id(&self) -> AttentionId {
        let ids = [
            self.upstream_id.map(UpstreamId::uuid),
            self.journal_id.map(JournalId::uuid),
            self.release_id.map(ReleaseId::uuid),
        ];
        let mut hash = Sha256::new();
        for id in ids {
            hash.update(id.unwrap_or_default().as_bytes());
        }
        for name in [&self.model_sent, &self.model_served] {
            hash.update([u8::from(name.is_some())]);
            hash.update(name.as_deref().unwrap_or_default().len().to_be_bytes());
            hash.update(name.as_deref().unwrap_or_default());
        }
        let mut text = format!("{}-", self.kind.as_str());
        for byte in hash.finalize().iter().take(8) {
            // Writing to a string does not fail.
            write!(text, "{byte:02x}").ok();
        }
        AttentionId(text)
    }

    /// The model served, or else sent.
    pub fn model(&self) -> Option<&str> {
        self.model_served.as_deref().or(self.model_sent.as_deref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_stable_and_tells_subjects_apart() {
        let subject = AttentionSubject {
            upstream_id: Some(UpstreamId::new(uuid::Uuid::from_u128(1))),
            model_sent: Some("gpt-5".to_owned()),
            ..AttentionSubject::bare(AttentionKind::Unpriced)
        };
        let id = subject.id();
        assert_eq!(id.to_string().parse(), Ok(id.clone()));
        assert_eq!(id.kind(), Some(AttentionKind::Unpriced));
        let served = AttentionSubject {
            model_sent: None,
            model_served: Some("gpt-5".to_owned()),
            ..subject.clone()
        };
        let other_kind = AttentionSubject {
            kind: AttentionKind::Interrupted,
            ..subject
        };
        assert_ne!(served.id(), id);
        assert_ne!(other_kind.id(), id);
        for wrong in [
            "",
            "unpriced",
            "unpriced-12",
            "nothing-0123456789abcdef",
            "unpriced-0123456789ABCDEF",
        ] {
            wrong.parse::<AttentionId>().unwrap_err();
        }
    }

    #[test]
    fn costs_differ_from_more_than_a_hundredth_on() {
        let usd = |text: &str| text.parse::<Usd>().unwrap();
        assert_eq!(difference(usd("1"), usd("0.99")), None);
        assert_eq!(difference(usd("1"), usd("0.989")), Some(usd("0.011")));
        assert_eq!(difference(usd("0"), usd("0.5")), Some(usd("0.5")));
        assert_eq!(difference(usd("0"), usd("0")), None);
    }
}
