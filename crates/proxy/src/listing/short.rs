//! An object in short, where its upstream cannot show it: what the gateway itself has noted of it. What it does not know
//! is null.

use serde_json::{Value, json};
use tollgate_domain::ports::{DeferredRow, DeferredState};
use tollgate_domain::{Protocol, Timestamp, UpstreamObject};

use super::Listed;
use super::rows::Noted;
use crate::deferred::is_terminal;

/// The object in the shape of its list.
pub(super) fn short(listed: Listed, noted: &Noted) -> Value {
    match (listed, noted) {
        (Listed::OpenaiBatches, Noted::Batch(row)) => openai_batch(row),
        (Listed::AnthropicBatches, Noted::Batch(row)) => anthropic_batch(row),
        (_, Noted::Batch(row)) => gemini_batch(row),
        (Listed::GeminiFiles, Noted::File(file)) => json!({
            "name": file.object_id, "createTime": rfc3339(file.created_at), "state": "STATE_UNSPECIFIED",
        }),
        (_, Noted::File(file)) => openai_file(file),
    }
}

/// What the provider last called its state. That is no more known of what has ended since.
fn state(row: &DeferredRow) -> Option<&str> {
    let last = row.provider_state.as_deref()?;
    (row.state == DeferredState::Open || is_terminal(last)).then_some(last)
}

fn openai_batch(row: &DeferredRow) -> Value {
    let operation = &row.operation;
    let endpoint = match operation.item_protocol {
        Protocol::OpenaiChat => Some("/v1/chat/completions"),
        Protocol::OpenaiResponses => Some("/v1/responses"),
        Protocol::OpenaiCompletions => Some("/v1/completions"),
        Protocol::OpenaiEmbeddings => Some("/v1/embeddings"),
        _ => None,
    };
    json!({
        "id": operation.object_id, "object": "batch", "endpoint": endpoint, "errors": null, "input_file_id": null,
        "completion_window": null, "status": state(row), "output_file_id": null, "error_file_id": null,
        "created_at": operation.created_at.timestamp(), "request_counts": null, "metadata": null,
    })
}

fn openai_file(file: &UpstreamObject) -> Value {
    let purpose = if file.event_id.is_some() {
        "batch_output"
    } else {
        "batch"
    };
    json!({
        "id": file.object_id, "object": "file", "bytes": null, "created_at": file.created_at.timestamp(),
        "filename": null, "purpose": purpose, "status": null,
    })
}

fn anthropic_batch(row: &DeferredRow) -> Value {
    let operation = &row.operation;
    json!({
        "id": operation.object_id, "type": "message_batch", "processing_status": state(row), "request_counts": null,
        "created_at": rfc3339(operation.created_at), "ended_at": null, "expires_at": null, "archived_at": null,
        "cancel_initiated_at": null, "results_url": null,
    })
}

fn gemini_batch(row: &DeferredRow) -> Value {
    let operation = &row.operation;
    let model = operation.attempt.model_requested.as_ref();
    json!({
        "name": operation.object_id,
        "metadata": {
            "name": operation.object_id, "model": model.map(|model| format!("models/{model}")),
            "state": state(row).unwrap_or("BATCH_STATE_UNSPECIFIED"), "createTime": rfc3339(operation.created_at),
        },
    })
}

fn rfc3339(at: Timestamp) -> String {
    at.to_rfc3339()
}
