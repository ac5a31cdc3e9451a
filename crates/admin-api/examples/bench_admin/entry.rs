//! What became of one attempt.

use std::sync::Arc;

use chrono::TimeDelta;
use tollgate_domain::{
    Amounts, AttemptContext, AttemptOutcome, ChargeLine, EntryKind, ErrorOrigin, LedgerEntry, Meter,
    ModelName, Multiplier, NameForm, NameRole, NoChargeReason, OutcomeKind, PriceRule, PriceSource,
    PriceVersion, Pricing, ServiceTier, UnbilledReason, Usage, UsageSource, Usd, UsdPerMillion, Verdict,
};

use crate::world::{Draw, UNPRICED};

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    Answered,
    Interrupted,
    WithoutUsage,
    Estimated,
    Rejected,
}

impl Fate {
    pub(crate) fn draw(draw: &mut Draw) -> Self {
        match draw.below(1_000) {
            0..4 => Self::Interrupted,
            4..6 => Self::WithoutUsage,
            6..16 => Self::Estimated,
            16..40 => Self::Rejected,
            _ => Self::Answered,
        }
    }

    /// The status the caller got, and whose error it was.
    pub(crate) fn answer(self, draw: &mut Draw) -> (u16, Option<ErrorOrigin>) {
        match (self, draw.below(400)) {
            (Self::Rejected, 0..2) => (503, Some(ErrorOrigin::Gateway)),
            (Self::Rejected, 2..120) => (429, Some(ErrorOrigin::Upstream)),
            (Self::Rejected, 120..300) => (400, Some(ErrorOrigin::Client)),
            (Self::Rejected, _) => (502, Some(ErrorOrigin::Upstream)),
            (Self::Interrupted, _) => (200, Some(ErrorOrigin::Upstream)),
            _ => (200, None),
        }
    }
}

/// The entry of an attempt.
pub(crate) fn of(attempt: AttemptContext, fate: Fate, draw: &mut Draw) -> LedgerEntry {
    let sent = attempt.model_sent.clone().unwrap_or_else(|| ModelName::new(""));
    let is_priced = !UNPRICED.contains(&sent.as_str());
    let (input, output) = (
        u64::from(draw.skewed(30_000)) + 20,
        u64::from(draw.skewed(4_000)) + 1,
    );
    let cached = if draw.once_in(3) { input / 2 } else { 0 };
    let has_usage = matches!(fate, Fate::Answered | Fate::Estimated);
    let verdict = match (fate, is_priced) {
        (Fate::Rejected, _) => Verdict::NoCharge(NoChargeReason::Rejected),
        (Fate::Interrupted, _) => Verdict::Unbilled(UnbilledReason::Interrupted),
        (Fate::WithoutUsage, _) => Verdict::Unbilled(UnbilledReason::UsageMissing),
        (_, false) => Verdict::Unbilled(UnbilledReason::PriceNotFound),
        _ => Verdict::Billed,
    };
    let lines = match verdict {
        Verdict::Billed => lines(input - cached, cached, output),
        _ => Vec::new(),
    };
    let amounts = match verdict {
        Verdict::Billed => Some(total(&lines)),
        Verdict::NoCharge(_) => Some(Amounts::default()),
        Verdict::Unbilled(_) => None,
    };
    let served = match draw.below(5) {
        0 | 1 => ModelName::new(format!("{}-2026-03-01", sent.as_str())),
        _ => sent.clone(),
    };
    let ttft = u64::from(draw.skewed(3_000_000)) + 90_000;
    let took = ttft + output * u64::from(5_000 + draw.below(15_000));
    let ended_at = attempt.occurred_at + TimeDelta::microseconds(i64::try_from(took).unwrap_or(0));
    let usage = Usage::new()
        .with(Meter::Input, input - cached)
        .and_then(|usage| usage.with(Meter::CacheRead, cached))
        .and_then(|usage| usage.with(Meter::Output, output));
    let kind = match fate {
        Fate::Rejected => OutcomeKind::UpstreamError,
        Fate::Interrupted => OutcomeKind::Interrupted,
        _ => OutcomeKind::Completed,
    };
    LedgerEntry {
        accounting_period: attempt.occurred_at.format("%Y-%m").to_string(),
        attempt: Arc::new(attempt),
        revision: 0,
        kind: EntryKind::Usage,
        verdict,
        detail: None,
        outcome: AttemptOutcome {
            ttft_us: has_usage.then_some(ttft),
            model_served: has_usage.then_some(served),
            finish_reason: has_usage.then(|| "stop".to_owned()),
            ..AttemptOutcome::bare(kind, Some(200), ended_at)
        },
        usage_source: match fate {
            Fate::Answered => UsageSource::Reported,
            Fate::Estimated => UsageSource::Estimated,
            _ => UsageSource::None,
        },
        usage: usage.ok().filter(|_| has_usage),
        provider_usage: has_usage
            .then(|| format!("{{\"prompt_tokens\":{input},\"completion_tokens\":{output}}}")),
        flags: Vec::new(),
        pricing: (verdict == Verdict::Billed).then(|| pricing(sent)),
        lines,
        amounts,
        zero_reason: None,
        provider_reported_cost: None,
        adjustment: None,
    }
}

/// From dispatch to end, in microseconds.
pub(crate) fn took(entry: &LedgerEntry) -> u64 {
    let took = entry.outcome.ended_at - entry.attempt.occurred_at;
    u64::try_from(took.num_microseconds().unwrap_or(0)).unwrap_or(0)
}

/// A tenth of amounts, to be given back.
pub(crate) fn tenth(amounts: &Amounts) -> Amounts {
    let back = |amount: Usd| Usd::from_pico(-amount.pico() / 10);
    Amounts {
        list_cost: back(amounts.list_cost),
        cost: back(amounts.cost),
        charge: back(amounts.charge),
    }
}

fn total(lines: &[ChargeLine]) -> Amounts {
    let sum: i128 = lines.iter().map(|line| line.cost.pico()).sum();
    let list: i128 = lines.iter().map(|line| line.list_cost.pico()).sum();
    Amounts {
        list_cost: Usd::from_pico(list),
        cost: Usd::from_pico(sum),
        charge: Usd::from_pico(sum + sum / 5),
    }
}

fn lines(input: u64, cached: u64, output: u64) -> Vec<ChargeLine> {
    // 1e-12 USD a token: 2.5, 0.25 and 10 USD a million.
    let counted = [
        (Meter::Input, input, 2_500_000_i128, "2.5"),
        (Meter::CacheRead, cached, 250_000, "0.25"),
        (Meter::Output, output, 10_000_000, "10"),
    ];
    let lines = counted.into_iter().filter(|(_, count, _, _)| *count > 0);
    lines
        .map(|(meter, count, rate, usd_per_million)| {
            let cost = Usd::from_pico(rate * i128::from(count));
            ChargeLine {
                meter,
                count,
                billed_count: None,
                size: None,
                usd_per_million: usd_per_million.parse::<UsdPerMillion>().unwrap_or_default(),
                multiplier: Multiplier::ONE,
                modifiers: Vec::new(),
                list_cost: cost,
                cost,
                fallbacks: Vec::new(),
            }
        })
        .collect()
}

fn pricing(model: ModelName) -> Pricing {
    Pricing {
        source: PriceSource::Litellm,
        version: PriceVersion::new(1),
        rule: PriceRule::SyncedCard,
        priced_as: model,
        name_role: NameRole::Sent,
        name_form: NameForm::Plain,
        card_id: None,
        tier: ServiceTier::Standard,
        band_above_tokens: None,
        window: None,
        input_multiplier: Multiplier::ONE,
        output_multiplier: Multiplier::ONE,
        multiplier_pattern: None,
    }
}
