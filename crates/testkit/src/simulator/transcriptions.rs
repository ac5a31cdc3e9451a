//! `POST /v1/audio/transcriptions` and `/v1/audio/translations`.

use serde_json::{Value, json};

use crate::counts::Meter::{AudioInput, Input, Output, SecondsIn};

use super::reply::{Event, Exchange, Framing, Reply};

pub(super) fn reply(exchange: &Exchange, translation: bool) -> Reply {
    let seconds = exchange.counts.get(SecondsIn);
    match exchange.facts.response_format.as_deref() {
        Some("text") => Reply::Raw(
            "text/plain; charset=utf-8",
            format!("{}\n", exchange.text).into_bytes(),
        ),
        Some("srt") => Reply::Raw("text/plain; charset=utf-8", subtitles(exchange, "").into_bytes()),
        Some("vtt") => Reply::Raw(
            "text/vtt; charset=utf-8",
            subtitles(exchange, "WEBVTT\n\n").into_bytes(),
        ),
        Some("verbose_json") => {
            let mut body = json!({
                "task": if translation { "translate" } else { "transcribe" },
                "language": "english",
                "duration": seconds,
                "text": exchange.text,
                "segments": [],
            });
            put_usage(exchange, &mut body);
            Reply::Json(body)
        }
        _ if exchange.facts.stream => Reply::Stream(Framing::Sse, events(exchange)),
        _ => {
            let mut body = json!({"text": exchange.text});
            put_usage(exchange, &mut body);
            Reply::Json(body)
        }
    }
}

/// Whether the answer is of a form that has no room for usage.
pub(super) fn is_plain_text(exchange: &Exchange) -> bool {
    matches!(
        exchange.facts.response_format.as_deref(),
        Some("text" | "srt" | "vtt")
    )
}

fn events(exchange: &Exchange) -> Vec<Event> {
    let mut events: Vec<Event> = exchange
        .deltas()
        .iter()
        .map(|text| Event::data(&json!({"type": "transcript.text.delta", "delta": text})))
        .collect();
    let mut done = json!({"type": "transcript.text.done", "text": exchange.text});
    put_usage(exchange, &mut done);
    events.push(Event::data(&done).terminal());
    events
}

fn put_usage(exchange: &Exchange, body: &mut Value) {
    if exchange.reports_usage()
        && let Some(fields) = body.as_object_mut()
    {
        fields.insert("usage".to_owned(), usage(exchange));
    }
}

fn usage(exchange: &Exchange) -> Value {
    let counts = &exchange.counts;
    let seconds = counts.get(SecondsIn);
    if seconds > 0 {
        return json!({"type": "duration", "seconds": seconds});
    }
    let (text, audio, output) = (counts.get(Input), counts.get(AudioInput), counts.get(Output));
    json!({
        "type": "tokens",
        "input_tokens": text + audio,
        "input_token_details": {"text_tokens": text, "audio_tokens": audio},
        "output_tokens": output,
        "total_tokens": text + audio + output,
    })
}

fn subtitles(exchange: &Exchange, head: &str) -> String {
    format!("{head}1\n00:00:00,000 --> 00:00:01,000\n{}\n\n", exchange.text)
}
