//! The tiny requests.

use bytes::Bytes;
use serde_json::{Value, json};
use tollgate_domain::ports::TestRefusal;
use tollgate_domain::{Meter, ModelName, Protocol, ProviderName, Usage};

use crate::endpoint::escaped;

/// Protocols with a tiny request, in the order in which one is chosen. Images, speech and transcriptions have none:
/// their least request costs real money.
pub(super) const TESTABLE: [Protocol; 9] = [
    Protocol::OpenaiChat,
    Protocol::OpenaiResponses,
    Protocol::AnthropicMessages,
    Protocol::GeminiGenerate,
    Protocol::OpenaiCompletions,
    Protocol::OpenaiEmbeddings,
    Protocol::GeminiEmbed,
    Protocol::Rerank,
    Protocol::OpenaiModerations,
];

/// The least that every provider accepts.
const OUTPUT_TOKENS: u64 = 16;
const TEXT: &str = "Reply with the word ok.";

/// A request to a path.
pub(super) struct Prompt {
    pub(super) path: String,
    pub(super) body: Bytes,
    pub(super) usage_at_most: Usage,
}

/// The tiny request of a protocol.
///
/// # Errors
/// [`TestRefusal::NotTestable`], [`TestRefusal::NoStreams`].
pub(super) fn prompt(
    protocol: Protocol,
    provider: &ProviderName,
    model: &ModelName,
    stream: bool,
) -> Result<Prompt, TestRefusal> {
    let name = model.as_str();
    let message = json!([{"role": "user", "content": TEXT}]);
    let gemini = |method: &str| format!("/v1beta/models/{}:{method}", escaped(name));
    let (path, mut body, generates) = match protocol {
        Protocol::OpenaiChat => {
            let body = json!({"model": name, "messages": message, limit(provider): OUTPUT_TOKENS});
            ("/v1/chat/completions".to_owned(), body, true)
        }
        Protocol::OpenaiResponses => {
            let body = json!({"model": name, "input": TEXT, "max_output_tokens": OUTPUT_TOKENS});
            ("/v1/responses".to_owned(), body, true)
        }
        Protocol::OpenaiCompletions => {
            let body = json!({"model": name, "prompt": TEXT, "max_tokens": OUTPUT_TOKENS});
            ("/v1/completions".to_owned(), body, true)
        }
        Protocol::AnthropicMessages => {
            let body = json!({"model": name, "messages": message, "max_tokens": OUTPUT_TOKENS});
            ("/v1/messages".to_owned(), body, true)
        }
        Protocol::GeminiGenerate => {
            let body = json!({
                "contents": [{"role": "user", "parts": [{"text": TEXT}]}],
                "generationConfig": {"maxOutputTokens": OUTPUT_TOKENS},
            });
            let method = if stream {
                "streamGenerateContent"
            } else {
                "generateContent"
            };
            (gemini(method), body, true)
        }
        Protocol::OpenaiEmbeddings => {
            let body = json!({"model": name, "input": "ok"});
            ("/v1/embeddings".to_owned(), body, false)
        }
        Protocol::GeminiEmbed => {
            let body = json!({"content": {"parts": [{"text": "ok"}]}});
            (gemini("embedContent"), body, false)
        }
        Protocol::Rerank => {
            let body = json!({"model": name, "query": "ok", "documents": ["ok"], "top_n": 1});
            ("/v1/rerank".to_owned(), body, false)
        }
        Protocol::OpenaiModerations => {
            let body = json!({"model": name, "input": "ok"});
            ("/v1/moderations".to_owned(), body, false)
        }
        other => return Err(not_testable(other)),
    };
    if stream && !generates {
        return Err(TestRefusal::NoStreams { protocol });
    }
    if stream
        && protocol != Protocol::GeminiGenerate
        && let Some(members) = body.as_object_mut()
    {
        members.insert("stream".to_owned(), Value::Bool(true));
    }
    let body = Bytes::from(body.to_string());
    Ok(Prompt {
        usage_at_most: at_most(protocol, body.len(), generates),
        path,
        body,
    })
}

/// Every byte as a token of its own, every token of output that is asked for.
fn at_most(protocol: Protocol, bytes: usize, generates: bool) -> Usage {
    let input = u64::try_from(bytes).unwrap_or(u64::MAX);
    let mut counts = match protocol {
        // Billed by the search, whatever its length.
        Protocol::Rerank => vec![(Meter::Queries, 1)],
        _ => vec![(Meter::Input, input)],
    };
    if generates {
        counts.push((Meter::Output, OUTPUT_TOKENS));
    }
    let mut usage = Usage::new();
    for (meter, count) in counts {
        // The counts are far below the bound.
        usage.set(meter, count).ok();
    }
    usage
}

/// OpenAI's reasoning models refuse the older name, others do not know the newer one.
fn limit(provider: &ProviderName) -> &'static str {
    match provider.as_str() {
        "openai" | "azure" | "azure_ai" => "max_completion_tokens",
        _ => "max_tokens",
    }
}

fn not_testable(protocol: Protocol) -> TestRefusal {
    let names = TESTABLE.map(Protocol::as_str);
    TestRefusal::NotTestable {
        protocol: protocol.as_str().to_owned(),
        testable: names.join(", "),
    }
}
