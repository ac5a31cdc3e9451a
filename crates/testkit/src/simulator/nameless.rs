//! Answers that name no model, as servers that have only one give them.

use serde_json::Value;

use super::reply::{Event, Reply};

/// Where the dialects name it: at the top, in a Responses event's `response`, in `message_start`'s `message`.
const PLACES: [&str; 3] = ["", "/response", "/message"];
const NAMES: [&str; 2] = ["model", "modelVersion"];

/// The same answer without the model's name.
pub(super) fn nameless(reply: Reply) -> Reply {
    match reply {
        Reply::Json(body) => Reply::Json(without_name(body)),
        Reply::Stream(framing, events) => {
            Reply::Stream(framing, events.into_iter().map(nameless_event).collect())
        }
        // Bytes that are no JSON name nothing.
        raw @ Reply::Raw(..) => raw,
    }
}

fn nameless_event(event: Event) -> Event {
    match serde_json::from_str(&event.data) {
        Ok(data) => Event {
            data: without_name(data).to_string(),
            ..event
        },
        // `[DONE]` names nothing.
        Err(_) => event,
    }
}

fn without_name(mut body: Value) -> Value {
    for place in PLACES {
        if let Some(fields) = body.pointer_mut(place).and_then(Value::as_object_mut) {
            for name in NAMES {
                fields.remove(name);
            }
        }
    }
    body
}
