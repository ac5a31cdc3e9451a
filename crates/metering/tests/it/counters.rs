//! Whatever is reported consistently is counted once, streamed or not.

use proptest::prelude::*;
use serde_json::{Value, json};
use tollgate_domain::{Meter, Protocol, ProviderName, Side, Unit, Usage};
use tollgate_metering::{BodyKind, ContentCoding, MeterSpec, Reading, ResponseMeter};

fn read(protocol: Protocol, kind: BodyKind, body: &str) -> Reading {
    let spec = MeterSpec {
        protocol,
        provider: ProviderName::new("openai"),
    };
    let mut meter = ResponseMeter::new(&spec, kind, ContentCoding::Identity);
    meter.push(body.as_bytes());
    meter.finish()
}

fn tokens(usage: &Usage, side: Side) -> u64 {
    let of_side = usage
        .iter()
        .filter(|(meter, _)| meter.unit() == Unit::Token && meter.side() == side);
    of_side.map(|(_, count)| count.get()).sum()
}

/// Parts of a whole: disjoint counts below a million each.
fn parts() -> impl Strategy<Value = [u64; 6]> {
    prop::array::uniform6(0_u64..1_000_000)
}

fn vector(counts: &[(Meter, u64)]) -> Usage {
    counts.iter().fold(Usage::new(), |usage, (meter, count)| {
        usage.with(*meter, *count).unwrap()
    })
}

/// Reads the same counters whole and streamed; both must give `expected` without a flag.
fn check(protocol: Protocol, body: &Value, stream: &str, expected: &Usage) {
    for reading in [
        read(protocol, BodyKind::Json, &body.to_string()),
        read(protocol, BodyKind::Sse, stream),
    ] {
        assert_eq!(reading.usage.as_ref(), Some(expected));
        assert!(reading.flags.is_empty(), "{:?}", reading.flags);
        assert!(reading.complete);
    }
}

proptest! {
    #[test]
    fn openai_counters_add_up([text, cached, written, audio, visible, reasoning] in parts()) {
        let (input, output) = (text + cached + written + audio + 1, visible + reasoning);
        let expected = vector(&[
            (Meter::Input, text + 1),
            (Meter::CacheRead, cached),
            (Meter::CacheWrite5m, written),
            (Meter::AudioInput, audio),
            (Meter::Output, visible),
            (Meter::Reasoning, reasoning),
        ]);
        prop_assert_eq!((tokens(&expected, Side::Input), tokens(&expected, Side::Output)), (input, output));
        let input_details = json!({"cached_tokens": cached, "cache_write_tokens": written, "audio_tokens": audio});
        let output_details = json!({"reasoning_tokens": reasoning});
        let chat = json!({"usage": {
            "prompt_tokens": input, "completion_tokens": output, "total_tokens": input + output,
            "prompt_tokens_details": input_details, "completion_tokens_details": output_details,
        }});
        check(Protocol::OpenaiChat, &chat, &format!("data: {chat}\n\ndata: [DONE]\n\n"), &expected);
        let response = json!({"usage": {
            "input_tokens": input, "output_tokens": output, "total_tokens": input + output,
            "input_tokens_details": input_details, "output_tokens_details": output_details,
        }});
        let end = json!({"type": "response.completed", "response": response});
        check(Protocol::OpenaiResponses, &response, &format!("data: {end}\n\n"), &expected);
    }

    #[test]
    fn anthropic_counters_add_up([input, read, short, long, visible, thinking] in parts()) {
        let (input, output) = (input + 1, visible + thinking);
        let expected = vector(&[
            (Meter::Input, input),
            (Meter::CacheRead, read),
            (Meter::CacheWrite5m, short),
            (Meter::CacheWrite1h, long),
            (Meter::Output, visible),
            (Meter::Reasoning, thinking),
        ]);
        prop_assert_eq!(expected.context_tokens(), input + read + short + long);
        let mut usage = json!({
            "input_tokens": input, "cache_read_input_tokens": read, "cache_creation_input_tokens": short + long,
            "cache_creation": {"ephemeral_5m_input_tokens": short, "ephemeral_1h_input_tokens": long},
            "output_tokens": 1,
        });
        let start = json!({"type": "message_start", "message": {"usage": usage}});
        let last = json!({"output_tokens": output, "output_tokens_details": {"thinking_tokens": thinking}});
        let delta = json!({"type": "message_delta", "usage": last});
        let stream = format!("data: {start}\n\ndata: {delta}\n\ndata: {{\"type\":\"message_stop\"}}\n\n");
        for (key, value) in last.as_object().unwrap() {
            usage[key] = value.clone();
        }
        check(Protocol::AnthropicMessages, &json!({"usage": usage}), &stream, &expected);
    }

    #[test]
    fn gemini_counters_add_up([text, cached, audio, cached_audio, visible, thoughts] in parts()) {
        let prompt = text + cached + audio + cached_audio;
        let expected = vector(&[
            (Meter::Input, text + 7),
            (Meter::CacheRead, cached),
            (Meter::AudioInput, audio),
            (Meter::AudioCacheRead, cached_audio),
            (Meter::Output, visible),
            (Meter::Reasoning, thoughts),
        ]);
        let of = |modality: &str, count: u64| json!({"modality": modality, "tokenCount": count});
        let whole = json!({"usageMetadata": {
            "promptTokenCount": prompt, "toolUsePromptTokenCount": 7,
            "cachedContentTokenCount": cached + cached_audio,
            "candidatesTokenCount": visible, "thoughtsTokenCount": thoughts,
            "totalTokenCount": prompt + 7 + visible + thoughts,
            "promptTokensDetails": [of("TEXT", text + cached), of("AUDIO", audio + cached_audio)],
            "cacheTokensDetails": [of("TEXT", cached), of("AUDIO", cached_audio)],
        }, "candidates": [{"finishReason": "STOP"}]});
        let early = json!({"usageMetadata": {"promptTokenCount": prompt, "candidatesTokenCount": 1}});
        check(Protocol::GeminiGenerate, &whole, &format!("data: {early}\r\n\r\ndata: {whole}\r\n\r\n"), &expected);
    }

    #[test]
    fn whatever_openai_counters_say_the_parts_never_exceed_what_was_billed(
        [input, cached, audio, output, reasoning, total] in prop::array::uniform6(0_u64..100),
    ) {
        let body = json!({"usage": {
            "prompt_tokens": input, "completion_tokens": output, "total_tokens": total,
            "prompt_tokens_details": {"cached_tokens": cached, "audio_tokens": audio},
            "completion_tokens_details": {"reasoning_tokens": reasoning},
        }});
        let reading = read(Protocol::OpenaiChat, BodyKind::Json, &body.to_string());
        let usage = reading.usage.unwrap_or_default();
        let beside = reading.flags.iter().any(|flag| flag == "reasoning_beside_output");
        prop_assert_eq!(tokens(&usage, Side::Output), if beside { output + reasoning } else { output });
        prop_assert_eq!(usage.get(Meter::CacheRead).get() + usage.get(Meter::AudioCacheRead).get(), cached);
        let odd = ["cached_exceeds_input", "details_exceed_input"];
        if !reading.flags.iter().any(|flag| odd.contains(&flag.as_str())) {
            prop_assert_eq!(tokens(&usage, Side::Input), input);
        }
    }
}
