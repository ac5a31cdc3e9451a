//! A ledger as a busy installation has one, written as the gateway writes it.

use std::sync::Arc;

use chrono::TimeDelta;
use tollgate_domain::ports::{LedgerStore, LedgerWrite};
use tollgate_domain::{
    Amounts, AttemptContext, AttemptOutcome, BillBy, CallerRef, ChargeLine, EntryKind, EventId, JournalId,
    JournaledEntry, KeyId, KeyRef, LedgerEntry, Meter, ModelName, NameForm, NameRole, OutcomeKind, PriceRule,
    PriceSource, PriceVersion, Pricing, Protocol, ProviderName, ReportedCostPolicy, RequestFacts, RequestId,
    RequestLog, RoutingDecision, ServiceTier, Timestamp, UnbilledReason, UpstreamId, UpstreamRef, Usage,
    UsageSource, Usd, Verdict,
};
use uuid::Uuid;

use crate::Failure;
use crate::stage::Stage;

/// What is asked for; the last two have no price.
pub(crate) const MODELS: [&str; 18] = [
    "gpt-5",
    "gpt-5-mini",
    "gpt-5-nano",
    "gpt-4o",
    "gpt-4o-mini",
    "o3",
    "o4-mini",
    "claude-opus-4-5",
    "claude-sonnet-4-5",
    "claude-haiku-4-5",
    "gemini-2.5-pro",
    "gemini-2.5-flash",
    "deepseek-chat",
    "grok-4",
    "mistral-large",
    "llama-4-maverick",
    "text-embedding-3-small",
    "text-embedding-3-large",
];
const UNPRICED: [&str; 2] = ["acme-large", "gpt-5-unheard-of"];
const KEYS: u32 = 60;
const UPSTREAMS: u32 = 6;
const BATCH: u32 = 1_000;

struct Draw(u64);

impl Draw {
    fn below(&mut self, limit: u32) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        u32::try_from(self.0 % u64::from(limit)).unwrap_or(0)
    }
}

/// The names of the things that `endpoints` asks for.
pub(crate) fn key_id(number: u32) -> KeyId {
    KeyId::new(Uuid::from_u128(0x1000 + u128::from(number)))
}

/// The same for upstreams.
pub(crate) fn upstream_id(number: u32) -> UpstreamId {
    UpstreamId::new(Uuid::from_u128(0x2000 + u128::from(number)))
}

/// Writes requests spread over the days until now: a few keys have most of the traffic, every key uses three models.
pub(crate) async fn fill(
    stage: &Stage,
    requests: u32,
    days: u32,
    progress: &(dyn Fn(u32) -> Result<(), Failure> + Sync),
) -> Result<(), Failure> {
    let mut draw = Draw(0x9e37_79b9_7f4a_7c15);
    let begun = stage.now - TimeDelta::days(i64::from(days));
    let step = TimeDelta::days(i64::from(days)).num_microseconds().unwrap_or(0) / i64::from(requests.max(1));
    let mut seq = 0;
    for first in (0..requests).step_by(BATCH as usize) {
        let mut write = LedgerWrite::default();
        let mut recorded = begun;
        for number in first..(first + BATCH).min(requests) {
            let at = begun + TimeDelta::microseconds(step * i64::from(number));
            let (entry, log) = request(number, at, &mut draw);
            seq += 1;
            write.entries.push(JournaledEntry {
                journal_id: JournalId::new(Uuid::from_u128(4)),
                journal_seq: seq,
                entry,
            });
            write.logs.push(log);
            recorded = at + TimeDelta::seconds(2);
        }
        stage.store.commit(write, recorded).await?;
        if first % 50_000 == 0 {
            progress(first)?;
        }
    }
    Ok(())
}

fn id(at: Timestamp, number: u32, kind: u128) -> Uuid {
    let millis = u128::from(at.timestamp_millis().unsigned_abs());
    Uuid::from_u128((millis << 80) | (7 << 76) | (2 << 62) | (kind << 40) | u128::from(number))
}

fn request(number: u32, at: Timestamp, draw: &mut Draw) -> (LedgerEntry, RequestLog) {
    // The square of a draw: low numbers are frequent.
    let key = draw.below(KEYS) * draw.below(KEYS) / KEYS;
    let model = match draw.below(400) {
        0 => UNPRICED
            .get(usize::from(draw.below(2) == 0))
            .copied()
            .unwrap_or("unpriced"),
        _ => MODELS
            .get(((key * 7 + draw.below(3) * 5) % 18) as usize)
            .copied()
            .unwrap_or("gpt-5"),
    };
    let upstream = (key + draw.below(2)) % UPSTREAMS;
    let key = Arc::new(KeyRef {
        id: key_id(key),
        name: format!("key {key}").into(),
        owner: None,
        team: Some(format!("team {}", key % 8).into()),
        tags: Arc::default(),
    });
    let upstream_name: Arc<str> = format!("upstream {upstream}").into();
    let caller = Arc::new(CallerRef::default());
    let entry = entry(number, at, draw, model, (upstream, &upstream_name), &key, &caller);
    let log = RequestLog {
        request_id: entry.attempt.request_id,
        occurred_at: at,
        ended_at: entry.outcome.ended_at,
        key,
        protocol: Protocol::OpenaiChat,
        path: "/v1/chat/completions".to_owned(),
        stream: number.is_multiple_of(2),
        model_requested: Some(ModelName::new(model)),
        http_status: 200,
        error_origin: None,
        error: None,
        attempts: 1,
        upstream: Some((upstream_id(upstream), upstream_name)),
        ttft_us: entry.outcome.ttft_us,
        duration_us: 1_500_000,
        caller,
        routing: RoutingDecision::default(),
    };
    (entry, log)
}

fn entry(
    number: u32,
    at: Timestamp,
    draw: &mut Draw,
    model: &str,
    (upstream, upstream_name): (u32, &Arc<str>),
    key: &Arc<KeyRef>,
    caller: &Arc<CallerRef>,
) -> LedgerEntry {
    let sent = ModelName::new(model);
    let served = if draw.below(5) == 0 {
        ModelName::new(format!("{model}-2026-03-01"))
    } else {
        sent.clone()
    };
    let lost = draw.below(500) == 0;
    let unpriced = UNPRICED.contains(&model);
    let cost = Usd::from_pico(i128::from(draw.below(40_000_000)) * 1_000);
    let amounts = Amounts {
        list_cost: cost,
        cost,
        charge: cost,
    };
    let (input, output) = (u64::from(draw.below(8_000)), u64::from(draw.below(1_500)));
    let usage = Usage::new()
        .with(Meter::Input, input)
        .and_then(|usage| usage.with(Meter::Output, output));
    let verdict = match (lost, unpriced) {
        (true, _) => Verdict::Unbilled(UnbilledReason::Interrupted),
        (_, true) => Verdict::Unbilled(UnbilledReason::PriceNotFound),
        _ => Verdict::Billed,
    };
    let billed = verdict == Verdict::Billed;
    LedgerEntry {
        attempt: Arc::new(AttemptContext {
            event_id: EventId::new(id(at, number, 1)),
            request_id: RequestId::new(id(at, number, 2)),
            attempt: 1,
            occurred_at: at,
            key: Arc::clone(key),
            upstream: Arc::new(UpstreamRef {
                id: upstream_id(upstream),
                name: Arc::clone(upstream_name),
                provider: ProviderName::new(if upstream % 2 == 0 { "openai" } else { "anthropic" }),
                account_label: None,
                credential_fingerprint: None,
                bill_by: BillBy::Served,
                reported_cost: ReportedCostPolicy::Never,
                price_modifiers: Arc::default(),
            }),
            protocol: Protocol::OpenaiChat,
            stream: number.is_multiple_of(2),
            model_requested: Some(sent.clone()),
            model_sent: Some(sent.clone()),
            tier_requested: None,
            caller: Arc::clone(caller),
            facts: RequestFacts::default(),
            price_version: PriceVersion::new(1),
        }),
        revision: 0,
        kind: EntryKind::Usage,
        verdict,
        detail: None,
        outcome: AttemptOutcome {
            ttft_us: Some(u64::from(draw.below(900_000))),
            model_served: (!lost).then_some(served),
            ..AttemptOutcome::bare(
                OutcomeKind::Completed,
                Some(200),
                at + TimeDelta::milliseconds(1_500),
            )
        },
        usage_source: if lost {
            UsageSource::None
        } else {
            UsageSource::Reported
        },
        usage: usage.ok().filter(|_| !lost),
        provider_usage: Some(format!(
            "{{\"prompt_tokens\":{input},\"completion_tokens\":{output}}}"
        )),
        flags: Vec::new(),
        pricing: billed.then(|| pricing(&sent)),
        lines: if billed {
            vec![
                line(Meter::Input, input, cost),
                line(Meter::Output, output, Usd::ZERO),
            ]
        } else {
            Vec::new()
        },
        amounts: billed.then_some(amounts),
        zero_reason: None,
        provider_reported_cost: None,
        accounting_period: at.format("%Y-%m").to_string(),
        adjustment: None,
    }
}

fn pricing(model: &ModelName) -> Pricing {
    Pricing {
        source: PriceSource::Litellm,
        version: PriceVersion::new(1),
        rule: PriceRule::SyncedCard,
        priced_as: model.clone(),
        name_role: NameRole::Sent,
        name_form: NameForm::Plain,
        card_id: None,
        tier: ServiceTier::Standard,
        band_above_tokens: None,
        window: None,
        input_multiplier: tollgate_domain::Multiplier::ONE,
        output_multiplier: tollgate_domain::Multiplier::ONE,
        multiplier_pattern: None,
    }
}

fn line(meter: Meter, count: u64, cost: Usd) -> ChargeLine {
    ChargeLine {
        meter,
        count,
        billed_count: None,
        size: None,
        usd_per_million: tollgate_domain::UsdPerMillion::default(),
        multiplier: tollgate_domain::Multiplier::ONE,
        modifiers: Vec::new(),
        list_cost: cost,
        cost,
        fallbacks: Vec::new(),
    }
}
