//! `POST /v1/chat/completions`.

use serde_json::{Value, json};

use crate::counts::Meter::{AudioInput, AudioOutput, CacheRead, CacheWrite5m, Input, Output, Reasoning};
use crate::protocol::Protocol;

use super::reply::{Event, Exchange, Framing, Reply};
use super::script::{Ending, Report};

pub(super) fn reply(exchange: &Exchange) -> Reply {
    if exchange.facts.stream {
        return Reply::Stream(Framing::Sse, events(exchange));
    }
    let mut body = json!({
        "id": exchange.id(Protocol::OpenaiChat),
        "object": "chat.completion",
        "created": exchange.created,
        "model": exchange.model,
        "choices": [{
            "index": 0,
            "message": {"role": "assistant", "content": exchange.text, "refusal": null, "annotations": []},
            "logprobs": null,
            "finish_reason": finish_reason(exchange),
        }],
        "service_tier": exchange.tier,
        "system_fingerprint": "fp_sim",
    });
    if exchange.reports_usage()
        && let Some(fields) = body.as_object_mut()
    {
        fields.insert("usage".to_owned(), usage(exchange));
    }
    Reply::Json(body)
}

/// With `include_usage` every chunk has a `usage` field, null but in the extra last one; without it none
/// has.
fn events(exchange: &Exchange) -> Vec<Event> {
    let asked = exchange.asks_for_usage();
    let choice = |delta: Value, finish: Option<&str>| json!([{"index": 0, "delta": delta, "logprobs": null, "finish_reason": finish}]);
    let event =
        |choices: Value, usage: Value| Event::data(&chunk(exchange, &choices, asked.then_some(usage)));
    let mut events = vec![event(
        choice(json!({"role": "assistant", "content": "", "refusal": null}), None),
        Value::Null,
    )];
    events.extend(
        exchange
            .deltas()
            .iter()
            .map(|text| event(choice(json!({"content": text}), None), Value::Null)),
    );
    events.push(event(
        choice(json!({}), Some(finish_reason(exchange))),
        Value::Null,
    ));
    if asked && exchange.script.report != Report::Missing {
        events.push(event(json!([]), usage(exchange)));
    }
    events.push(Event {
        name: None,
        data: "[DONE]".to_owned(),
        terminal: true,
    });
    events
}

fn chunk(exchange: &Exchange, choices: &Value, usage: Option<Value>) -> Value {
    let mut chunk = json!({
        "id": exchange.id(Protocol::OpenaiChat),
        "object": "chat.completion.chunk",
        "created": exchange.created,
        "model": exchange.model,
        "service_tier": exchange.tier,
        "system_fingerprint": "fp_sim",
        "choices": choices,
    });
    if let (Some(usage), Some(fields)) = (usage, chunk.as_object_mut()) {
        fields.insert("usage".to_owned(), usage);
    }
    chunk
}

fn finish_reason(exchange: &Exchange) -> &'static str {
    if exchange.script.ending == Ending::Incomplete {
        "length"
    } else {
        "stop"
    }
}

/// Prompt tokens include cached and audio ones, completion tokens include reasoning and audio.
fn usage(exchange: &Exchange) -> Value {
    let counts = &exchange.counts;
    let prompt = counts.sum(&[Input, CacheRead, CacheWrite5m, AudioInput]);
    let completion = counts.sum(&[Output, Reasoning, AudioOutput]);
    let mut usage = json!({
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
        "prompt_tokens_details": {
            "cached_tokens": counts.get(CacheRead),
            "audio_tokens": counts.get(AudioInput),
        },
        "completion_tokens_details": {
            "reasoning_tokens": counts.get(Reasoning),
            "audio_tokens": counts.get(AudioOutput),
            "accepted_prediction_tokens": 0,
            "rejected_prediction_tokens": 0,
        },
    });
    if counts.get(CacheWrite5m) > 0
        && let Some(details) = usage
            .pointer_mut("/prompt_tokens_details")
            .and_then(Value::as_object_mut)
    {
        details.insert("cache_write_tokens".to_owned(), counts.get(CacheWrite5m).into());
    }
    usage
}
