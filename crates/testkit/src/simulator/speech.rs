//! `POST /v1/audio/speech`: sound, or events that carry it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use crate::counts::Meter::{AudioOutput, CharactersIn, Input};

use super::reply::{Event, Exchange, Framing, Reply};

/// Bytes of sound per character; not real sound, but enough of it to come in several pieces.
const BYTES_PER_CHARACTER: usize = 40;

pub(super) fn reply(exchange: &Exchange) -> Reply {
    let sound = sound(exchange);
    if !exchange.facts.stream {
        return Reply::Raw(content_type(exchange), sound);
    }
    let size = sound.len().div_ceil(exchange.script.chunks.max(1)).max(1);
    let mut events: Vec<Event> = sound
        .chunks(size)
        .map(|piece| {
            let delta = json!({"type": "speech.audio.delta", "audio": STANDARD.encode(piece)});
            Event::data(&delta)
        })
        .collect();
    let mut done = json!({"type": "speech.audio.done"});
    if exchange.reports_usage()
        && let Some(fields) = done.as_object_mut()
    {
        let (input, output) = (exchange.counts.get(Input), exchange.counts.get(AudioOutput));
        fields.insert(
            "usage".to_owned(),
            json!({"input_tokens": input, "output_tokens": output, "total_tokens": input + output}),
        );
    }
    events.push(Event::data(&done).terminal());
    Reply::Stream(Framing::Sse, events)
}

fn sound(exchange: &Exchange) -> Vec<u8> {
    let characters = exchange.facts.characters.max(exchange.counts.get(CharactersIn));
    let length = usize::try_from(characters).unwrap_or(0).clamp(1, 1 << 16) * BYTES_PER_CHARACTER;
    // Every byte value occurs: nothing on the way may take it for text.
    (0..=u8::MAX).cycle().take(length).collect()
}

fn content_type(exchange: &Exchange) -> &'static str {
    match exchange.facts.response_format.as_deref() {
        Some("wav") => "audio/wav",
        Some("flac") => "audio/flac",
        Some("opus") => "audio/opus",
        Some("aac") => "audio/aac",
        Some("pcm") => "audio/pcm",
        _ => "audio/mpeg",
    }
}
