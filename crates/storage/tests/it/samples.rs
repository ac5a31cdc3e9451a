//! Values to store.

use std::sync::Arc;

use tollgate_domain::{
    Actor, ActorOrigin, AdjustmentRef, AdminRole, AdminTokenId, Amounts, ApiKey, AttemptContext,
    AttemptOutcome, BillBy, CallerRef, CardRate, ChargeLine, EndpointBilling, EntryKind, EventId, Fallback,
    JournalId, JournaledEntry, KeyId, KeyRef, LedgerEntry, MediaFormat, Meter, ModelMultipliers, ModelName,
    ModelRule, Multiplier, NameForm, NameRole, OnUnpriced, OutcomeKind, PriceRule, PriceSource, PriceVersion,
    Pricing, Protocol, ProviderName, RateCard, ReportedCostPolicy, RequestFacts, RequestId, RequestLog,
    RoutingCandidate, RoutingDecision, RoutingResult, ServiceTier, Timestamp, TokenHash, Upstream,
    UpstreamId, UpstreamRef, Usage, UsageSource, Usd, Verdict,
};
use uuid::Uuid;

/// Somebody with an admin token of that name.
pub(crate) fn actor(name: &str) -> Actor {
    Actor {
        token_id: Some(AdminTokenId::new(id(700_001))),
        name: name.into(),
        role: AdminRole::Admin,
        origin: ActorOrigin::Bearer,
        address: Some("192.0.2.7".parse().unwrap()),
    }
}

/// A Sunday noon, UTC.
pub(crate) fn noon() -> Timestamp {
    at("2026-11-15T12:00:00Z")
}

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// The n-th `UUIDv7` of [`noon`].
pub(crate) fn id(n: u32) -> Uuid {
    id_at(noon(), n)
}

/// The n-th `UUIDv7` of an instant.
pub(crate) fn id_at(at: Timestamp, n: u32) -> Uuid {
    let millis = u128::from(at.timestamp_millis().unsigned_abs());
    Uuid::from_u128((millis << 80) | (7 << 76) | (2 << 62) | u128::from(n))
}

pub(crate) fn journal() -> JournalId {
    JournalId::new(id(900_001))
}

pub(crate) fn usd(text: &str) -> Usd {
    text.parse().unwrap()
}

pub(crate) fn amounts(text: &str) -> Amounts {
    Amounts {
        list_cost: usd(text),
        cost: usd(text),
        charge: usd(text),
    }
}

pub(crate) fn key_ref() -> Arc<KeyRef> {
    Arc::new(KeyRef {
        id: KeyId::new(id(800_001)),
        name: "batch jobs".into(),
        owner: Some("ada".into()),
        team: Some("search".into()),
        tags: vec!["prod".to_owned(), "a,b".to_owned()].into(),
    })
}

pub(crate) fn upstream_ref() -> Arc<UpstreamRef> {
    Arc::new(UpstreamRef {
        id: UpstreamId::new(id(700_001)),
        name: "openai main".into(),
        provider: ProviderName::new("openai"),
        account_label: Some("org-1".into()),
        credential_fingerprint: Some("0011223344556677".into()),
        bill_by: BillBy::Sent,
        reported_cost: ReportedCostPolicy::Fallback,
        price_modifiers: ["regional_processing_eu".to_owned()].into(),
    })
}

/// A billed attempt: the n-th event of the n-th request.
pub(crate) fn billed(n: u32, cost: &str) -> LedgerEntry {
    let usage = Usage::new().with(Meter::Input, 900).unwrap();
    let usage = usage
        .with(Meter::CacheRead, 100)
        .unwrap()
        .with(Meter::Output, 50)
        .unwrap();
    let caller = CallerRef {
        request_id: Some(format!("caller-{n}")),
        idempotency_key: Some("idem".to_owned()),
        sdk_retry_count: Some(u32::MAX),
        end_user: Some("user \"7\"".to_owned()),
        metadata: [("trace".to_owned(), "ä\n".to_owned())].into(),
    };
    LedgerEntry {
        attempt: Arc::new(AttemptContext {
            event_id: EventId::new(id(n)),
            request_id: RequestId::new(id(100_000 + n)),
            attempt: 1,
            occurred_at: noon(),
            key: key_ref(),
            upstream: upstream_ref(),
            protocol: Protocol::OpenaiChat,
            stream: true,
            model_requested: Some(ModelName::new("gpt-fast")),
            model_sent: Some(ModelName::new("gpt-5")),
            tier_requested: Some("auto".to_owned()),
            caller: Arc::new(caller),
            facts: RequestFacts {
                billing: EndpointBilling::NotMetered,
                format: Some(MediaFormat {
                    size: Some("1024x1024".into()),
                    quality: None,
                }),
                images: Some(2),
                characters: Some(9),
                seconds: Some(3),
                starts_container: true,
                deferred: None,
            },
            price_version: PriceVersion::new(7),
        }),
        revision: 0,
        kind: EntryKind::Usage,
        verdict: Verdict::Billed,
        detail: None,
        outcome: AttemptOutcome {
            ttft_us: Some(250_000),
            response_id: Some("chatcmpl-1".to_owned()),
            finish_reason: Some("stop".to_owned()),
            model_served: Some(ModelName::new("gpt-5-2026-01-01")),
            tier_served: Some("default".to_owned()),
            modifiers: vec!["fast".to_owned()],
            format: Some(MediaFormat {
                size: None,
                quality: Some("hd".into()),
            }),
            ..AttemptOutcome::bare(
                OutcomeKind::Completed,
                Some(200),
                at("2026-11-15T12:00:01.000001Z"),
            )
        },
        usage_source: UsageSource::Reported,
        usage: Some(usage),
        provider_usage: Some(r#"{"prompt_tokens":1000,"x":1.50}"#.to_owned()),
        flags: vec!["total_mismatch".to_owned()],
        pricing: Some(pricing()),
        lines: vec![line()],
        amounts: Some(amounts(cost)),
        zero_reason: None,
        provider_reported_cost: Some(usd("0.000000000001")),
        accounting_period: "2026-11".to_owned(),
        adjustment: None,
    }
}

/// An attempt of which nothing but its end is known.
pub(crate) fn unbilled(n: u32, reason: tollgate_domain::UnbilledReason) -> LedgerEntry {
    let whole = billed(n, "0");
    LedgerEntry {
        verdict: Verdict::Unbilled(reason),
        detail: Some(format!("detail {n}")),
        outcome: AttemptOutcome::bare(OutcomeKind::Cut, None, at("2026-11-15T12:00:03Z")),
        usage_source: UsageSource::None,
        usage: None,
        provider_usage: None,
        flags: Vec::new(),
        pricing: None,
        lines: Vec::new(),
        amounts: None,
        provider_reported_cost: None,
        ..whole
    }
}

/// The next revision of an entry: billed, with these deltas.
pub(crate) fn adjustment(of: &LedgerEntry, delta: &str) -> LedgerEntry {
    LedgerEntry {
        revision: of.revision + 1,
        kind: EntryKind::Adjustment,
        verdict: Verdict::Billed,
        detail: None,
        pricing: Some(pricing()),
        lines: vec![line()],
        amounts: Some(amounts(delta)),
        adjustment: Some(AdjustmentRef {
            run_id: id(600_001),
            author: "ada".to_owned(),
            note: Some("price added".to_owned()),
        }),
        ..of.clone()
    }
}

/// Entries in one journal, numbered from `first`.
pub(crate) fn journaled(first: u64, entries: Vec<LedgerEntry>) -> Vec<JournaledEntry> {
    let numbered = (first..).zip(entries);
    numbered
        .map(|(journal_seq, entry)| JournaledEntry {
            journal_id: journal(),
            journal_seq,
            entry,
        })
        .collect()
}

/// The same attempt with changes.
pub(crate) fn with_attempt(mut entry: LedgerEntry, change: impl FnOnce(&mut AttemptContext)) -> LedgerEntry {
    change(Arc::make_mut(&mut entry.attempt));
    entry
}

/// One upstream that answered and one that is switched off.
pub(crate) fn routing() -> RoutingDecision {
    let candidate = |n, name: &str, result, http_status| RoutingCandidate {
        upstream_id: UpstreamId::new(id(n)),
        name: name.into(),
        priority: -3,
        weight: 7,
        result,
        http_status,
        error: None,
    };
    let mut routing = RoutingDecision::default();
    routing.add(candidate(700_002, "spare", RoutingResult::Disabled, None));
    routing.add(candidate(
        700_001,
        "openai main",
        RoutingResult::Answered,
        Some(200),
    ));
    routing
}

/// The finished request of [`billed`]'s n-th event.
pub(crate) fn request(n: u32) -> RequestLog {
    RequestLog {
        request_id: RequestId::new(id(100_000 + n)),
        occurred_at: at("2026-11-15T11:59:59.5Z"),
        ended_at: at("2026-11-15T12:00:02Z"),
        key: key_ref(),
        protocol: Protocol::OpenaiChat,
        path: "/v1/chat/completions".to_owned(),
        stream: true,
        model_requested: Some(ModelName::new("gpt-fast")),
        http_status: 200,
        error_origin: None,
        error: None,
        attempts: 1,
        upstream: Some((UpstreamId::new(id(700_001)), "openai main".into())),
        ttft_us: Some(750_000),
        duration_us: 2_500_000,
        caller: Arc::new(CallerRef {
            request_id: Some(format!("caller-{n}")),
            ..CallerRef::default()
        }),
        routing: routing(),
    }
}

pub(crate) fn upstream(n: u32, name: &str) -> Upstream {
    Upstream {
        id: UpstreamId::new(id(n)),
        name: name.to_owned(),
        provider: ProviderName::new("anthropic"),
        protocols: [Protocol::AnthropicMessages, Protocol::OpenaiChat].into(),
        base_url: "https://api.example.com".to_owned(),
        account_label: Some("org".to_owned()),
        credential_fingerprint: None,
        priority: -3,
        weight: 1_000,
        models: vec![ModelRule {
            model: ModelName::new("claude-*"),
            send_as: Some(ModelName::new("claude-x")),
        }],
        bill_by: BillBy::Sent,
        reported_cost: ReportedCostPolicy::Always,
        input_multiplier: multiplier("0.85"),
        output_multiplier: multiplier("1.000001"),
        allow_free: true,
        model_multipliers: vec![ModelMultipliers {
            pattern: ModelName::new("claude-*"),
            input: multiplier("0.5"),
            output: multiplier("0.25"),
            allow_free: false,
        }],
        price_modifiers: vec!["regional_endpoint".to_owned()],
        on_unpriced: Some(OnUnpriced::Refuse),
        estimate_missing_usage: Some(true),
        enabled: true,
        created_at: noon(),
        updated_at: noon(),
        revision: 0,
    }
}

pub(crate) fn api_key(n: u32, name: &str) -> ApiKey {
    ApiKey {
        id: KeyId::new(id(n)),
        name: name.to_owned(),
        token_hash: TokenHash::of(&format!("token {n}")),
        token_hint: "abcd".to_owned(),
        owner: Some("ada".to_owned()),
        team: None,
        tags: vec!["x".to_owned()],
        on_unpriced: Some(OnUnpriced::Serve),
        retiring: None,
        rotated_at: None,
        grants: tollgate_domain::KeyGrants::default(),
        enabled: true,
        expires_at: Some(at("2027-01-01T00:00:00Z")),
        created_at: noon(),
        updated_at: noon(),
        revision: 0,
    }
}

pub(crate) fn multiplier(text: &str) -> Multiplier {
    text.parse().unwrap()
}

pub(crate) fn card(usd_per_million: &str) -> Arc<RateCard> {
    let rate = CardRate {
        meter: Meter::Input,
        tier: ServiceTier::Flex,
        above_tokens: Some(200_000),
        size: Some("1K".into()),
        usd_per_million: usd_per_million.parse().unwrap(),
    };
    Arc::new(RateCard::try_new(vec![rate], [("fast".to_owned(), multiplier("6"))].into()).unwrap())
}

fn pricing() -> Pricing {
    Pricing {
        source: PriceSource::Litellm,
        version: PriceVersion::new(7),
        rule: PriceRule::SyncedCard,
        priced_as: ModelName::new("openai/gpt-5"),
        name_role: NameRole::Served,
        name_form: NameForm::Prefixed,
        card_id: Some(card("1").id()),
        tier: ServiceTier::Other("turbo".into()),
        band_above_tokens: Some(200_000),
        window: Some("04:00-06:00 UTC".into()),
        input_multiplier: multiplier("0.5"),
        output_multiplier: multiplier("1.25"),
        multiplier_pattern: Some(ModelName::new("gpt-*")),
    }
}

fn line() -> ChargeLine {
    ChargeLine {
        meter: Meter::Input,
        count: 900,
        billed_count: Some(900 * 1_024),
        size: Some("1K".into()),
        usd_per_million: "2.5".parse().unwrap(),
        multiplier: multiplier("0.5"),
        modifiers: vec![("fast".to_owned(), multiplier("6"))],
        list_cost: usd("0.00225"),
        cost: usd("0.001125"),
        fallbacks: vec![Fallback::StandardTier],
    }
}
