//! The part of ledger entries that sums are made of.

use diesel::prelude::*;
use tollgate_domain::{
    Amounts, EventId, KeyId, Posting, PriceSource, TokenTotals, UpstreamId, UsageSource, Verdict, ZeroReason,
};

use super::stored::{named, number};
use crate::error::Corrupt;
use crate::schema::ledger_entries;
use crate::value::{At, Id, Money};

const ZERO_REASONS: [ZeroReason; 3] = [
    ZeroReason::FreeModel,
    ZeroReason::FreeMultiplier,
    ZeroReason::BelowResolution,
];
const SOURCES: [PriceSource; 3] = [
    PriceSource::Override,
    PriceSource::Litellm,
    PriceSource::ProviderReported,
];

/// Some columns of `ledger_entries`.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = ledger_entries)]
pub(crate) struct PostingRow {
    pub(crate) event_id: Id,
    pub(crate) revision: i32,
    pub(crate) recorded_at: At,
    pub(crate) journal_id: Id,
    attempt: i32,
    pub(crate) occurred_at: At,
    key_id: Id,
    key_team: Option<String>,
    upstream_id: Id,
    upstream_name: String,
    provider: String,
    model_requested: Option<String>,
    model_sent: Option<String>,
    model_served: Option<String>,
    status: String,
    reason: Option<String>,
    usage_source: String,
    input_tokens: Option<i64>,
    cache_read_tokens: Option<i64>,
    cache_write_tokens: Option<i64>,
    output_tokens: Option<i64>,
    reasoning_tokens: Option<i64>,
    list_cost: Option<Money>,
    cost: Option<Money>,
    charge: Option<Money>,
    zero_reason: Option<String>,
    price_source: Option<String>,
    provider_reported_cost: Option<Money>,
}

impl TryFrom<PostingRow> for Posting {
    type Error = Corrupt;

    fn try_from(row: PostingRow) -> Result<Self, Corrupt> {
        let tokens = |count: Option<i64>| number("tokens", count.unwrap_or(0));
        let usage = match row.input_tokens {
            None => None,
            Some(_) => Some(TokenTotals {
                input: tokens(row.input_tokens)?,
                cache_read: tokens(row.cache_read_tokens)?,
                cache_write: tokens(row.cache_write_tokens)?,
                output: tokens(row.output_tokens)?,
                reasoning: tokens(row.reasoning_tokens)?,
            }),
        };
        let amounts = match (row.list_cost, row.cost, row.charge) {
            (Some(Money(list_cost)), Some(Money(cost)), Some(Money(charge))) => Some(Amounts {
                list_cost,
                cost,
                charge,
            }),
            _ => None,
        };
        let zero = row.zero_reason.as_deref();
        let source = row.price_source.as_deref();
        Ok(Self {
            event_id: EventId::new(row.event_id.0),
            attempt: number("attempt number", row.attempt)?,
            revision: number("entry revision", row.revision)?,
            occurred_at: row.occurred_at.0,
            key_id: KeyId::new(row.key_id.0),
            team: row.key_team.unwrap_or_default(),
            upstream_id: UpstreamId::new(row.upstream_id.0),
            upstream_name: row.upstream_name,
            provider: row.provider,
            model_requested: row.model_requested,
            model_sent: row.model_sent,
            model_served: row.model_served,
            verdict: Verdict::from_parts(&row.status, row.reason.as_deref())
                .map_err(Corrupt::of("billing status"))?,
            usage_source: named(
                "usage source",
                &row.usage_source,
                &UsageSource::ALL,
                UsageSource::as_str,
            )?,
            tokens: usage,
            amounts,
            zero_reason: zero
                .map(|name| named("zero reason", name, &ZERO_REASONS, ZeroReason::as_str))
                .transpose()?,
            price_source: source
                .map(|name| named("price source", name, &SOURCES, PriceSource::as_str))
                .transpose()?,
            provider_reported_cost: row.provider_reported_cost.map(|cost| cost.0),
        })
    }
}
