//! Keeping generated text changes nothing else.

use proptest::prelude::*;
use serde_json::{Value, json};
use tollgate_domain::{Protocol, ProviderName};
use tollgate_metering::{BodyKind, ContentCoding, GeneratedText, MeterSpec, Reading, ResponseMeter};

use crate::case::Case;

fn keeping(case: &Case, step: usize, cap: usize) -> Reading {
    let mut meter = ResponseMeter::keeping_text(&case.spec, case.kind, ContentCoding::Identity, cap);
    for piece in case.body.chunks(step.max(1)) {
        meter.push(piece);
    }
    meter.finish()
}

fn generated(name: &str) -> GeneratedText {
    keeping(Case::named(name), 7, 1 << 20).generated.unwrap()
}

#[test]
fn keeping_text_changes_no_reading() {
    for case in Case::all() {
        let mut kept = keeping(case, case.body.len(), 1 << 20);
        kept.generated = None;
        assert_eq!(kept, case.read(), "{}", case.name);
    }
}

#[test]
fn the_text_kept_is_the_same_in_any_pieces() {
    for case in Case::all() {
        let whole = keeping(case, case.body.len(), 1 << 20);
        for step in [1, 3, 64] {
            assert_eq!(keeping(case, step, 1 << 20), whole, "{} by {step}", case.name);
        }
    }
}

#[test]
fn a_stream_and_its_whole_answer_say_the_same() {
    for (whole, stream) in [
        ("variants/zai", "variants/zai_stream"),
        ("openai_completions/plain", "openai_completions/plain_stream"),
        ("openai_responses/cut_off", "openai_responses/cut_off_stream"),
        ("anthropic_messages/fast", "anthropic_messages/fast_stream"),
        (
            "gemini_generate/code_assist",
            "gemini_generate/code_assist_stream",
        ),
        (
            "openai_transcriptions/tokens",
            "openai_transcriptions/tokens_stream",
        ),
    ] {
        let whole = generated(whole);
        assert_eq!(whole.text, "Paid in full.", "{stream}");
        assert_eq!(generated(stream), whole, "{stream}");
    }
}

#[test]
fn tool_calls_and_reasoning_are_kept_apart_from_each_other() {
    let call = generated("openai_chat/tool_call_stream");
    assert!(call.text.contains('{') && call.text.contains('"'), "{call:?}");
    let thinking = generated("anthropic_messages/thinking_stream");
    assert!(!thinking.reasoning.is_empty(), "{thinking:?}");
    assert!(!thinking.text.contains(&thinking.reasoning));
}

#[test]
fn a_cut_stream_keeps_what_had_come_and_a_cap_is_kept_to() {
    assert_eq!(generated("openai_completions/cut_stream").text, "Paid");
    assert_eq!(generated("openai_transcriptions/cut_stream").text, "Paid");
    let capped = keeping(Case::named("variants/zai_stream"), 5, 4)
        .generated
        .unwrap();
    assert_eq!((capped.text.as_str(), capped.beyond), ("Paid", 9));
    assert_eq!(Case::named("variants/zai_stream").read().generated, None);
}

/// Counters of one chunk: each is there or not, and may fall.
fn counters() -> impl Strategy<Value = Value> {
    let count = prop::option::of(0_u64..20);
    (count.clone(), count.clone(), count).prop_map(|(prompt, candidates, thoughts)| {
        let named = [
            ("promptTokenCount", prompt),
            ("candidatesTokenCount", candidates),
            ("thoughtsTokenCount", thoughts),
        ];
        let there = named
            .into_iter()
            .filter_map(|(name, count)| Some((name.to_owned(), count?.into())));
        Value::Object(there.collect())
    })
}

proptest! {
    /// A meter that keeps text parses every event; one that does not parses the last of a row that counts on.
    #[test]
    fn events_that_are_not_parsed_say_nothing_new(chunks in prop::collection::vec(counters(), 1..12)) {
        let event = |usage: &Value| {
            let candidates = json!([{"content": {"parts": [{"text": "a"}]}}]);
            format!("data: {}\n\n", json!({"candidates": candidates, "usageMetadata": usage}))
        };
        let end = json!({"candidates": [{"finishReason": "STOP"}]});
        let stream = chunks.iter().map(event).collect::<Vec<_>>().concat() + &format!("data: {end}\n\n");
        let spec = MeterSpec { protocol: Protocol::GeminiGenerate, provider: ProviderName::new("gemini") };
        let identity = ContentCoding::Identity;
        let mut some = ResponseMeter::new(&spec, BodyKind::Sse, identity);
        let mut all = ResponseMeter::keeping_text(&spec, BodyKind::Sse, identity, 0);
        some.push(stream.as_bytes());
        all.push(stream.as_bytes());
        let (some, all) = (some.finish(), all.finish());
        prop_assert_eq!(&some.usage, &all.usage);
        prop_assert_eq!(&some.flags, &all.flags);
        prop_assert_eq!(some.usage_source, all.usage_source);
    }
}
