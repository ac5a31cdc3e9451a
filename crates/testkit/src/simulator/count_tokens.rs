//! `POST /v1/messages/count_tokens` and Gemini's `:countTokens`: answered, never billed.

use serde_json::json;

use crate::protocol::Protocol;

use super::reply::{Exchange, Reply};

pub(super) fn reply(protocol: Protocol, exchange: &Exchange) -> Reply {
    let tokens = exchange.counts.context();
    Reply::Json(if protocol == Protocol::AnthropicMessages {
        json!({"input_tokens": tokens})
    } else {
        json!({
            "totalTokens": tokens,
            "promptTokensDetails": [{"modality": "TEXT", "tokenCount": tokens}],
        })
    })
}
