//! An attempt, as the detail of a request shows it.

use std::collections::BTreeMap;

use serde::Serialize;
use tollgate_domain::ports::RecordedEntry;
use tollgate_domain::{
    EventId, LedgerEntry, ModelName, MoneyError, OutcomeKind, PriceSource, PriceVersion, ProviderName,
    Timestamp, UpstreamId, UsageSource, Usd,
};
use utoipa::ToSchema;

use super::json::LogTokens;
use crate::schema::{
    BillingStatusSchema, ChosenSchema, OutcomeSchema, PriceSourceSchema, ReasonSchema, TimestampSchema,
    UsageSourceSchema, UsdSchema,
};

/// One try at one upstream, as its ledger entries tell it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LogAttempt, examples(super::attempt::example))]
pub(super) struct LogAttempt {
    /// The attempt.
    #[schema(value_type = Uuid)]
    event_id: EventId,
    /// 1 for the first try.
    attempt: u16,
    /// Why this upstream: the first in the order of priority and weight that serves the model, or the next after one that
    /// failed before its first byte.
    #[schema(value_type = ChosenSchema)]
    chosen: &'static str,
    /// The upstream.
    #[schema(value_type = Uuid)]
    upstream_id: UpstreamId,
    /// Its name then.
    upstream_name: String,
    /// Its provider then.
    #[schema(value_type = String)]
    provider: ProviderName,
    /// The model sent to it.
    #[schema(value_type = Option<String>)]
    model_sent: Option<ModelName>,
    /// The model its response says it came from.
    #[schema(value_type = Option<String>)]
    model_served: Option<ModelName>,
    /// The service tier asked for, as written.
    tier_requested: Option<String>,
    /// The service tier the response says was served, as written.
    tier_served: Option<String>,
    /// How it ended.
    #[schema(value_type = OutcomeSchema)]
    outcome: OutcomeKind,
    /// The upstream's status, if it answered.
    http_status: Option<u16>,
    /// Dispatch.
    #[schema(value_type = TimestampSchema)]
    occurred_at: Timestamp,
    /// The end.
    #[schema(value_type = TimestampSchema)]
    ended_at: Timestamp,
    /// From dispatch to the first content, in microseconds.
    ttft_us: Option<u64>,
    /// From dispatch to the end, in microseconds.
    duration_us: u64,
    /// Why generation stopped, as the provider says it.
    finish_reason: Option<String>,
    /// The provider's response id.
    response_id: Option<String>,
    /// How the usage was learnt.
    #[schema(value_type = UsageSourceSchema)]
    usage_source: UsageSource,
    /// Token sums; null when the usage is not known.
    tokens: Option<LogTokens>,
    /// Every meter that counted something, by name; null when the usage is not known.
    usage: Option<BTreeMap<&'static str, u64>>,
    /// What was odd about the counters, by stable name.
    flags: Vec<String>,
    /// Its latest revision's.
    #[schema(value_type = BillingStatusSchema)]
    billing_status: &'static str,
    /// Why it is unbilled or free.
    #[schema(value_type = Option<ReasonSchema>)]
    reason: Option<&'static str>,
    /// What the reason does not say.
    detail: Option<String>,
    /// Over its revisions, at card rates; null when nothing is known.
    #[schema(value_type = Option<UsdSchema>)]
    list_cost: Option<Usd>,
    /// Over its revisions, what the upstream charges us; null when nothing is known.
    #[schema(value_type = Option<UsdSchema>)]
    cost: Option<Usd>,
    /// Over its revisions, what the key's owner pays; null when nothing is known.
    #[schema(value_type = Option<UsdSchema>)]
    charge: Option<Usd>,
    /// Where its price came from.
    #[schema(value_type = Option<PriceSourceSchema>)]
    price_source: Option<PriceSource>,
    /// The price version it was dispatched with.
    #[schema(value_type = i64)]
    price_version: PriceVersion,
    /// How many ledger entries it has: one, and one more for each adjustment.
    revisions: usize,
}

pub(super) fn example() -> serde_json::Value {
    serde_json::json!({
        "event_id": "0198f0a0-0000-7000-8000-000000000004",
        "attempt": 1,
        "chosen": "first_choice",
        "upstream_id": "0198f0a0-0000-7000-8000-000000000001",
        "upstream_name": "openai-main",
        "provider": "openai",
        "model_sent": "gpt-5-mini",
        "model_served": "gpt-5-mini-2026-01-01",
        "tier_requested": null,
        "tier_served": "default",
        "outcome": "completed",
        "http_status": 200,
        "occurred_at": "2026-11-05T08:00:00.002Z",
        "ended_at": "2026-11-05T08:00:01.5Z",
        "ttft_us": 348_000,
        "duration_us": 1_498_000,
        "finish_reason": "stop",
        "response_id": "chatcmpl-1",
        "usage_source": "reported",
        "tokens": {"input": 1_000, "cache_read": 0, "cache_write": 0, "output": 1_000, "reasoning": 0},
        "usage": {"input": 1_000, "output": 1_000},
        "flags": [],
        "billing_status": "billed",
        "reason": null,
        "detail": null,
        "list_cost": "0.00225",
        "cost": "0.0019125",
        "charge": "0.0019125",
        "price_source": "litellm",
        "price_version": 12,
        "revisions": 1,
    })
}

/// The attempts of a request's entries, in the order they were tried.
pub(super) fn attempts(entries: Vec<RecordedEntry>) -> Result<Vec<LogAttempt>, MoneyError> {
    let mut attempts: BTreeMap<(u16, EventId), Vec<LedgerEntry>> = BTreeMap::new();
    for entry in entries {
        let entry = entry.journaled.entry;
        let place = (entry.attempt.attempt, entry.attempt.event_id);
        attempts.entry(place).or_default().push(entry);
    }
    let attempts = attempts.into_values().map(LogAttempt::of);
    attempts.filter_map(Result::transpose).collect()
}

impl LogAttempt {
    /// Nothing without entries.
    fn of(mut entries: Vec<LedgerEntry>) -> Result<Option<Self>, MoneyError> {
        entries.sort_by_key(|entry| entry.revision);
        let amounts = entries.iter().filter_map(|entry| entry.amounts);
        let sum = |of: fn(tollgate_domain::Amounts) -> Usd| {
            let known = amounts.clone().next().is_some();
            known
                .then(|| Usd::checked_sum(amounts.clone().map(of)))
                .transpose()
        };
        let (list_cost, cost) = (sum(|amounts| amounts.list_cost)?, sum(|amounts| amounts.cost)?);
        let charge = sum(|amounts| amounts.charge)?;
        let revisions = entries.len();
        let Some(latest) = entries.pop() else {
            return Ok(None);
        };
        let (context, outcome) = (&latest.attempt, &latest.outcome);
        let elapsed = (outcome.ended_at - context.occurred_at).num_microseconds();
        Ok(Some(Self {
            event_id: context.event_id,
            attempt: context.attempt,
            chosen: if context.attempt <= 1 {
                "first_choice"
            } else {
                "failover"
            },
            upstream_id: context.upstream.id,
            upstream_name: context.upstream.name.to_string(),
            provider: context.upstream.provider.clone(),
            model_sent: context.model_sent.clone(),
            model_served: outcome.model_served.clone(),
            tier_requested: context.tier_requested.clone(),
            tier_served: outcome.tier_served.clone(),
            outcome: outcome.kind,
            http_status: outcome.http_status,
            occurred_at: context.occurred_at,
            ended_at: outcome.ended_at,
            ttft_us: outcome.ttft_us,
            duration_us: elapsed.and_then(|micros| u64::try_from(micros).ok()).unwrap_or(0),
            finish_reason: outcome.finish_reason.clone(),
            response_id: outcome.response_id.clone(),
            usage_source: latest.usage_source,
            tokens: latest.token_totals().map(Into::into),
            usage: latest.usage.as_ref().map(|usage| {
                usage
                    .iter()
                    .map(|(meter, count)| (meter.as_str(), count.get()))
                    .collect()
            }),
            flags: latest.flags.clone(),
            billing_status: latest.verdict.status().as_str(),
            reason: latest.verdict.reason(),
            detail: latest.detail.clone(),
            list_cost,
            cost,
            charge,
            price_source: latest.pricing.as_ref().map(|pricing| pricing.source),
            price_version: context.price_version,
            revisions,
        }))
    }
}
