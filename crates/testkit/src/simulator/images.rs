//! `POST /v1/images/generations`, `/v1/images/edits` and `/v1/images/variations`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::counts::Meter::{ImageInput, ImageOutput, ImagesOut, Input};

use super::reply::{Event, Exchange, Framing, Reply};

/// A picture of one pixel, repeated until it has the size of a small one.
const PIXEL: &[u8] = b"\x89PNG\r\n\x1a\nsimulated";

pub(super) fn reply(exchange: &Exchange, edit: bool) -> Reply {
    if exchange.facts.stream {
        return Reply::Stream(Framing::Sse, events(exchange, edit));
    }
    let pictures = exchange.counts.get(ImagesOut).max(exchange.facts.images);
    let data: Vec<Value> = (0..pictures).map(|_| json!({"b64_json": picture()})).collect();
    let mut body = json!({"created": exchange.created, "data": data});
    if let Some(fields) = body.as_object_mut() {
        for (name, value) in described(exchange) {
            fields.insert(name.to_owned(), value);
        }
        if reports_tokens(exchange) {
            fields.insert("usage".to_owned(), usage(exchange));
        }
    }
    Reply::Json(body)
}

/// One preview, then the picture.
fn events(exchange: &Exchange, edit: bool) -> Vec<Event> {
    let (partial, completed) = if edit {
        ("image_edit.partial_image", "image_edit.completed")
    } else {
        ("image_generation.partial_image", "image_generation.completed")
    };
    let event = |name: &'static str, extra: &[(&str, Value)]| {
        let mut body = json!({"type": name, "b64_json": picture(), "created_at": exchange.created});
        if let Some(fields) = body.as_object_mut() {
            for (name, value) in described(exchange).into_iter().chain(extra.iter().cloned()) {
                fields.insert(name.to_owned(), value);
            }
        }
        Event::named(name, &body)
    };
    let mut last = Vec::new();
    if reports_tokens(exchange) {
        last.push(("usage", usage(exchange)));
    }
    vec![
        event(partial, &[("partial_image_index", json!(0))]),
        event(completed, &last).terminal(),
    ]
}

/// What the token-metered models say of the picture.
fn described(exchange: &Exchange) -> Vec<(&'static str, Value)> {
    let quality = exchange.quality().unwrap_or("high");
    let size = exchange.facts.size.as_deref().unwrap_or("1024x1024");
    vec![
        ("background", json!("opaque")),
        ("output_format", json!("png")),
        ("quality", json!(quality)),
        ("size", json!(size)),
    ]
}

/// Pictures billed whole have no usage in their answers.
fn reports_tokens(exchange: &Exchange) -> bool {
    exchange.reports_usage() && exchange.counts.get(ImagesOut) == 0
}

fn usage(exchange: &Exchange) -> Value {
    let counts = &exchange.counts;
    let (text, images, output) = (counts.get(Input), counts.get(ImageInput), counts.get(ImageOutput));
    json!({
        "input_tokens": text + images,
        "input_tokens_details": {"text_tokens": text, "image_tokens": images},
        "output_tokens": output,
        "output_tokens_details": {"text_tokens": 0, "image_tokens": output},
        "total_tokens": text + images + output,
    })
}

fn picture() -> String {
    STANDARD.encode(PIXEL.repeat(20))
}
