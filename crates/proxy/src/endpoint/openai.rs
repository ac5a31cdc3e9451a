//! Paths that are the same for every model: OpenAI's, Anthropic's and those of the rerankers.

use tollgate_domain::{EndpointBilling, Protocol};

use super::{CallPath, Place};

const KNOWN: [(&str, Protocol); 14] = [
    ("/v1/chat/completions", Protocol::OpenaiChat),
    ("/v1/completions", Protocol::OpenaiCompletions),
    ("/v1/responses", Protocol::OpenaiResponses),
    ("/v1/embeddings", Protocol::OpenaiEmbeddings),
    ("/v1/images/generations", Protocol::OpenaiImages),
    ("/v1/images/edits", Protocol::OpenaiImages),
    ("/v1/images/variations", Protocol::OpenaiImages),
    ("/v1/audio/transcriptions", Protocol::OpenaiTranscriptions),
    ("/v1/audio/translations", Protocol::OpenaiTranscriptions),
    ("/v1/audio/speech", Protocol::OpenaiSpeech),
    ("/v1/moderations", Protocol::OpenaiModerations),
    ("/v1/rerank", Protocol::Rerank),
    ("/v2/rerank", Protocol::Rerank),
    ("/v1/messages", Protocol::AnthropicMessages),
];

/// Counting is not billed by anyone (`docs/adr/0013-endpoints-and-deferred-usage.md`).
const COUNT_TOKENS: &str = "/v1/messages/count_tokens";

pub(super) fn find(path: &str) -> Option<CallPath> {
    if path == COUNT_TOKENS {
        return Some(CallPath {
            billing: EndpointBilling::Free,
            ..CallPath::post(Protocol::AnthropicMessages, Place::Fixed(COUNT_TOKENS))
        });
    }
    let (fixed, protocol) = KNOWN.into_iter().find(|(fixed, _)| *fixed == path)?;
    Some(CallPath::post(protocol, Place::Fixed(fixed)))
}
