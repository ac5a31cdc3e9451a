//! Entry to row.

use tollgate_domain::{JournaledEntry, LedgerBatch, Timestamp};

use super::super::stored::{model_text, number, text, to_json};
use super::{BatchRow, ConflictRow, LedgerEntryRow, itemisation};
use crate::error::Corrupt;
use crate::value::{At, Digest32, Factor, Id, Money};

impl LedgerEntryRow {
    /// The row of an entry.
    pub(crate) fn new(journaled: &JournaledEntry, recorded_at: Timestamp) -> Result<Self, Corrupt> {
        let entry = &journaled.entry;
        let (attempt, outcome) = (&entry.attempt, &entry.outcome);
        let (key, upstream, caller) = (&attempt.key, &attempt.upstream, &attempt.caller);
        let (pricing, adjustment) = (entry.pricing.as_ref(), entry.adjustment.as_ref());
        let (tokens, amounts) = (entry.token_totals(), entry.amounts);
        Ok(Self {
            event_id: Id(attempt.event_id.uuid()),
            revision: number("entry revision", entry.revision)?,
            request_id: Id(attempt.request_id.uuid()),
            attempt: i32::from(attempt.attempt),
            kind: entry.kind.as_str().to_owned(),
            status: entry.verdict.status().as_str().to_owned(),
            reason: entry.verdict.reason().map(str::to_owned),
            detail: entry.detail.clone(),
            usage_source: entry.usage_source.as_str().to_owned(),
            outcome: outcome.kind.as_str().to_owned(),
            http_status: outcome.http_status.map(i32::from),
            key_id: Id(key.id.uuid()),
            key_name: key.name.to_string(),
            key_owner: text(key.owner.as_ref()),
            key_team: text(key.team.as_ref()),
            key_tags: to_json("key tags", &*key.tags)?,
            upstream_id: Id(upstream.id.uuid()),
            upstream_name: upstream.name.to_string(),
            provider: upstream.provider.as_str().to_owned(),
            account_label: text(upstream.account_label.as_ref()),
            credential_fingerprint: text(upstream.credential_fingerprint.as_ref()),
            protocol: attempt.protocol.as_str().to_owned(),
            stream: attempt.stream,
            model_requested: model_text(attempt.model_requested.as_ref()),
            model_sent: model_text(attempt.model_sent.as_ref()),
            model_served: model_text(outcome.model_served.as_ref()),
            priced_as: model_text(pricing.map(|pricing| &pricing.priced_as)),
            tier_requested: attempt.tier_requested.clone(),
            tier_served: outcome.tier_served.clone(),
            price_source: pricing.map(|pricing| pricing.source.as_str().to_owned()),
            price_version: attempt.price_version.get(),
            band_above_tokens: pricing.and_then(|pricing| pricing.band_above_tokens).map(clamped),
            input_multiplier: pricing.map(|pricing| Factor(pricing.input_multiplier)),
            output_multiplier: pricing.map(|pricing| Factor(pricing.output_multiplier)),
            input_tokens: tokens.map(|tokens| clamped(tokens.input)),
            cache_read_tokens: tokens.map(|tokens| clamped(tokens.cache_read)),
            cache_write_tokens: tokens.map(|tokens| clamped(tokens.cache_write)),
            output_tokens: tokens.map(|tokens| clamped(tokens.output)),
            reasoning_tokens: tokens.map(|tokens| clamped(tokens.reasoning)),
            list_cost: amounts.map(|amounts| Money(amounts.list_cost)),
            cost: amounts.map(|amounts| Money(amounts.cost)),
            charge: amounts.map(|amounts| Money(amounts.charge)),
            zero_reason: entry.zero_reason.map(|reason| reason.as_str().to_owned()),
            provider_reported_cost: entry.provider_reported_cost.map(Money),
            currency: "USD".to_owned(),
            response_id: outcome.response_id.clone(),
            end_user: caller.end_user.clone(),
            caller_request_id: caller.request_id.clone(),
            idempotency_key: caller.idempotency_key.clone(),
            sdk_retry_count: caller.sdk_retry_count.map(i64::from),
            metadata: to_json("request metadata", &caller.metadata)?,
            ttft_us: outcome.ttft_us.map(clamped),
            occurred_at: At(attempt.occurred_at),
            ended_at: At(outcome.ended_at),
            recorded_at: At(recorded_at),
            accounting_period: entry.accounting_period.clone(),
            run_id: adjustment.map(|adjustment| Id(adjustment.run_id)),
            author: adjustment.map(|adjustment| adjustment.author.clone()),
            note: adjustment.and_then(|adjustment| adjustment.note.clone()),
            journal_id: Id(journaled.journal_id.uuid()),
            journal_seq: number("journal sequence", journaled.journal_seq)?,
            content_hash: Digest32(entry.content_hash()),
            lines: itemisation::write(entry)?,
        })
    }
}

impl ConflictRow {
    /// The row of an entry that met another one, whose hash is `stored`.
    pub(crate) fn new(
        incoming: &JournaledEntry,
        stored: Digest32,
        recorded_at: Timestamp,
    ) -> Result<Self, Corrupt> {
        Ok(Self {
            event_id: Id(incoming.entry.attempt.event_id.uuid()),
            revision: number("entry revision", incoming.entry.revision)?,
            content_hash: Digest32(incoming.entry.content_hash()),
            stored_hash: stored,
            journal_id: Id(incoming.journal_id.uuid()),
            journal_seq: number("journal sequence", incoming.journal_seq)?,
            body: to_json("ledger entry", &incoming.entry)?,
            recorded_at: At(recorded_at),
        })
    }
}

impl BatchRow {
    /// The row of a batch at a place in its journal's chain.
    pub(crate) fn new(batch: &LedgerBatch, ordinal: i64) -> Result<Self, Corrupt> {
        Ok(Self {
            journal_id: Id(batch.journal_id.uuid()),
            ordinal,
            first_seq: number("journal sequence", batch.first_seq)?,
            last_seq: number("journal sequence", batch.last_seq)?,
            entry_count: number("batch size", batch.entry_count)?,
            cost: Money(batch.cost),
            previous: Digest32(batch.previous),
            digest: Digest32(batch.digest),
            recorded_at: At(batch.recorded_at),
        })
    }
}

/// Counts are bounded far below; a latency past 292,000 years is not worth refusing an entry for.
fn clamped(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
