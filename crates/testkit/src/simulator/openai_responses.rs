//! `POST /v1/responses`.

use serde_json::{Value, json};

use crate::counts::Meter::{CacheRead, CacheWrite5m, Input, Output, Reasoning, WebSearch};
use crate::protocol::Protocol;

use super::reply::{Exchange, Framing, Reply};
use super::script::Ending;

mod events;

pub(super) use events::error_event;

pub(super) fn reply(exchange: &Exchange) -> Reply {
    if exchange.facts.stream {
        return Reply::Stream(Framing::Sse, events::events(exchange));
    }
    Reply::Json(ended(exchange))
}

/// The response object as it is before anything was generated.
fn started(exchange: &Exchange) -> Value {
    response(exchange, "in_progress", &json!([]), &Value::Null)
}

/// The response object of a background response that goes on.
pub(super) fn going_on(exchange: &Exchange, status: &str) -> Value {
    response(exchange, status, &json!([]), &Value::Null)
}

/// The response object at its end.
pub(super) fn ended(exchange: &Exchange) -> Value {
    let usage = if exchange.reports_usage() {
        usage(exchange)
    } else {
        Value::Null
    };
    response(exchange, status(exchange), &json!(output(exchange)), &usage)
}

fn response(exchange: &Exchange, status: &str, output: &Value, usage: &Value) -> Value {
    let reason = (status == "incomplete").then(|| json!({"reason": "max_output_tokens"}));
    let error = (status == "failed").then(|| json!({"code": "server_error", "message": "the model failed"}));
    let tier = if status == "in_progress" {
        "auto"
    } else {
        &exchange.tier
    };
    json!({
        "id": exchange.id(Protocol::OpenaiResponses),
        "object": "response",
        "created_at": exchange.created,
        "status": status,
        "background": exchange.facts.background,
        "error": error,
        "incomplete_details": reason,
        "instructions": null,
        "max_output_tokens": null,
        "metadata": {},
        "model": exchange.model,
        "output": output,
        "parallel_tool_calls": true,
        "previous_response_id": null,
        "reasoning": {"effort": null, "summary": null},
        "service_tier": tier,
        "store": true,
        "temperature": 1.0,
        "text": {"format": {"type": "text"}},
        "tool_choice": "auto",
        "tools": [],
        "top_p": 1.0,
        "truncation": "disabled",
        "usage": usage,
        "user": null,
    })
}

fn status(exchange: &Exchange) -> &'static str {
    match exchange.script.ending {
        Ending::Completed => "completed",
        Ending::Incomplete => "incomplete",
        Ending::Failed => "failed",
    }
}

/// The output items: reasoning, one call per web search, the message.
fn output(exchange: &Exchange) -> Vec<Value> {
    let unique = &exchange.unique;
    let mut items = Vec::new();
    if exchange.counts.get(Reasoning) > 0 {
        items.push(json!({"id": format!("rs_{unique}"), "type": "reasoning", "summary": []}));
    }
    items.extend((0..exchange.counts.get(WebSearch)).map(|index| {
        json!({
            "id": format!("ws_{unique}_{index}"), "type": "web_search_call", "status": "completed",
            "action": {"type": "search", "query": "a proven bill"},
        })
    }));
    items.push(message(
        exchange,
        message_status(exchange),
        &json!([part(&exchange.text)]),
    ));
    items
}

fn message_status(exchange: &Exchange) -> &'static str {
    if exchange.script.ending == Ending::Completed {
        "completed"
    } else {
        "incomplete"
    }
}

fn message(exchange: &Exchange, status: &str, content: &Value) -> Value {
    json!({
        "id": format!("msg_{}", exchange.unique), "type": "message", "status": status, "role": "assistant",
        "content": content,
    })
}

fn part(text: &str) -> Value {
    json!({"type": "output_text", "text": text, "annotations": [], "logprobs": []})
}

/// Input tokens include cached and written ones, output tokens include reasoning.
fn usage(exchange: &Exchange) -> Value {
    let counts = &exchange.counts;
    let (input, output) = (
        counts.sum(&[Input, CacheRead, CacheWrite5m]),
        counts.sum(&[Output, Reasoning]),
    );
    json!({
        "input_tokens": input,
        "input_tokens_details": {
            "cached_tokens": counts.get(CacheRead),
            "cache_write_tokens": counts.get(CacheWrite5m),
        },
        "output_tokens": output,
        "output_tokens_details": {"reasoning_tokens": counts.get(Reasoning)},
        "total_tokens": input + output,
    })
}
