//! Things to put on the shelves.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};
use tollgate_domain::ports::{LogRow, RecordedEntry};
use tollgate_domain::{
    Amounts, AttemptContext, AttemptOutcome, BillBy, CallerRef, ChargeLine, EntryKind, EventId, JournalId,
    JournaledEntry, KeyId, KeyRef, LedgerEntry, Meter, ModelName, NameForm, NameRole, OutcomeKind, PriceRule,
    PriceSource, PriceVersion, Pricing, Protocol, ProviderName, ReportedCostPolicy, RequestFacts, RequestId,
    RequestStatus, ServiceTier, TokenTotals, UpstreamId, UpstreamRef, Usage, UsageSource, Verdict,
};
use uuid::Uuid;

use crate::test_api::now;

/// The least that makes an upstream.
pub(crate) fn new_upstream(name: &str) -> Value {
    json!({
        "name": name,
        "provider": "openai",
        "protocols": ["openai_chat"],
        "base_url": "https://api.openai.com",
    })
}

pub(crate) fn request_id(number: u128) -> RequestId {
    RequestId::new(Uuid::from_u128(0xA000 + number))
}

/// A billed request, `number` seconds before now.
pub(crate) fn log_row(number: u32) -> LogRow {
    let occurred_at = now() - chrono::TimeDelta::seconds(i64::from(number));
    LogRow {
        request_id: request_id(u128::from(number)),
        occurred_at,
        ended_at: Some(occurred_at + chrono::TimeDelta::milliseconds(1500)),
        key_id: KeyId::new(Uuid::from_u128(2)),
        key_name: "search-backend".to_owned(),
        owner: Some("ada@example.com".to_owned()),
        team: None,
        upstream_id: Some(UpstreamId::new(Uuid::from_u128(3))),
        upstream_name: Some("openai-main".to_owned()),
        protocol: Protocol::OpenaiChat,
        path: Some("/v1/chat/completions".to_owned()),
        stream: true,
        model_requested: Some("gpt-5-mini".to_owned()),
        http_status: Some(200),
        error_origin: None,
        error: None,
        attempts: 1,
        ttft_us: Some(350_000),
        duration_us: Some(1_500_000),
        model_served: Some("gpt-5-mini-2026-01-01".to_owned()),
        finish_reason: Some("stop".to_owned()),
        tokens: Some(TokenTotals {
            input: 1_000,
            cache_read: 200,
            cache_write: 0,
            output: 1_000,
            reasoning: 64,
        }),
        changed_at: Some(occurred_at + chrono::TimeDelta::milliseconds(1600)),
        caller_request_id: None,
        status: RequestStatus::Billed,
        reason: None,
        detail: None,
        list_cost: Some("0.00225".parse().unwrap()),
        cost: Some("0.0019125".parse().unwrap()),
        charge: Some("0.0019125".parse().unwrap()),
    }
}

fn key_ref() -> KeyRef {
    KeyRef {
        id: KeyId::new(Uuid::from_u128(2)),
        name: "search-backend".into(),
        owner: Some("ada@example.com".into()),
        team: None,
        tags: Arc::new(["eu".to_owned()]),
    }
}

/// Attempt `attempt` of request 1, billed.
pub(crate) fn billed_entry(attempt: u16) -> RecordedEntry {
    let context = AttemptContext {
        event_id: EventId::new(Uuid::from_u128(0xE000 + u128::from(attempt))),
        request_id: request_id(1),
        attempt,
        occurred_at: now(),
        key: Arc::new(key_ref()),
        upstream: Arc::new(UpstreamRef {
            id: UpstreamId::new(Uuid::from_u128(3)),
            name: "openai-main".into(),
            provider: ProviderName::new("openai"),
            account_label: Some("org-acme".into()),
            credential_fingerprint: Some("3f2a9c0d1e4b5a67".into()),
            bill_by: BillBy::Served,
            reported_cost: ReportedCostPolicy::Never,
            price_modifiers: Arc::default(),
        }),
        protocol: Protocol::OpenaiChat,
        stream: true,
        model_requested: Some(ModelName::new("gpt-5-mini")),
        model_sent: Some(ModelName::new("gpt-5-mini")),
        tier_requested: None,
        caller: Arc::new(CallerRef {
            sdk_retry_count: Some(0),
            metadata: BTreeMap::from([("project".to_owned(), "x".to_owned())]),
            ..CallerRef::default()
        }),
        facts: RequestFacts::default(),
        price_version: PriceVersion::new(12),
    };
    let line = |meter: Meter, rate: &str, list_cost: &str, cost: &str| ChargeLine {
        meter,
        count: 1000,
        billed_count: None,
        size: None,
        usd_per_million: rate.parse().unwrap(),
        multiplier: "0.85".parse().unwrap(),
        modifiers: Vec::new(),
        list_cost: list_cost.parse().unwrap(),
        cost: cost.parse().unwrap(),
        fallbacks: Vec::new(),
    };
    let entry = LedgerEntry {
        attempt: Arc::new(context),
        revision: 0,
        kind: EntryKind::Usage,
        verdict: Verdict::Billed,
        detail: None,
        outcome: AttemptOutcome {
            ttft_us: Some(350_000),
            response_id: Some("chatcmpl-1".to_owned()),
            finish_reason: Some("stop".to_owned()),
            model_served: Some(ModelName::new("gpt-5-mini")),
            tier_served: Some("default".to_owned()),
            ..AttemptOutcome::bare(OutcomeKind::Completed, Some(200), now())
        },
        usage_source: UsageSource::Reported,
        usage: Some(
            Usage::new()
                .with(Meter::Input, 1000)
                .unwrap()
                .with(Meter::Output, 1000)
                .unwrap(),
        ),
        provider_usage: Some("{\"prompt_tokens\":1000,  \"completion_tokens\":1000}".to_owned()),
        flags: Vec::new(),
        pricing: Some(Pricing {
            source: PriceSource::Litellm,
            version: PriceVersion::new(12),
            rule: PriceRule::SyncedCard,
            priced_as: ModelName::new("gpt-5-mini"),
            name_role: NameRole::Served,
            name_form: NameForm::Plain,
            card_id: None,
            tier: ServiceTier::Standard,
            band_above_tokens: None,
            window: None,
            input_multiplier: "0.85".parse().unwrap(),
            output_multiplier: "0.85".parse().unwrap(),
            multiplier_pattern: None,
        }),
        lines: vec![
            line(Meter::Input, "0.25", "0.00025", "0.0002125"),
            line(Meter::Output, "2", "0.002", "0.0017"),
        ],
        amounts: Some(Amounts {
            list_cost: "0.00225".parse().unwrap(),
            cost: "0.0019125".parse().unwrap(),
            charge: "0.0019125".parse().unwrap(),
        }),
        zero_reason: None,
        provider_reported_cost: None,
        accounting_period: "2026-11".to_owned(),
        adjustment: None,
    };
    recorded(entry, u64::from(attempt))
}

pub(crate) fn recorded(entry: LedgerEntry, journal_seq: u64) -> RecordedEntry {
    RecordedEntry {
        journaled: JournaledEntry {
            journal_id: JournalId::new(Uuid::from_u128(4)),
            journal_seq,
            entry,
        },
        recorded_at: now(),
    }
}
