//! Images, audio and what is counted by the piece: whatever is reported consistently is counted once.

use proptest::prelude::*;
use serde_json::{Value, json};
use tollgate_domain::{Meter, Protocol, ProviderName, Usage};
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

fn vector(counts: &[(Meter, u64)]) -> Usage {
    counts.iter().fold(Usage::new(), |usage, (meter, count)| {
        usage.with(*meter, *count).unwrap()
    })
}

fn sse(events: &[Value]) -> String {
    let events: Vec<String> = events.iter().map(|event| format!("data: {event}\n\n")).collect();
    events.concat()
}

/// Disjoint counts below a million each.
fn parts() -> impl Strategy<Value = [u64; 5]> {
    prop::array::uniform5(0_u64..1_000_000)
}

proptest! {
    #[test]
    fn image_counters_add_up([text, image, cached, drawn, said] in parts()) {
        let input = text + image + cached + 1;
        let output = drawn + said;
        let usage = json!({
            "input_tokens": input, "output_tokens": output, "total_tokens": input + output,
            "input_tokens_details": {"text_tokens": text + cached + 1, "image_tokens": image, "cached_tokens": cached},
            "output_tokens_details": {"image_tokens": drawn, "text_tokens": said},
        });
        let expected = vector(&[
            (Meter::Input, text + 1),
            (Meter::CacheRead, cached),
            (Meter::ImageInput, image),
            (Meter::Output, said),
            (Meter::ImageOutput, drawn),
        ]);
        let whole = json!({"data": [{"b64_json": "iVBO"}], "usage": usage});
        let stream = sse(&[
            json!({"type": "image_generation.partial_image", "b64_json": "iVBO"}),
            json!({"type": "image_generation.completed", "b64_json": "iVBO", "usage": usage}),
        ]);
        for reading in [
            read(Protocol::OpenaiImages, BodyKind::Json, &whole.to_string()),
            read(Protocol::OpenaiImages, BodyKind::Sse, &stream),
        ] {
            prop_assert_eq!(reading.usage.as_ref(), Some(&expected));
            prop_assert!(reading.flags.is_empty() && reading.complete, "{:?}", reading.flags);
        }
    }

    #[test]
    fn transcript_counters_add_up([text, audio, output, _, _] in parts()) {
        let (input, output) = (text + audio, output + 1);
        let usage = json!({
            "type": "tokens", "input_tokens": input, "output_tokens": output, "total_tokens": input + output,
            "input_token_details": {"text_tokens": text, "audio_tokens": audio},
        });
        let expected = vector(&[
            (Meter::Input, text),
            (Meter::AudioInput, audio),
            (Meter::Output, output),
        ]);
        let stream = sse(&[
            json!({"type": "transcript.text.delta", "delta": "a"}),
            json!({"type": "transcript.text.done", "text": "a", "usage": usage}),
        ]);
        let whole = json!({"text": "a", "usage": usage});
        for reading in [
            read(Protocol::OpenaiTranscriptions, BodyKind::Json, &whole.to_string()),
            read(Protocol::OpenaiTranscriptions, BodyKind::Sse, &stream),
        ] {
            prop_assert_eq!(reading.usage.as_ref(), Some(&expected));
            prop_assert!(reading.flags.is_empty() && reading.complete, "{:?}", reading.flags);
        }
    }

    #[test]
    fn seconds_are_billed_whole_and_never_short(milliseconds in 1_u64..10_000_000) {
        let body = format!("{{\"text\":\"a\",\"duration\":{}.{:03}}}", milliseconds / 1000, milliseconds % 1000);
        let usage = read(Protocol::OpenaiTranscriptions, BodyKind::Json, &body).usage.unwrap();
        prop_assert_eq!(usage.get(Meter::SecondsIn).get(), milliseconds.div_ceil(1000));
    }

    #[test]
    fn every_image_without_counters_is_counted_once(urls in 0_usize..20, data in 1_usize..20) {
        let url = std::iter::repeat_n(json!({"url": "https://example.com/a.png", "revised_prompt": "a"}), urls);
        let images: Vec<Value> = if urls > 0 {
            url.collect()
        } else {
            std::iter::repeat_n(json!({"b64_json": "iVBO", "url": null}), data).collect()
        };
        let body = json!({"created": 1, "data": images}).to_string();
        let usage = read(Protocol::OpenaiImages, BodyKind::Json, &body).usage.unwrap();
        prop_assert_eq!(usage.get(Meter::ImagesOut).get(), u64::try_from(images.len()).unwrap());
    }

    #[test]
    fn a_running_counter_counts_once_however_often_it_is_told(steps in prop::collection::vec(1_u64..1000, 1..30)) {
        let mut sum = 0;
        let mut events: Vec<Value> = steps
            .iter()
            .map(|step| {
                sum += step;
                json!({"choices": [{"delta": {"content": "a"}}], "usage": {"prompt_tokens": 9, "completion_tokens": sum}})
            })
            .collect();
        events.push(json!({"choices": [{"delta": {}, "finish_reason": "stop"}]}));
        let reading = read(Protocol::OpenaiChat, BodyKind::Sse, &sse(&events));
        prop_assert_eq!(reading.usage, Some(vector(&[(Meter::Input, 9), (Meter::Output, sum)])));
        prop_assert!(reading.flags.is_empty());
    }
}
