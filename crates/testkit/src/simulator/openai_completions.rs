//! `POST /v1/completions`, the one before chat.

use serde_json::{Value, json};

use crate::counts::Meter::{Input, Output};
use crate::protocol::Protocol;

use super::reply::{Event, Exchange, Framing, Reply};
use super::script::{Ending, Report};

pub(super) fn reply(exchange: &Exchange) -> Reply {
    if exchange.facts.stream {
        return Reply::Stream(Framing::Sse, events(exchange));
    }
    let usage = exchange.reports_usage().then(|| usage(exchange));
    let choices = json!([choice(&exchange.text, Some(finish_reason(exchange)))]);
    Reply::Json(body(exchange, &choices, usage))
}

/// The finish reason comes with the last text; usage, where it is asked for, in an event of its own.
fn events(exchange: &Exchange) -> Vec<Event> {
    let asked = exchange.asks_for_usage();
    let deltas = exchange.deltas();
    let last = deltas.len().saturating_sub(1);
    let mut events: Vec<Event> = deltas
        .iter()
        .enumerate()
        .map(|(index, text)| {
            let choices = json!([choice(text, (index == last).then(|| finish_reason(exchange)))]);
            Event::data(&body(exchange, &choices, asked.then_some(Value::Null)))
        })
        .collect();
    if asked && exchange.script.report != Report::Missing {
        events.push(Event::data(&body(exchange, &json!([]), Some(usage(exchange)))));
    }
    events.push(Event {
        name: None,
        data: "[DONE]".to_owned(),
        terminal: true,
    });
    events
}

fn body(exchange: &Exchange, choices: &Value, usage: Option<Value>) -> Value {
    let mut body = json!({
        "id": exchange.id(Protocol::OpenaiCompletions),
        "object": "text_completion",
        "created": exchange.created,
        "model": exchange.model,
        "choices": choices,
        "system_fingerprint": "fp_sim",
    });
    if let (Some(usage), Some(fields)) = (usage, body.as_object_mut()) {
        fields.insert("usage".to_owned(), usage);
    }
    body
}

fn choice(text: &str, finish: Option<&str>) -> Value {
    json!({"text": text, "index": 0, "logprobs": null, "finish_reason": finish})
}

fn finish_reason(exchange: &Exchange) -> &'static str {
    if exchange.script.ending == Ending::Incomplete {
        "length"
    } else {
        "stop"
    }
}

fn usage(exchange: &Exchange) -> Value {
    let (prompt, completion) = (exchange.counts.get(Input), exchange.counts.get(Output));
    json!({
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
    })
}
