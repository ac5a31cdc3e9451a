//! One ledger entry of a receipt.

use billing_core::PriceBook;
use serde::Serialize;
use serde_json::value::RawValue;
use tollgate_domain::ports::RecordedEntry;
use tollgate_domain::{
    AttemptOutcome, BillingStatus, CardId, EntryKind, JournalId, ModelName, Multiplier, NameForm, NameRole,
    OutcomeKind, PriceRule, PriceSource, PriceVersion, Pricing, Timestamp, Usage, UsageSource, Usd,
    ZeroReason,
};
use tollgate_ledger::explain_entry;
use utoipa::ToSchema;
use uuid::Uuid;

use super::line::ReceiptLine;
use super::{examples, formula};
use crate::billing::candidates::PriceCandidate;
use crate::schema::{
    BillingStatusSchema, EntryKindSchema, MultiplierSchema, NameFormSchema, NameRoleSchema, OutcomeSchema,
    PriceRuleSchema, PriceSourceSchema, ReasonSchema, TimestampSchema, UsageSourceSchema, UsdSchema,
    ZeroReasonSchema,
};

/// One insert-only row of the ledger: the usage row (revision 0) or an adjustment, whose amounts are signed deltas.
#[derive(Debug, Serialize, ToSchema)]
#[schema(examples(examples::entry))]
pub(in crate::billing) struct ReceiptEntry {
    /// 0 for the usage row, one more for each adjustment.
    revision: u32,
    /// What kind of row it is.
    #[schema(value_type = EntryKindSchema)]
    kind: EntryKind,
    /// Whether the cost is known.
    #[schema(value_type = BillingStatusSchema)]
    billing_status: BillingStatus,
    /// Why it is unbilled or free.
    #[schema(value_type = Option<ReasonSchema>)]
    reason: Option<&'static str>,
    /// What the reason does not say: the tier, the meter, the input at fault.
    detail: Option<String>,
    /// How the attempt ended.
    outcome: ReceiptOutcome,
    /// How the usage was learnt.
    #[schema(value_type = UsageSourceSchema)]
    usage_source: UsageSource,
    /// Each unit counted once, by meter; null when not known.
    #[schema(value_type = Option<BTreeMap<String, u64>>)]
    usage: Option<Usage>,
    /// The provider's own counters, verbatim.
    #[schema(value_type = Option<Object>)]
    provider_usage: Option<Box<RawValue>>,
    /// What was odd about the counters, by stable name.
    flags: Vec<String>,
    /// Which rule priced it; null when nothing did.
    pricing: Option<ReceiptPricing>,
    /// Every place that was looked at for a price, strongest first, in the price book it was priced with: the winner
    /// and the losers. Null when that book cannot be read any more.
    candidates: Option<Vec<PriceCandidate>>,
    /// The itemisation.
    lines: Vec<ReceiptLine>,
    /// The sum of the lines, written out; null when there is no cost.
    formula: Option<String>,
    /// At card rates, all multipliers 1; null when not known.
    #[schema(value_type = Option<UsdSchema>)]
    list_cost: Option<Usd>,
    /// What the upstream charges us; null when not known.
    #[schema(value_type = Option<UsdSchema>)]
    cost: Option<Usd>,
    /// What the key's owner pays; null when not known.
    #[schema(value_type = Option<UsdSchema>)]
    charge: Option<Usd>,
    /// Why a billed cost is exactly zero.
    #[schema(value_type = Option<ZeroReasonSchema>)]
    zero_reason: Option<ZeroReason>,
    /// What the provider says it cost, in USD.
    #[schema(value_type = Option<UsdSchema>)]
    provider_reported_cost: Option<Usd>,
    /// The month it belongs to, `YYYY-MM` in the accounting zone.
    accounting_period: String,
    /// Who adjusted and why; null for a usage row.
    adjustment: Option<ReceiptAdjustment>,
    /// When the database took it.
    #[schema(value_type = TimestampSchema)]
    recorded_at: Timestamp,
    /// The journal it came through.
    #[schema(value_type = Uuid)]
    journal_id: JournalId,
    /// Its gap-free number there.
    journal_seq: u64,
}

/// How an attempt ended.
#[derive(Debug, Serialize, ToSchema)]
#[schema(examples(examples::outcome))]
struct ReceiptOutcome {
    /// What happened.
    #[schema(value_type = OutcomeSchema)]
    kind: OutcomeKind,
    /// The upstream's status, if it answered.
    http_status: Option<u16>,
    /// The end.
    #[schema(value_type = TimestampSchema)]
    ended_at: Timestamp,
    /// From dispatch to the first content, in microseconds.
    ttft_us: Option<u64>,
    /// The provider's response id.
    response_id: Option<String>,
    /// Why generation stopped, as the provider says it.
    finish_reason: Option<String>,
    /// The model the response says it came from.
    #[schema(value_type = Option<String>)]
    model_served: Option<ModelName>,
    /// The tier the response says it was served in, as written.
    tier_served: Option<String>,
}

/// Which rule priced an entry, and with what.
#[derive(Debug, Serialize, ToSchema)]
#[schema(examples(examples::pricing))]
pub(in crate::billing) struct ReceiptPricing {
    /// Where the price came from.
    #[schema(value_type = PriceSourceSchema)]
    price_source: PriceSource,
    /// The price book's version.
    #[schema(value_type = i64)]
    price_version: PriceVersion,
    /// The rule that won.
    #[schema(value_type = PriceRuleSchema)]
    rule: PriceRule,
    /// The catalog or override name that matched.
    #[schema(value_type = String)]
    priced_as: ModelName,
    /// Which of the request's names led there.
    #[schema(value_type = NameRoleSchema)]
    name_role: NameRole,
    /// In which form.
    #[schema(value_type = NameFormSchema)]
    name_form: NameForm,
    /// The rate card, by content hash; null for a provider-reported cost.
    #[schema(value_type = Option<String>)]
    card_id: Option<CardId>,
    /// The service tier the rates were taken from.
    tier: String,
    /// The context band, as the threshold it lies above.
    band_above_tokens: Option<u64>,
    /// The price window that was open when the request was dispatched, as the card writes it.
    window: Option<Box<str>>,
    /// The upstream's input multiplier as applied.
    #[schema(value_type = MultiplierSchema)]
    input_multiplier: Multiplier,
    /// The upstream's output multiplier as applied.
    #[schema(value_type = MultiplierSchema)]
    output_multiplier: Multiplier,
    /// The model pattern the multipliers were set for; null where they are the upstream's own.
    #[schema(value_type = Option<String>)]
    multiplier_pattern: Option<ModelName>,
}

/// The origin of an adjustment.
#[derive(Debug, Serialize, ToSchema)]
#[schema(examples(examples::adjustment))]
struct ReceiptAdjustment {
    /// The repair run it belongs to.
    run_id: Uuid,
    /// Who ran it.
    author: String,
    /// Why.
    note: Option<String>,
}

impl ReceiptEntry {
    /// `book` is the one it was priced with.
    pub(in crate::billing) fn of(recorded: RecordedEntry, book: Option<&PriceBook>) -> Self {
        let journaled = recorded.journaled;
        let entry = journaled.entry;
        let explanation = book.map(|book| explain_entry(&entry, book));
        Self {
            revision: entry.revision,
            kind: entry.kind,
            billing_status: entry.verdict.status(),
            reason: entry.verdict.reason(),
            candidates: explanation
                .map(|explanation| explanation.candidates.into_iter().map(Into::into).collect()),
            formula: formula::of_entry(&entry),
            lines: entry.lines.into_iter().map(ReceiptLine::of).collect(),
            detail: entry.detail,
            outcome: entry.outcome.into(),
            usage_source: entry.usage_source,
            usage: entry.usage,
            provider_usage: entry.provider_usage.as_deref().and_then(verbatim),
            flags: entry.flags,
            pricing: entry.pricing.map(Into::into),
            list_cost: entry.amounts.map(|amounts| amounts.list_cost),
            cost: entry.amounts.map(|amounts| amounts.cost),
            charge: entry.amounts.map(|amounts| amounts.charge),
            zero_reason: entry.zero_reason,
            provider_reported_cost: entry.provider_reported_cost,
            accounting_period: entry.accounting_period,
            adjustment: entry.adjustment.map(Into::into),
            recorded_at: recorded.recorded_at,
            journal_id: journaled.journal_id,
            journal_seq: journaled.journal_seq,
        }
    }
}

/// The provider's JSON as it stands; text that is none becomes a string.
fn verbatim(text: &str) -> Option<Box<RawValue>> {
    match RawValue::from_string(text.to_owned()) {
        Ok(json) => Some(json),
        Err(_) => serde_json::value::to_raw_value(text).ok(),
    }
}

impl From<AttemptOutcome> for ReceiptOutcome {
    fn from(outcome: AttemptOutcome) -> Self {
        Self {
            kind: outcome.kind,
            http_status: outcome.http_status,
            ended_at: outcome.ended_at,
            ttft_us: outcome.ttft_us,
            response_id: outcome.response_id,
            finish_reason: outcome.finish_reason,
            model_served: outcome.model_served,
            tier_served: outcome.tier_served,
        }
    }
}

impl From<Pricing> for ReceiptPricing {
    fn from(pricing: Pricing) -> Self {
        Self {
            price_source: pricing.source,
            price_version: pricing.version,
            rule: pricing.rule,
            priced_as: pricing.priced_as,
            name_role: pricing.name_role,
            name_form: pricing.name_form,
            card_id: pricing.card_id,
            tier: pricing.tier.to_string(),
            band_above_tokens: pricing.band_above_tokens,
            window: pricing.window,
            input_multiplier: pricing.input_multiplier,
            output_multiplier: pricing.output_multiplier,
            multiplier_pattern: pricing.multiplier_pattern,
        }
    }
}

impl From<tollgate_domain::AdjustmentRef> for ReceiptAdjustment {
    fn from(adjustment: tollgate_domain::AdjustmentRef) -> Self {
        Self {
            run_id: adjustment.run_id,
            author: adjustment.author,
            note: adjustment.note,
        }
    }
}
