//! What a path asks for.

use crate::protocol::Protocol;

/// Both versions of the Gemini API are in use: the current SDK's default is the first.
const GEMINI_PREFIXES: [&str; 2] = ["/v1/models/", "/v1beta/models/"];

/// Before the deployment in an Azure path.
const AZURE_PREFIX: &str = "/openai/deployments/";

/// What distinguishes the paths of one protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operation {
    /// The protocol's ordinary one.
    Ordinary,
    /// Gemini's streaming method.
    Stream,
    /// Counting tokens: answered, never billed.
    CountTokens,
    /// Several embeddings at once.
    Batch,
    /// Changing an image instead of making one.
    Edit,
    /// Speech into English text.
    Translation,
}

/// A path, taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Endpoint<'p> {
    pub(super) protocol: Protocol,
    pub(super) operation: Operation,
    /// The model, where the path names it.
    pub(super) model: Option<&'p str>,
}

/// Finds what a path asks for.
pub(super) fn find(path: &str) -> Option<Endpoint<'_>> {
    let without_model = |(protocol, operation)| Endpoint {
        protocol,
        operation,
        model: None,
    };
    if let Some(method) = path.strip_prefix("/v1internal:") {
        return gemini(method)
            .filter(|(protocol, _)| *protocol == Protocol::GeminiGenerate)
            .map(without_model);
    }
    if let Some(below) = path.strip_prefix(AZURE_PREFIX) {
        let (deployment, rest) = below.split_once('/')?;
        let (protocol, operation) = openai(rest)?;
        return Some(Endpoint {
            protocol,
            operation,
            model: Some(deployment),
        });
    }
    if path == "/v2/rerank" {
        return Some(without_model((Protocol::Rerank, Operation::Ordinary)));
    }
    let known = path
        .strip_prefix("/v1/")
        .or_else(|| path.strip_prefix("/openai/v1/"));
    if let Some(found) = known.and_then(openai) {
        return Some(without_model(found));
    }
    let below = GEMINI_PREFIXES
        .iter()
        .find_map(|prefix| path.strip_prefix(prefix))?;
    let (model, method) = below.rsplit_once(':')?;
    let (protocol, operation) = gemini(method)?;
    Some(Endpoint {
        protocol,
        operation,
        model: Some(model),
    })
}

fn openai(path: &str) -> Option<(Protocol, Operation)> {
    let protocol = match path {
        "chat/completions" => Protocol::OpenaiChat,
        "completions" => Protocol::OpenaiCompletions,
        "responses" => Protocol::OpenaiResponses,
        "embeddings" => Protocol::OpenaiEmbeddings,
        "images/generations" => Protocol::OpenaiImages,
        "audio/transcriptions" => Protocol::OpenaiTranscriptions,
        "audio/speech" => Protocol::OpenaiSpeech,
        "moderations" => Protocol::OpenaiModerations,
        "rerank" => Protocol::Rerank,
        "messages" => Protocol::AnthropicMessages,
        "messages/count_tokens" => return Some((Protocol::AnthropicMessages, Operation::CountTokens)),
        "images/edits" | "images/variations" => return Some((Protocol::OpenaiImages, Operation::Edit)),
        "audio/translations" => return Some((Protocol::OpenaiTranscriptions, Operation::Translation)),
        _ => return None,
    };
    Some((protocol, Operation::Ordinary))
}

fn gemini(method: &str) -> Option<(Protocol, Operation)> {
    Some(match method {
        "generateContent" => (Protocol::GeminiGenerate, Operation::Ordinary),
        "streamGenerateContent" => (Protocol::GeminiGenerate, Operation::Stream),
        "countTokens" => (Protocol::GeminiGenerate, Operation::CountTokens),
        "embedContent" => (Protocol::GeminiEmbed, Operation::Ordinary),
        "batchEmbedContents" => (Protocol::GeminiEmbed, Operation::Batch),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str) -> (Protocol, Operation, Option<&str>) {
        let endpoint = find(path).unwrap();
        (endpoint.protocol, endpoint.operation, endpoint.model)
    }

    #[test]
    fn paths_name_protocol_operation_and_where_they_do_the_model() {
        assert_eq!(
            found("/v1beta/models/gemini-2.5-pro:streamGenerateContent"),
            (
                Protocol::GeminiGenerate,
                Operation::Stream,
                Some("gemini-2.5-pro")
            )
        );
        assert_eq!(
            found("/v1/models/gemini-embedding-001:batchEmbedContents"),
            (
                Protocol::GeminiEmbed,
                Operation::Batch,
                Some("gemini-embedding-001")
            )
        );
        assert_eq!(
            found("/v1internal:generateContent"),
            (Protocol::GeminiGenerate, Operation::Ordinary, None)
        );
        assert_eq!(
            found("/openai/deployments/mine/audio/translations"),
            (
                Protocol::OpenaiTranscriptions,
                Operation::Translation,
                Some("mine")
            )
        );
        for path in [
            "/v1/batches",
            "/v1internal:loadCodeAssist",
            "/v2/chat",
            "/v1beta/models/m:predict",
        ] {
            assert_eq!(find(path), None, "{path}");
        }
    }
}
