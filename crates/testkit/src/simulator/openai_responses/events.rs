//! The event stream of the Responses API.

use serde_json::{Value, json};

use super::super::reply::{Event, Exchange};
use super::super::script::Ending;
use super::{ended, message, message_status, output, part, started};

/// Numbers events as they are added.
struct Numbered(Vec<Event>);

pub(super) fn events(exchange: &Exchange) -> Vec<Event> {
    let mut stream = Numbered(Vec::new());
    stream.add("response.created", json!({"response": started(exchange)}));
    stream.add("response.in_progress", json!({"response": started(exchange)}));
    for (index, item) in output(exchange).iter().enumerate() {
        if item.get("type").and_then(Value::as_str) == Some("message") {
            add_message(&mut stream, exchange, index);
        } else {
            add_item(&mut stream, index, item);
        }
    }
    let name = match exchange.script.ending {
        Ending::Completed => "response.completed",
        Ending::Incomplete => "response.incomplete",
        Ending::Failed => "response.failed",
    };
    stream.add(name, json!({"response": ended(exchange)}));
    let mut events = stream.0;
    if let Some(last) = events.pop() {
        events.push(last.terminal());
    }
    events
}

/// The `error` event of this protocol.
pub(in crate::simulator) fn error_event(exchange: &Exchange, message: &str) -> Event {
    let number = exchange.script.chunks;
    Event::named(
        "error",
        &json!({"type": "error", "code": "server_error", "message": message, "param": null, "sequence_number": number}),
    )
}

fn add_item(stream: &mut Numbered, index: usize, item: &Value) {
    stream.add(
        "response.output_item.added",
        json!({"output_index": index, "item": item}),
    );
    if let (Some("web_search_call"), Some(id)) = (item.get("type").and_then(Value::as_str), item.get("id")) {
        for name in [
            "response.web_search_call.in_progress",
            "response.web_search_call.searching",
            "response.web_search_call.completed",
        ] {
            stream.add(name, json!({"output_index": index, "item_id": id}));
        }
    }
    stream.add(
        "response.output_item.done",
        json!({"output_index": index, "item": item}),
    );
}

fn add_message(stream: &mut Numbered, exchange: &Exchange, index: usize) {
    let item_id = format!("msg_{}", exchange.unique);
    let at = |mut fields: Value| {
        if let Some(fields) = fields.as_object_mut() {
            fields.insert("item_id".to_owned(), item_id.clone().into());
            fields.insert("output_index".to_owned(), index.into());
            fields.insert("content_index".to_owned(), 0.into());
        }
        fields
    };
    let opened = message(exchange, "in_progress", &json!([]));
    stream.add(
        "response.output_item.added",
        json!({"output_index": index, "item": opened}),
    );
    stream.add("response.content_part.added", at(json!({"part": part("")})));
    for delta in exchange.deltas() {
        stream.add(
            "response.output_text.delta",
            at(json!({"delta": delta, "logprobs": []})),
        );
    }
    stream.add(
        "response.output_text.done",
        at(json!({"text": exchange.text, "logprobs": []})),
    );
    stream.add(
        "response.content_part.done",
        at(json!({"part": part(&exchange.text)})),
    );
    let done = message(exchange, message_status(exchange), &json!([part(&exchange.text)]));
    stream.add(
        "response.output_item.done",
        json!({"output_index": index, "item": done}),
    );
}

impl Numbered {
    fn add(&mut self, name: &'static str, mut event: Value) {
        if let Some(fields) = event.as_object_mut() {
            fields.insert("type".to_owned(), name.into());
            fields.insert("sequence_number".to_owned(), self.0.len().into());
        }
        self.0.push(Event::named(name, &event));
    }
}
