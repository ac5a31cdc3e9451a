//! What an attempt is held to have cost.

use std::sync::Arc;

use billing_core::{CardBuilder, PriceBook, Reading};
use tollgate_domain::{
    AccountingZone, AttemptContext, EndpointBilling, LedgerEntry, Meter, ModelName, OutcomeKind, PriceSource,
    Protocol, ProviderName, ReportedCostPolicy, UpstreamRef, Usage, UsageSource, Usd,
};
use tollgate_ledger::{AttemptEnd, settle};

use crate::support::{at, book, completed, context, reading};

fn entry(context: AttemptContext, end: AttemptEnd) -> LedgerEntry {
    settle(
        Arc::new(context),
        end,
        &book(),
        AccountingZone::UTC,
        at("2026-11-05T10:00:01Z"),
    )
}

fn verdict(entry: &LedgerEntry) -> (&'static str, Option<&'static str>) {
    (entry.verdict.status().as_str(), entry.verdict.reason())
}

fn ended(kind: OutcomeKind, http_status: Option<u16>) -> AttemptEnd {
    AttemptEnd {
        kind,
        http_status,
        ttft_us: None,
        reading: None,
        detail: None,
    }
}

#[test]
fn reported_usage_is_billed_at_the_books_rates() {
    // gpt-4o: 1000 x 2.50 + 200 x 10.00 USD per million = 0.0025 + 0.002
    let entry = entry(context(1), completed(reading(1_000, 200)));
    assert_eq!(verdict(&entry), ("billed", None));
    assert_eq!(entry.amounts.unwrap().cost.to_string(), "0.0045");
    assert_eq!(entry.lines.len(), 2);
    assert_eq!(entry.accounting_period, "2026-11");
    assert_eq!(entry.usage_source, UsageSource::Reported);
}

fn tools(calls: &[(Meter, u64)]) -> Reading {
    let with = |usage: Usage, (meter, count): &(Meter, u64)| usage.with(*meter, *count).unwrap();
    Reading {
        tool_calls: calls.iter().fold(Usage::new(), with),
        ..reading(1_000, 200)
    }
}

#[test]
fn a_hosted_tool_with_a_price_is_billed_beside_the_tokens() {
    let starting = |starts_container| {
        let mut context = context(1);
        context.facts.starts_container = starts_container;
        entry(context, completed(tools(&[(Meter::CodeInterpreter, 2)])))
    };
    // 0.0045 for the tokens and 2 x 0.03 for the containers.
    let billed = starting(true);
    assert_eq!(billed.amounts.unwrap().cost.to_string(), "0.0645");
    assert_eq!(billed.usage.unwrap().get(Meter::CodeInterpreter).get(), 2);
    assert!(billed.flags.is_empty());
    let known_before = starting(false);
    assert_eq!(known_before.amounts.unwrap().cost.to_string(), "0.0045");
    assert_eq!(known_before.usage.unwrap().get(Meter::CodeInterpreter).get(), 0);
    assert_eq!(known_before.flags, ["unmetered_tool_calls"]);
    assert!(known_before.detail.unwrap().contains("2 containers"));
}

#[test]
fn a_hosted_tool_without_a_price_is_flagged_with_the_reason_and_the_tokens_are_billed() {
    let flagged = entry(context(1), completed(tools(&[(Meter::FileSearches, 3)])));
    assert_eq!(verdict(&flagged), ("billed", None));
    assert_eq!(flagged.amounts.unwrap().cost.to_string(), "0.0045");
    assert_eq!(flagged.flags, ["unmetered_tool_calls"]);
    assert_eq!(
        flagged.detail.as_deref(),
        Some("not counted: gpt-4o has no rate for file_searches (3 counted)")
    );
    // The operator's price covers it: 1,000 x 1 + 200 x 2 USD per million, and 3 x 0.0025.
    let card = CardBuilder::new()
        .rate(Meter::Input, "1")
        .rate(Meter::Output, "2")
        .rate(Meter::FileSearches, "2500");
    let priced = PriceBook::from_litellm_json(r#"{"m": {"input_cost_per_token": 1e-06}}"#)
        .unwrap()
        .with_override("gpt-4o", card.build().unwrap());
    let end = completed(tools(&[(Meter::FileSearches, 3)]));
    let ended = at("2026-11-05T10:00:01Z");
    let covered = settle(Arc::new(context(1)), end, &priced, AccountingZone::UTC, ended);
    assert_eq!(covered.amounts.unwrap().cost.to_string(), "0.0089");
    assert!(covered.flags.is_empty() && covered.detail.is_none());
}

#[test]
fn a_refusal_that_the_provider_does_not_bill_costs_nothing_and_keeps_its_counters() {
    let refused = Reading {
        free_refusal: true,
        flags: vec!["refused_without_output".to_owned()],
        ..reading(106, 1)
    };
    let refused = entry(context(1), completed(refused));
    assert_eq!(verdict(&refused), ("no_charge", Some("rejected")));
    assert!(refused.amounts.is_none() && refused.lines.is_empty());
    assert_eq!(refused.usage.unwrap().get(Meter::Input).get(), 106);
}

fn heard(provider: &str, seconds: Option<u64>, reading: Reading) -> LedgerEntry {
    let mut context = context(1);
    context.protocol = Protocol::OpenaiTranscriptions;
    let mut upstream = (*context.upstream).clone();
    upstream.provider = ProviderName::new(provider);
    context.upstream = Arc::new(upstream);
    context.model_sent = Some(ModelName::new("whisper-1"));
    context.model_requested.clone_from(&context.model_sent);
    context.facts.seconds = seconds;
    entry(context, completed(reading))
}

#[test]
fn a_transcript_that_tells_nothing_is_as_long_as_the_recording_or_its_last_subtitle() {
    let subtitles = || Reading {
        usage: Some(Usage::new().with(Meter::SecondsIn, 8).unwrap()),
        usage_source: UsageSource::Partial,
        flags: vec!["counted_from_subtitles".to_owned()],
        ..Reading::default()
    };
    for (provider, seconds, reading, counted, flag) in [
        ("openai", Some(9), Reading::default(), 9, "counted_from_request"),
        ("openai", Some(9), subtitles(), 9, "counted_from_request"),
        ("openai", None, subtitles(), 8, "counted_from_subtitles"),
        ("groq", Some(3), Reading::default(), 10, "counted_from_request"),
    ] {
        let entry = heard(provider, seconds, reading);
        assert_eq!(entry.usage_source, UsageSource::Reported);
        assert_eq!(entry.usage.as_ref().unwrap().get(Meter::SecondsIn).get(), counted);
        assert_eq!(entry.flags, [flag]);
    }
    // whisper-1: 0.0001 USD a second.
    let billed = heard("openai", Some(9), Reading::default());
    assert_eq!(billed.amounts.unwrap().cost.to_string(), "0.0009");
    let silent = heard("openai", None, Reading::default());
    assert_eq!(verdict(&silent), ("unbilled", Some("usage_missing")));
    // What the answer reports stands.
    let told = Reading {
        usage: Some(Usage::new().with(Meter::SecondsIn, 7).unwrap()),
        usage_source: UsageSource::Reported,
        ..Reading::default()
    };
    let told = heard("openai", Some(9), told);
    assert_eq!(told.usage.unwrap().get(Meter::SecondsIn).get(), 7);
}

#[test]
fn without_usage_the_way_it_ended_decides() {
    let table = [
        (
            OutcomeKind::UpstreamError,
            Some(429),
            ("no_charge", Some("rejected")),
        ),
        (
            OutcomeKind::UpstreamError,
            Some(500),
            ("no_charge", Some("rejected")),
        ),
        (
            OutcomeKind::UpstreamError,
            Some(504),
            ("unbilled", Some("usage_missing")),
        ),
        (
            OutcomeKind::UpstreamError,
            Some(524),
            ("unbilled", Some("usage_missing")),
        ),
        (
            OutcomeKind::StreamError,
            Some(200),
            ("no_charge", Some("rejected")),
        ),
        (
            OutcomeKind::Completed,
            Some(200),
            ("unbilled", Some("usage_missing")),
        ),
        (OutcomeKind::Cut, Some(200), ("unbilled", Some("usage_missing"))),
        (OutcomeKind::TimedOut, None, ("unbilled", Some("usage_missing"))),
        (
            OutcomeKind::ConnectionLost,
            None,
            ("unbilled", Some("usage_missing")),
        ),
        (
            OutcomeKind::ClientGone,
            Some(200),
            ("unbilled", Some("usage_missing")),
        ),
        (OutcomeKind::Interrupted, None, ("unbilled", Some("interrupted"))),
    ];
    for (kind, http_status, expected) in table {
        let entry = entry(context(1), ended(kind, http_status));
        assert_eq!(verdict(&entry), expected, "{kind:?} {http_status:?}");
        assert_eq!((entry.amounts, entry.usage), (None, None), "{kind:?}");
    }
}

#[test]
fn an_error_event_after_output_may_have_cost_money() {
    let reading = Reading {
        has_output: true,
        stream_error: Some("overloaded".to_owned()),
        ..Reading::default()
    };
    let mut end = completed(reading);
    end.kind = OutcomeKind::StreamError;
    let entry = entry(context(1), end);
    assert_eq!(verdict(&entry), ("unbilled", Some("usage_missing")));
    assert_eq!(entry.detail.as_deref(), Some("overloaded"));
}

#[test]
fn a_cut_stream_with_counters_is_billed_as_partial() {
    let mut partial = reading(1_000, 10);
    partial.usage_source = UsageSource::Partial;
    let mut end = completed(partial);
    end.kind = OutcomeKind::Cut;
    let entry = entry(context(1), end);
    assert_eq!(
        (verdict(&entry), entry.usage_source),
        (("billed", None), UsageSource::Partial)
    );
}

#[test]
fn what_cannot_be_priced_says_why_and_keeps_the_usage() {
    let mut unknown = reading(1, 1);
    unknown.model_served = Some(ModelName::new("no-such-model"));
    let mut asked = context(1);
    asked.model_sent = Some(ModelName::new("no-such-model"));
    let unpriced = entry(asked, completed(unknown));
    assert_eq!(verdict(&unpriced), ("unbilled", Some("price_not_found")));
    assert!(unpriced.detail.unwrap().contains("no-such-model"));
    assert!(unpriced.usage.is_some() && unpriced.amounts.is_none());

    let mut nameless = context(1);
    (nameless.model_requested, nameless.model_sent) = (None, None);
    let mut reading_without_name = reading(1, 1);
    reading_without_name.model_served = None;
    assert_eq!(
        verdict(&entry(nameless, completed(reading_without_name))),
        ("unbilled", Some("model_missing"))
    );

    let mut absurd = reading(1, 1);
    absurd.problem = Some("prompt_tokens is -5".to_owned());
    let absurd = entry(context(1), completed(absurd));
    assert_eq!(verdict(&absurd), ("unbilled", Some("calculation_error")));
    assert_eq!(absurd.detail.as_deref(), Some("prompt_tokens is -5"));
}

#[test]
fn a_tier_the_card_does_not_know_is_not_guessed() {
    let mut odd = reading(1, 1);
    odd.tier_served = Some("ultraviolet".to_owned());
    let entry = entry(context(1), completed(odd));
    assert_eq!(verdict(&entry), ("unbilled", Some("price_not_found")));
    assert!(entry.detail.unwrap().contains("ultraviolet"));
}

#[test]
fn the_tier_served_is_billed_and_the_one_asked_for_only_where_nothing_is_said() {
    let mut asked = context(1);
    asked.tier_requested = Some("priority".to_owned());
    let priority = entry(asked.clone(), completed(reading(1_000_000, 0)));
    assert_eq!(priority.amounts.unwrap().cost.to_string(), "4.25");
    let mut standard = reading(1_000_000, 0);
    standard.tier_served = Some("default".to_owned());
    assert_eq!(
        entry(asked, completed(standard))
            .amounts
            .unwrap()
            .cost
            .to_string(),
        "2.5"
    );
}

#[test]
fn a_reported_cost_counts_only_where_the_upstream_opted_in() {
    let with_policy = |policy| {
        let mut context = context(1);
        let upstream = UpstreamRef {
            reported_cost: policy,
            ..(*context.upstream).clone()
        };
        context.upstream = Arc::new(upstream);
        context
    };
    let mut told = reading(1_000, 0);
    told.provider_reported_cost = Some(Usd::from_pico(7));
    let cost = |policy| {
        let entry = entry(with_policy(policy), completed(told.clone()));
        (
            entry.amounts.unwrap().cost.pico(),
            entry.pricing.unwrap().source,
            entry.provider_reported_cost,
        )
    };
    let reported = Some(Usd::from_pico(7));
    assert_eq!(
        cost(ReportedCostPolicy::Never),
        (2_500_000_000, PriceSource::Litellm, reported)
    );
    assert_eq!(
        cost(ReportedCostPolicy::Fallback),
        (2_500_000_000, PriceSource::Litellm, reported)
    );
    assert_eq!(
        cost(ReportedCostPolicy::Always),
        (7, PriceSource::ProviderReported, reported)
    );

    told.model_served = Some(ModelName::new("no-such-model"));
    let mut unknown = with_policy(ReportedCostPolicy::Fallback);
    unknown.model_sent = Some(ModelName::new("no-such-model"));
    let entry = entry(unknown, completed(told));
    assert_eq!(entry.amounts.unwrap().cost.pico(), 7);
}

#[test]
fn a_negative_reported_cost_is_an_error_and_never_a_bill() {
    let mut trusting = context(1);
    let policy = ReportedCostPolicy::Always;
    trusting.upstream = Arc::new(UpstreamRef {
        reported_cost: policy,
        ..(*trusting.upstream).clone()
    });
    let mut told = reading(1_000, 0);
    told.provider_reported_cost = Some(Usd::from_pico(-7));
    let entry = entry(trusting, completed(told));
    assert_eq!(verdict(&entry), ("unbilled", Some("calculation_error")));
    assert!(entry.detail.unwrap().contains("-0.000000000007"));
}

#[test]
fn a_served_model_that_is_not_the_one_asked_for_is_flagged_and_billed_all_the_same() {
    let flags = |sent: &str, requested: &str, served: &str| {
        let mut context = context(1);
        context.model_sent = Some(ModelName::new(sent));
        context.model_requested = Some(ModelName::new(requested));
        let mut end = completed(reading(1_000, 200));
        if let Some(reading) = &mut end.reading {
            reading.model_served = Some(ModelName::new(served));
        }
        let entry = entry(context, end);
        assert_eq!(entry.outcome.model_served.as_ref().unwrap().as_str(), served);
        entry.flags
    };
    let differs = ["served_model_differs".to_owned()];
    assert_eq!(flags("gpt-4o", "gpt-4o", "gpt-4o-mini"), differs);
    assert_eq!(flags("gpt-4o-2024-05-13", "gpt-4o", "gpt-3.5-turbo"), differs);
    for (sent, requested, served) in [
        ("gpt-4o", "gpt-4o", "gpt-4o-2024-08-06"),
        ("openai/gpt-4o", "gpt-4o", "gpt-4o"),
        // The operator's own name for a deployment: the caller's says which model it is.
        ("my-deployment", "gpt-4o", "gpt-4o-2024-08-06"),
    ] {
        assert!(flags(sent, requested, served).is_empty(), "{sent}, {served}");
    }
}

#[test]
fn an_endpoint_may_be_free_or_not_metered_whatever_its_answer_counts() {
    for (billing, expected) in [
        (EndpointBilling::Free, ("no_charge", Some("free_endpoint"))),
        (EndpointBilling::NotMetered, ("unbilled", Some("not_metered"))),
    ] {
        let of = |end: AttemptEnd| {
            let mut context = context(1);
            context.facts.billing = billing;
            entry(context, end)
        };
        let counted = of(completed(reading(1_000, 200)));
        assert_eq!(verdict(&counted), expected);
        assert_eq!((counted.usage, counted.amounts), (None, None));
        assert_eq!(verdict(&of(ended(OutcomeKind::TimedOut, None))), expected);
        let refused = of(ended(OutcomeKind::UpstreamError, Some(429)));
        assert_eq!(verdict(&refused), ("no_charge", Some("rejected")));
    }
    let mut context = context(1);
    context.facts.billing = EndpointBilling::NotMetered;
    let stopped = entry(context, ended(OutcomeKind::Interrupted, None));
    assert_eq!(verdict(&stopped), ("unbilled", Some("interrupted")));
}
