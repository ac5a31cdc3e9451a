//! Row to entry.

use std::sync::Arc;

use tollgate_domain::ports::RecordedEntry;
use tollgate_domain::{
    AdjustmentRef, Amounts, AttemptContext, AttemptOutcome, CallerRef, EntryKind, EventId, JournalId,
    JournaledEntry, KeyId, KeyRef, LedgerEntry, OutcomeKind, PriceVersion, Protocol, ProviderName, RequestId,
    UpstreamId, UpstreamRef, UsageSource, Verdict, ZeroReason,
};

use super::super::stored::{from_json, model, named, number, optional_number};
use super::itemisation::{self, Itemisation};
use super::{LedgerEntryRow, StoredConflictRow};
use crate::error::Corrupt;
use crate::value::Money;

const KINDS: [EntryKind; 2] = [EntryKind::Usage, EntryKind::Adjustment];
const ZERO_REASONS: [ZeroReason; 3] = [
    ZeroReason::FreeModel,
    ZeroReason::FreeMultiplier,
    ZeroReason::BelowResolution,
];

impl StoredConflictRow {
    /// The entry that came later.
    pub(crate) fn into_recorded(self) -> Result<RecordedEntry, Corrupt> {
        Ok(RecordedEntry {
            journaled: JournaledEntry {
                journal_id: JournalId::new(self.journal_id.0),
                journal_seq: number("journal sequence", self.journal_seq)?,
                entry: from_json("ledger entry", &self.body)?,
            },
            recorded_at: self.recorded_at.0,
        })
    }
}

impl LedgerEntryRow {
    /// The entry as it was written.
    pub(crate) fn into_recorded(mut self) -> Result<RecordedEntry, Corrupt> {
        let itemisation = itemisation::read(&self.lines)?;
        let recorded_at = self.recorded_at.0;
        let journal_id = JournalId::new(self.journal_id.0);
        let journal_seq = number("journal sequence", self.journal_seq)?;
        let (attempt, outcome) = (self.take_attempt(&itemisation)?, self.take_outcome(&itemisation)?);
        let zero_reason = self.zero_reason.as_deref();
        let entry = LedgerEntry {
            attempt: Arc::new(attempt),
            revision: number("entry revision", self.revision)?,
            kind: named("entry kind", &self.kind, &KINDS, EntryKind::as_str)?,
            verdict: Verdict::from_parts(&self.status, self.reason.as_deref())
                .map_err(Corrupt::of("billing status"))?,
            outcome,
            usage_source: named(
                "usage source",
                &self.usage_source,
                &UsageSource::ALL,
                UsageSource::as_str,
            )?,
            amounts: self.amounts()?,
            zero_reason: zero_reason
                .map(|reason| named("zero reason", reason, &ZERO_REASONS, ZeroReason::as_str))
                .transpose()?,
            provider_reported_cost: self.provider_reported_cost.map(|cost| cost.0),
            adjustment: self.take_adjustment()?,
            detail: self.detail,
            accounting_period: self.accounting_period,
            usage: itemisation.usage,
            provider_usage: itemisation.provider_usage,
            flags: itemisation.flags,
            pricing: itemisation.pricing,
            lines: itemisation.lines,
        };
        Ok(RecordedEntry {
            journaled: JournaledEntry {
                journal_id,
                journal_seq,
                entry,
            },
            recorded_at,
        })
    }

    fn take_attempt(&mut self, itemisation: &Itemisation) -> Result<AttemptContext, Corrupt> {
        let shared = |text: &mut Option<String>| text.take().map(Into::into);
        let tags: Vec<String> = from_json("key tags", &self.key_tags)?;
        let key = KeyRef {
            id: KeyId::new(self.key_id.0),
            name: self.key_name.as_str().into(),
            owner: shared(&mut self.key_owner),
            team: shared(&mut self.key_team),
            tags: tags.into(),
        };
        let upstream = UpstreamRef {
            id: UpstreamId::new(self.upstream_id.0),
            name: self.upstream_name.as_str().into(),
            provider: ProviderName::new(self.provider.as_str()),
            account_label: shared(&mut self.account_label),
            credential_fingerprint: shared(&mut self.credential_fingerprint),
            bill_by: itemisation.bill_by,
            reported_cost: itemisation.reported_cost,
            price_modifiers: Arc::clone(&itemisation.price_modifiers),
        };
        let caller = CallerRef {
            request_id: self.caller_request_id.take(),
            idempotency_key: self.idempotency_key.take(),
            sdk_retry_count: optional_number("SDK retry count", self.sdk_retry_count)?,
            end_user: self.end_user.take(),
            metadata: from_json("request metadata", &self.metadata)?,
        };
        Ok(AttemptContext {
            event_id: EventId::new(self.event_id.0),
            request_id: RequestId::new(self.request_id.0),
            attempt: number("attempt number", self.attempt)?,
            occurred_at: self.occurred_at.0,
            key: Arc::new(key),
            upstream: Arc::new(upstream),
            protocol: self
                .protocol
                .parse::<Protocol>()
                .map_err(Corrupt::of("protocol"))?,
            stream: self.stream,
            model_requested: model(self.model_requested.take()),
            model_sent: model(self.model_sent.take()),
            tier_requested: self.tier_requested.take(),
            caller: Arc::new(caller),
            facts: itemisation.facts.clone(),
            price_version: PriceVersion::new(self.price_version),
        })
    }

    fn take_outcome(&mut self, itemisation: &Itemisation) -> Result<AttemptOutcome, Corrupt> {
        Ok(AttemptOutcome {
            kind: named("outcome", &self.outcome, &OutcomeKind::ALL, OutcomeKind::as_str)?,
            http_status: optional_number("upstream status", self.http_status)?,
            ended_at: self.ended_at.0,
            ttft_us: optional_number("time to first token", self.ttft_us)?,
            response_id: self.response_id.take(),
            finish_reason: itemisation.finish_reason.clone(),
            model_served: model(self.model_served.take()),
            tier_served: self.tier_served.take(),
            modifiers: itemisation.modifiers.clone(),
            format: itemisation.format.clone(),
        })
    }

    fn amounts(&self) -> Result<Option<Amounts>, Corrupt> {
        match (self.list_cost, self.cost, self.charge) {
            (None, None, None) => Ok(None),
            (Some(Money(list_cost)), Some(Money(cost)), Some(Money(charge))) => Ok(Some(Amounts {
                list_cost,
                cost,
                charge,
            })),
            _ => Err(Corrupt::new("amounts", "some of the three are missing")),
        }
    }

    fn take_adjustment(&mut self) -> Result<Option<AdjustmentRef>, Corrupt> {
        match (self.run_id, self.author.take()) {
            (None, None) => Ok(None),
            (Some(run_id), Some(author)) => {
                let note = self.note.take();
                Ok(Some(AdjustmentRef {
                    run_id: run_id.0,
                    author,
                    note,
                }))
            }
            _ => Err(Corrupt::new("adjustment", "it lacks its run or its author")),
        }
    }
}
