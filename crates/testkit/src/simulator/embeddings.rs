//! `POST /v1/embeddings` and Gemini's `:embedContent` and `:batchEmbedContents`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::counts::Meter::Input;

use super::reply::{Exchange, Reply};

pub(super) fn openai(exchange: &Exchange) -> Reply {
    let data: Vec<Value> = (0..exchange.facts.inputs)
        .map(|index| json!({"object": "embedding", "index": index, "embedding": openai_vector(exchange, index)}))
        .collect();
    let mut body = json!({"object": "list", "data": data, "model": exchange.model});
    if exchange.reports_usage()
        && let Some(fields) = body.as_object_mut()
    {
        let tokens = exchange.counts.get(Input);
        fields.insert(
            "usage".to_owned(),
            json!({"prompt_tokens": tokens, "total_tokens": tokens}),
        );
    }
    Reply::Json(body)
}

pub(super) fn gemini(exchange: &Exchange, batch: bool) -> Reply {
    let values = |index: usize| json!({"values": vector(exchange, index)});
    let mut body = if batch {
        json!({"embeddings": (0..exchange.facts.inputs).map(values).collect::<Vec<_>>()})
    } else {
        json!({"embedding": values(0)})
    };
    if exchange.reports_usage()
        && let Some(fields) = body.as_object_mut()
    {
        let tokens = exchange.counts.get(Input);
        fields.insert(
            "usageMetadata".to_owned(),
            json!({"promptTokenCount": tokens, "totalTokenCount": tokens}),
        );
    }
    Reply::Json(body)
}

fn openai_vector(exchange: &Exchange, index: usize) -> Value {
    let vector = vector(exchange, index);
    if exchange.facts.wants_base64 {
        let bytes: Vec<u8> = vector.iter().flat_map(|value| value.to_le_bytes()).collect();
        return STANDARD.encode(bytes).into();
    }
    json!(vector)
}

/// Eighths, which every notation of a float can express exactly.
fn vector(exchange: &Exchange, index: usize) -> Vec<f32> {
    (0..exchange.facts.dimensions)
        .map(|dimension| f32::from(u8::try_from((index + dimension) % 8).unwrap_or(0)) / 8.0)
        .collect()
}
