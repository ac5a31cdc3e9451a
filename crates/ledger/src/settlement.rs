//! Settlement: what an attempt used and cost, as a ledger entry. Pure.

use std::sync::Arc;

use billing_core::{Charge, PriceBook, PriceError, PricingContext, Reading, price, price_reported};
use tollgate_domain::{
    AccountingZone, AttemptContext, AttemptOutcome, EntryKind, LedgerEntry, MediaFormat, ModelName,
    NoChargeReason, OutcomeKind, ReportedCostPolicy, ServiceTier, Timestamp, UnbilledReason, Usage,
    UsageSource, Usd, Verdict,
};

use crate::AttemptEnd;
use crate::{asked, hosted, sanitize, served, verdict};

/// What pricing said.
pub(crate) struct Priced {
    pub(crate) verdict: Verdict,
    pub(crate) detail: Option<String>,
    pub(crate) charge: Option<Charge>,
}

/// Makes the revision-0 entry of an attempt. Never fails: what cannot be computed becomes an `unbilled` entry
/// that says why.
pub fn settle(
    context: Arc<AttemptContext>,
    end: AttemptEnd,
    book: &PriceBook,
    zone: AccountingZone,
    ended_at: Timestamp,
) -> LedgerEntry {
    let mut reading = end.reading.map(clean);
    let left_out = reading.as_mut().and_then(|reading| {
        complete(reading, &context, end.kind, book);
        hosted::add_calls(reading, &context, book)
    });
    let priced = appraise(&context, end.kind, end.http_status, reading.as_ref(), book);
    let detail = priced.detail.or(end.detail).or(left_out).map(sanitize::text);
    let accounting_period = zone.period(context.occurred_at);
    let mut outcome = AttemptOutcome::bare(end.kind, end.http_status, ended_at);
    outcome.ttft_us = end.ttft_us;
    let mut entry = LedgerEntry {
        attempt: context,
        revision: 0,
        kind: EntryKind::Usage,
        verdict: priced.verdict,
        detail,
        outcome,
        usage_source: UsageSource::None,
        usage: None,
        provider_usage: None,
        flags: Vec::new(),
        pricing: None,
        lines: Vec::new(),
        amounts: None,
        zero_reason: None,
        provider_reported_cost: None,
        accounting_period,
        adjustment: None,
    };
    if let Some(reading) = reading {
        entry.outcome.response_id = reading.response_id;
        entry.outcome.finish_reason = reading.finish_reason;
        entry.outcome.model_served = reading.model_served;
        entry.outcome.tier_served = reading.tier_served;
        entry.outcome.modifiers = reading.modifiers;
        entry.outcome.format = reading.media;
        entry.usage_source = if reading.usage.is_some() {
            reading.usage_source
        } else {
            UsageSource::None
        };
        entry.usage = reading.usage;
        entry.provider_usage = reading.provider_usage;
        entry.provider_reported_cost = reading.provider_reported_cost;
        entry.flags = reading.flags;
    }
    if let Some(charge) = priced.charge {
        entry.pricing = Some(charge.pricing);
        entry.lines = charge.lines;
        entry.amounts = Some(charge.amounts);
        entry.zero_reason = charge.zero_reason;
    }
    entry
}

/// Adds what the request tells to what the answer told, and marks what does not fit together.
fn complete(reading: &mut Reading, context: &AttemptContext, kind: OutcomeKind, book: &PriceBook) {
    if !context.facts.billing.is_metered() {
        reading.usage = None;
        return;
    }
    reading.media = described(reading.media.take(), context);
    let from_subtitles = reading
        .flags
        .iter()
        .position(|flag| flag == asked::COUNTED_FROM_SUBTITLES);
    let nothing_told = reading.usage.is_none() && reading.problem.is_none();
    if kind == OutcomeKind::Completed && (nothing_told || from_subtitles.is_some()) {
        // A recording is as long as it is; the last subtitle ends before it does.
        if let Some(usage) = asked::usage(context) {
            reading.usage = Some(usage);
            reading.flags.push(asked::COUNTED_FROM_REQUEST.to_owned());
            if let Some(at) = from_subtitles {
                reading.flags.remove(at);
            }
        }
        if reading.usage.is_some() {
            reading.usage_source = UsageSource::Reported;
        }
    }
    let aliases = |name: &ModelName| {
        let scopes = [Some(context.upstream.id), None];
        scopes
            .into_iter()
            .find_map(|scope| book.alias_of(scope, name.as_str()))
    };
    if let Some(named) = &reading.model_served
        && served::differs(context, named, aliases)
    {
        reading.flags.push(served::SERVED_MODEL_DIFFERS.to_owned());
    }
}

/// What was made: as the answer says, and where it does not, as was asked for.
fn described(told: Option<MediaFormat>, context: &AttemptContext) -> Option<MediaFormat> {
    let asked = context.facts.format.clone();
    let (Some(told), Some(asked)) = (&told, &asked) else {
        return told.or(asked);
    };
    Some(MediaFormat {
        size: told.size.clone().or_else(|| asked.size.clone()),
        quality: told.quality.clone().or_else(|| asked.quality.clone()),
    })
}

/// The verdict on an attempt, and its charge where there is one.
pub(crate) fn appraise(
    context: &AttemptContext,
    kind: OutcomeKind,
    http_status: Option<u16>,
    reading: Option<&Reading>,
    book: &PriceBook,
) -> Priced {
    if let Some(verdict) = verdict::of_endpoint(context.facts.billing, kind, http_status) {
        return Priced::open(verdict, None);
    }
    let Some(reading) = reading else {
        return Priced::open(verdict::without_usage(kind, http_status, false), None);
    };
    if let Some(problem) = &reading.problem {
        return Priced::open(
            Verdict::Unbilled(UnbilledReason::CalculationError),
            Some(problem.clone()),
        );
    }
    if reading.free_refusal {
        let why = "refused before anything was generated, which the provider does not bill";
        return Priced::open(Verdict::NoCharge(NoChargeReason::Rejected), Some(why.to_owned()));
    }
    let bill = Bill::new(context, reading);
    match (&reading.usage, bill.reported_cost()) {
        (_, Some(cost)) if context.upstream.reported_cost == ReportedCostPolicy::Always => {
            bill.reported(book, cost)
        }
        (Some(usage), reported) => match (bill.at_book_rates(book, usage), reported) {
            (Err(PriceError::NotFound { .. } | PriceError::ModelMissing), Some(cost)) => {
                bill.reported(book, cost)
            }
            (outcome, _) => Priced::from(outcome),
        },
        (None, Some(cost)) => bill.reported(book, cost),
        (None, None) => Priced::open(
            verdict::without_usage(kind, http_status, reading.has_output),
            reading.stream_error.clone(),
        ),
    }
}

/// The names and properties an attempt is priced by.
pub(crate) struct Bill<'a> {
    context: &'a AttemptContext,
    reading: &'a Reading,
    tier: ServiceTier,
}

impl<'a> Bill<'a> {
    pub(crate) fn new(context: &'a AttemptContext, reading: &'a Reading) -> Self {
        // The tier the response says was served; where it says nothing, the one asked for.
        let tier = reading
            .tier_served
            .as_deref()
            .or(context.tier_requested.as_deref())
            .unwrap_or_default();
        Self {
            context,
            reading,
            tier: ServiceTier::from_name(tier),
        }
    }

    /// The provider's own figure, where this upstream's policy lets it count at all.
    fn reported_cost(&self) -> Option<Usd> {
        let allowed = self.context.upstream.reported_cost != ReportedCostPolicy::Never;
        self.reading.provider_reported_cost.filter(|_| allowed)
    }

    pub(crate) fn at_book_rates(&self, book: &PriceBook, usage: &Usage) -> Result<Charge, PriceError> {
        price(book, &self.pricing_context(usage.context_tokens()), usage)
    }

    fn reported(&self, book: &PriceBook, cost: Usd) -> Priced {
        if cost < Usd::ZERO || cost > Usd::ENTRY_MAX {
            let detail = format!("the provider reports a cost of {cost} USD");
            return Priced::open(Verdict::Unbilled(UnbilledReason::CalculationError), Some(detail));
        }
        let tokens = self.reading.usage.as_ref().map_or(0, Usage::context_tokens);
        let charge = price_reported(book, &self.pricing_context(tokens), cost);
        Priced {
            verdict: Verdict::Billed,
            detail: None,
            charge: Some(charge),
        }
    }

    pub(crate) fn pricing_context(&self, context_tokens: u64) -> PricingContext<'_> {
        let upstream = &self.context.upstream;
        PricingContext {
            upstream_id: upstream.id,
            provider: &upstream.provider,
            model_served: self.reading.model_served.as_ref(),
            model_sent: self.sent_name(),
            bill_by: upstream.bill_by,
            tier: &self.tier,
            context_tokens,
            at: self.context.occurred_at,
            format: self.reading.media.as_ref(),
            modifiers: &self.reading.modifiers,
            upstream_modifiers: &upstream.price_modifiers,
        }
    }

    fn sent_name(&self) -> Option<&ModelName> {
        self.context
            .model_sent
            .as_ref()
            .or(self.context.model_requested.as_ref())
    }
}

impl Priced {
    fn open(verdict: Verdict, detail: Option<String>) -> Self {
        Self {
            verdict,
            detail,
            charge: None,
        }
    }

    fn from(outcome: Result<Charge, PriceError>) -> Self {
        let (reason, detail) = match outcome {
            Ok(charge) => {
                return Self {
                    verdict: Verdict::Billed,
                    detail: None,
                    charge: Some(charge),
                };
            }
            Err(PriceError::ModelMissing) => (UnbilledReason::ModelMissing, None),
            Err(PriceError::NotFound { detail }) => (UnbilledReason::PriceNotFound, Some(detail)),
            Err(PriceError::Calculation { detail }) => (UnbilledReason::CalculationError, Some(detail)),
            Err(other) => (UnbilledReason::CalculationError, Some(other.to_string())),
        };
        Self::open(Verdict::Unbilled(reason), detail)
    }
}

/// Provider text made fit to store; counters that are absurdly long are dropped rather than stored cut.
fn clean(mut reading: Reading) -> Reading {
    const MAX_PROVIDER_USAGE: usize = 64 * 1024;
    reading.model_served = sanitize::model(reading.model_served);
    reading.tier_served = sanitize::optional(reading.tier_served);
    reading.response_id = sanitize::optional(reading.response_id);
    reading.finish_reason = sanitize::optional(reading.finish_reason);
    reading.media = reading.media.map(sanitize::format);
    reading.provider_usage = reading
        .provider_usage
        .filter(|json| json.len() <= MAX_PROVIDER_USAGE && !json.contains('\0'));
    reading
}
