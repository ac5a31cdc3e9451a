//! `POST /v1/messages`.

use serde_json::{Value, json};

use crate::counts::Meter::{CacheRead, CacheWrite1h, CacheWrite5m, Input, Output, Reasoning, WebSearch};
use crate::protocol::Protocol;

use super::reply::{Event, Exchange, Framing, Reply};
use super::script::{Ending, Report};

pub(super) fn reply(exchange: &Exchange) -> Reply {
    if exchange.facts.stream {
        return Reply::Stream(Framing::Sse, events(exchange));
    }
    let mut content = Vec::new();
    if exchange.counts.get(Reasoning) > 0 {
        content.push(json!({"type": "thinking", "thinking": THOUGHT, "signature": SIGNATURE}));
    }
    content.push(json!({"type": "text", "text": exchange.text, "citations": null}));
    let usage = exchange
        .reports_usage()
        .then(|| with_output(input_usage(exchange), exchange));
    Reply::Json(message(
        exchange,
        &json!(content),
        Some(stop_reason(exchange)),
        usage,
    ))
}

const THOUGHT: &str = "Let me count that twice.";
const SIGNATURE: &str = "c2lt";

fn message(exchange: &Exchange, content: &Value, stop: Option<&str>, usage: Option<Value>) -> Value {
    let mut message = json!({
        "id": exchange.id(Protocol::AnthropicMessages),
        "type": "message",
        "role": "assistant",
        "model": exchange.model,
        "content": content,
        "stop_reason": stop,
        "stop_sequence": null,
    });
    if let (Some(usage), Some(fields)) = (usage, message.as_object_mut()) {
        fields.insert("usage".to_owned(), usage);
    }
    message
}

fn events(exchange: &Exchange) -> Vec<Event> {
    let reported = exchange.reports_usage();
    let mut opening = input_usage(exchange);
    // The real one starts with a token or so and corrects it in `message_delta`.
    set(&mut opening, "output_tokens", json!(1));
    let start = message(exchange, &json!([]), None, reported.then_some(opening));
    let mut events = vec![event("message_start", json!({"message": start}))];
    let mut index = 0;
    if exchange.counts.get(Reasoning) > 0 {
        let block = json!({"type": "thinking", "thinking": "", "signature": ""});
        let deltas = vec![
            json!({"type": "thinking_delta", "thinking": THOUGHT}),
            json!({"type": "signature_delta", "signature": SIGNATURE}),
        ];
        add_block(&mut events, index, &block, deltas);
        index += 1;
    }
    let deltas = exchange
        .deltas()
        .into_iter()
        .map(|text| json!({"type": "text_delta", "text": text}));
    add_block(
        &mut events,
        index,
        &json!({"type": "text", "text": ""}),
        deltas.collect(),
    );
    let mut delta = json!({"delta": {"stop_reason": stop_reason(exchange), "stop_sequence": null}});
    match exchange.script.report {
        Report::Missing => {}
        Report::DeltaOutputOnly => {
            set(
                &mut delta,
                "usage",
                json!({"output_tokens": exchange.counts.sum(&[Output, Reasoning])}),
            );
        }
        Report::Full => set(
            &mut delta,
            "usage",
            with_output(delta_input_usage(exchange), exchange),
        ),
    }
    events.push(event("message_delta", delta));
    events.push(event("message_stop", json!({})).terminal());
    events
}

fn add_block(events: &mut Vec<Event>, index: usize, block: &Value, deltas: Vec<Value>) {
    events.push(event(
        "content_block_start",
        json!({"index": index, "content_block": block}),
    ));
    events.push(event("ping", json!({})));
    events.extend(
        deltas
            .into_iter()
            .map(|delta| event("content_block_delta", json!({"index": index, "delta": delta}))),
    );
    events.push(event("content_block_stop", json!({"index": index})));
}

fn event(name: &'static str, mut fields: Value) -> Event {
    set(&mut fields, "type", name.into());
    Event::named(name, &fields)
}

fn set(object: &mut Value, name: &str, value: Value) {
    if let Some(fields) = object.as_object_mut() {
        fields.insert(name.to_owned(), value);
    }
}

fn stop_reason(exchange: &Exchange) -> &'static str {
    if exchange.script.ending == Ending::Incomplete {
        "max_tokens"
    } else {
        "end_turn"
    }
}

/// The three input counters of this protocol are disjoint.
fn delta_input_usage(exchange: &Exchange) -> Value {
    let counts = &exchange.counts;
    json!({
        "input_tokens": counts.get(Input),
        "cache_creation_input_tokens": counts.sum(&[CacheWrite5m, CacheWrite1h]),
        "cache_read_input_tokens": counts.get(CacheRead),
    })
}

fn input_usage(exchange: &Exchange) -> Value {
    let mut usage = delta_input_usage(exchange);
    let written = json!({
        "ephemeral_5m_input_tokens": exchange.counts.get(CacheWrite5m),
        "ephemeral_1h_input_tokens": exchange.counts.get(CacheWrite1h),
    });
    set(&mut usage, "cache_creation", written);
    set(&mut usage, "service_tier", exchange.tier.clone().into());
    usage
}

/// Output tokens include the thinking.
fn with_output(mut usage: Value, exchange: &Exchange) -> Value {
    let counts = &exchange.counts;
    set(
        &mut usage,
        "output_tokens",
        counts.sum(&[Output, Reasoning]).into(),
    );
    if counts.get(Reasoning) > 0 {
        set(
            &mut usage,
            "output_tokens_details",
            json!({"thinking_tokens": counts.get(Reasoning)}),
        );
    }
    if counts.get(WebSearch) > 0 {
        let tools = json!({"web_search_requests": counts.get(WebSearch), "web_fetch_requests": 0});
        set(&mut usage, "server_tool_use", tools);
    }
    usage
}
