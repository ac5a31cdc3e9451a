//! `:generateContent` and `:streamGenerateContent`.

use serde_json::{Map, Value, json};

use crate::counts::Meter::{
    self, AudioCacheRead, AudioInput, AudioOutput, CacheRead, ImageInput, ImageOutput, Input, Output,
    Reasoning, VideoInput,
};
use crate::protocol::Protocol;

use super::reply::{Event, Exchange, Framing, Reply};
use super::script::Ending;

pub(super) fn reply(exchange: &Exchange, sse: bool) -> Reply {
    if !exchange.facts.stream {
        return Reply::Json(chunk(
            exchange,
            &exchange.text,
            Some(finish_reason(exchange)),
            usage(exchange),
        ));
    }
    let framing = if sse { Framing::Sse } else { Framing::JsonArray };
    Reply::Stream(framing, events(exchange))
}

/// The same answer as code assist wraps it.
pub(super) fn enveloped(reply: Reply, unique: &str) -> Reply {
    let wrap = |response: Value| json!({"response": response, "traceId": unique});
    match reply {
        Reply::Json(body) => Reply::Json(wrap(body)),
        Reply::Stream(framing, events) => {
            let wrapped = events.into_iter().map(|event| Event {
                data: wrap(serde_json::from_str(&event.data).unwrap_or_default()).to_string(),
                ..event
            });
            Reply::Stream(framing, wrapped.collect())
        }
        raw @ Reply::Raw(..) => raw,
    }
}

/// Every chunk has running counters; only the last one's are final.
fn events(exchange: &Exchange) -> Vec<Event> {
    let deltas = exchange.deltas();
    let last = deltas.len().saturating_sub(1);
    deltas
        .iter()
        .enumerate()
        .map(|(index, text)| {
            if index == last {
                let end = chunk(exchange, text, Some(finish_reason(exchange)), usage(exchange));
                Event::data(&end).terminal()
            } else {
                Event::data(&chunk(
                    exchange,
                    text,
                    None,
                    running_usage(exchange, index, deltas.len()),
                ))
            }
        })
        .collect()
}

fn chunk(exchange: &Exchange, text: &str, finish: Option<&str>, usage: Value) -> Value {
    let mut candidate = json!({"content": {"parts": [{"text": text}], "role": "model"}, "index": 0});
    if let (Some(finish), Some(fields)) = (finish, candidate.as_object_mut()) {
        fields.insert("finishReason".to_owned(), finish.into());
    }
    let mut chunk = json!({
        "candidates": [candidate],
        "modelVersion": exchange.model,
        "responseId": exchange.id(Protocol::GeminiGenerate),
    });
    if exchange.reports_usage()
        && let Some(fields) = chunk.as_object_mut()
    {
        fields.insert("usageMetadata".to_owned(), usage);
    }
    chunk
}

fn finish_reason(exchange: &Exchange) -> &'static str {
    if exchange.script.ending == Ending::Incomplete {
        "MAX_TOKENS"
    } else {
        "STOP"
    }
}

fn running_usage(exchange: &Exchange, index: usize, of: usize) -> Value {
    let generated = exchange.counts.sum(&[Output, AudioOutput, ImageOutput]);
    let share = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
    let so_far = generated.saturating_mul(share(index + 1)) / share(of).max(1);
    Value::Object(metadata(exchange, so_far))
}

/// Candidates do not include thoughts, and the prompt does not include tool-use prompts; the prompt does
/// include what was cached.
fn usage(exchange: &Exchange) -> Value {
    let generated = exchange.counts.sum(&[Output, AudioOutput, ImageOutput]);
    let mut usage = metadata(exchange, generated);
    let details = modalities(
        exchange,
        &[(Output, "TEXT"), (AudioOutput, "AUDIO"), (ImageOutput, "IMAGE")],
    );
    usage.insert("candidatesTokensDetails".to_owned(), details);
    Value::Object(usage)
}

fn metadata(exchange: &Exchange, candidates: u64) -> Map<String, Value> {
    let counts = &exchange.counts;
    let tools = exchange.script.tool_use_prompt_tokens.min(counts.get(Input));
    let (cached, thoughts) = (counts.sum(&[CacheRead, AudioCacheRead]), counts.get(Reasoning));
    let prompt = counts.context() - tools;
    let mut fields = Map::new();
    let mut put = |name: &str, value: Value| fields.insert(name.to_owned(), value);
    put("promptTokenCount", prompt.into());
    put("candidatesTokenCount", candidates.into());
    put("totalTokenCount", (prompt + tools + candidates + thoughts).into());
    put("promptTokensDetails", prompt_modalities(exchange, tools));
    put("serviceTier", exchange.tier.clone().into());
    if cached > 0 {
        put("cachedContentTokenCount", cached.into());
        put(
            "cacheTokensDetails",
            modalities(exchange, &[(CacheRead, "TEXT"), (AudioCacheRead, "AUDIO")]),
        );
    }
    if thoughts > 0 {
        put("thoughtsTokenCount", thoughts.into());
    }
    if tools > 0 {
        put("toolUsePromptTokenCount", tools.into());
        put(
            "toolUsePromptTokensDetails",
            json!([{"modality": "TEXT", "tokenCount": tools}]),
        );
    }
    fields
}

fn prompt_modalities(exchange: &Exchange, tools: u64) -> Value {
    let counts = &exchange.counts;
    let parts = [
        ("TEXT", counts.sum(&[Input, CacheRead]) - tools),
        ("AUDIO", counts.sum(&[AudioInput, AudioCacheRead])),
        ("IMAGE", counts.get(ImageInput)),
        ("VIDEO", counts.get(VideoInput)),
    ];
    list(parts)
}

fn modalities(exchange: &Exchange, parts: &[(Meter, &'static str)]) -> Value {
    list(
        parts
            .iter()
            .map(|(meter, modality)| (*modality, exchange.counts.get(*meter))),
    )
}

fn list(parts: impl IntoIterator<Item = (&'static str, u64)>) -> Value {
    let used = parts.into_iter().filter(|(_, count)| *count > 0);
    used.map(|(modality, count)| json!({"modality": modality, "tokenCount": count}))
        .collect()
}
