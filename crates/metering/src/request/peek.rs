//! Looking at a request body without building a tree of it.

use std::ops::Range;

use serde_json::error::Category;
use serde_json::value::RawValue;
use tollgate_domain::{MediaFormat, ModelName, Protocol};

use super::IncludeUsage;
use crate::counters::members;

/// What routing and billing need from a request body.
///
/// Where a key is repeated the last one counts, as it does for most servers. A value of another type than expected
/// counts as absent: judging it is the upstream's business. Spans are byte ranges of the body that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestPeek {
    /// The model asked for. Always `None` for Gemini, which names it in the path.
    pub model: Option<ModelName>,
    /// Where the model's JSON string stands, quotes included.
    pub model_span: Option<Range<usize>>,
    /// Whether a stream is asked for: `stream`, for speech `stream_format`. Always false for Gemini, which says so in
    /// the path.
    pub stream: bool,
    /// The service tier asked for, as written.
    pub tier: Option<String>,
    /// The end user the caller names: `safety_identifier` or `user` (`OpenAI`), `metadata.user_id` (Anthropic).
    pub end_user: Option<String>,
    /// Whether the answer is to be fetched later (Responses).
    pub background: bool,
    /// Whether a stream of chat or text completions will carry its usage.
    pub include_usage: IncludeUsage,
    /// Characters (Unicode scalar values) of the text to speak; only for speech, which is billed by them and answered
    /// with audio alone.
    pub characters: Option<u64>,
    /// The size and quality asked for; only for images.
    pub media: Option<MediaFormat>,
    /// Whether a container that code may run in is started by this request (Responses), and not brought along by name
    /// or with an earlier conversation; false for a container of a size that the one price there is does not cover.
    pub starts_container: bool,
}

/// Why a body cannot be looked at. The text is meant for the caller.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PeekError {
    /// Not JSON.
    #[error("the request body is not valid JSON (line {line}, column {column})")]
    NotJson {
        /// From 1; 0 for an empty body.
        line: usize,
        /// From 1; 0 at the end of the body.
        column: usize,
    },
    /// JSON, but not an object.
    #[error("the request body must be a JSON object")]
    NotAnObject,
    /// `model` is there and not a string.
    #[error("`model` must be a string")]
    ModelNotText,
}

/// Looks at a request body.
///
/// # Errors
/// [`PeekError`] when it is not a JSON object, or names its model by something that is no string.
///
/// ```
/// use tollgate_domain::Protocol;
/// let body = br#"{"model": "gpt-4o", "messages": [], "stream": true}"#;
/// let peek = tollgate_metering::peek_request(Protocol::OpenaiChat, body)?;
/// assert_eq!(peek.model.unwrap().as_str(), "gpt-4o");
/// assert!(peek.stream);
/// # Ok::<(), tollgate_metering::PeekError>(())
/// ```
pub fn peek_request(protocol: Protocol, body: &[u8]) -> Result<RequestPeek, PeekError> {
    let top = Top::read(body)?;
    let gemini = protocol.names_model_in_path();
    let named = top.get("model").filter(|raw| !gemini && raw.get() != "null");
    let model = named
        .map(|raw| text(raw).ok_or(PeekError::ModelNotText))
        .transpose()?;
    let speech = protocol == Protocol::OpenaiSpeech;
    let stream = if speech {
        top.text("stream_format").as_deref() == Some("sse")
    } else {
        !gemini && top.is_true("stream")
    };
    let can_tell = matches!(protocol, Protocol::OpenaiChat | Protocol::OpenaiCompletions);
    let include_usage = if can_tell && stream {
        IncludeUsage::of(body, top.get("stream_options"))
    } else {
        IncludeUsage::NotApplicable
    };
    Ok(RequestPeek {
        model: model.map(ModelName::new),
        model_span: named.and_then(|raw| span(body, raw)),
        stream,
        tier: top
            .text("service_tier")
            .or_else(|| top.text("serviceTier").filter(|_| gemini)),
        end_user: end_user(protocol, &top),
        background: protocol == Protocol::OpenaiResponses && top.is_true("background"),
        include_usage,
        characters: speech
            .then(|| top.text("input"))
            .flatten()
            .map(|text| characters(&text)),
        media: media(protocol, &top),
        starts_container: protocol == Protocol::OpenaiResponses && starts_container(&top),
    })
}

fn media(protocol: Protocol, top: &Top<'_>) -> Option<MediaFormat> {
    if protocol != Protocol::OpenaiImages {
        return None;
    }
    let (size, quality) = (top.text("size"), top.text("quality"));
    (size.is_some() || quality.is_some()).then(|| MediaFormat {
        size: size.map(Into::into),
        quality: quality.map(Into::into),
    })
}

/// # Source
/// <https://platform.openai.com/docs/guides/tools-code-interpreter>: a container of type `auto` is a new one, unless the
/// model's context holds a call that used another; the SDK's `CodeInterpreter` names its sizes, 1 GB being the default.
fn starts_container(top: &Top<'_>) -> bool {
    let Some(tools) = top.get("tools").map(RawValue::get) else {
        return false;
    };
    let code = br#""code_interpreter""#;
    if memchr::memmem::find(tools.as_bytes(), code).is_none() {
        return false;
    }
    let set = |key: &str| top.get(key).is_some_and(|raw| raw.get() != "null");
    let input = top.get("input").map(RawValue::get).unwrap_or_default();
    let earlier = memchr::memmem::find(input.as_bytes(), br#""container_id""#).is_some();
    if set("previous_response_id") || set("conversation") || earlier {
        return false;
    }
    let Ok(tools) = serde_json::from_str::<Vec<serde_json::Value>>(tools) else {
        return false;
    };
    tools
        .iter()
        .filter(|tool| tool.get("type").and_then(serde_json::Value::as_str) == Some("code_interpreter"))
        .all(|tool| {
            let container = tool.get("container");
            let size = container.and_then(|container| container.get("memory_limit"));
            container.is_none_or(serde_json::Value::is_object)
                && size.is_none_or(|size| size.is_null() || size == "1g")
        })
}

fn characters(text: &str) -> u64 {
    u64::try_from(text.chars().count()).unwrap_or(u64::MAX)
}

fn end_user(protocol: Protocol, top: &Top<'_>) -> Option<String> {
    match protocol {
        Protocol::AnthropicMessages => {
            let metadata = top.get("metadata")?.get();
            let members = members(metadata.as_bytes(), |key| key == "user_id").ok()?;
            members.last().and_then(|(_, raw)| text(raw))
        }
        Protocol::GeminiGenerate | Protocol::GeminiEmbed => None,
        _ => top.text("safety_identifier").or_else(|| top.text("user")),
    }
}

/// The wanted members at the top of a body.
struct Top<'a>(Vec<(String, &'a RawValue)>);

impl<'a> Top<'a> {
    fn read(body: &'a [u8]) -> Result<Self, PeekError> {
        const WANTED: [&str; 16] = [
            "tools",
            "previous_response_id",
            "conversation",
            "size",
            "quality",
            "model",
            "stream",
            "stream_format",
            "stream_options",
            "input",
            "service_tier",
            "serviceTier",
            "safety_identifier",
            "user",
            "metadata",
            "background",
        ];
        members(body, |key| WANTED.contains(&key))
            .map(Self)
            .map_err(|error| match error.classify() {
                Category::Data => PeekError::NotAnObject,
                _ => PeekError::NotJson {
                    line: error.line(),
                    column: error.column(),
                },
            })
    }

    fn get(&self, key: &str) -> Option<&'a RawValue> {
        self.0
            .iter()
            .rev()
            .find(|(known, _)| known == key)
            .map(|(_, raw)| *raw)
    }

    fn text(&self, key: &str) -> Option<String> {
        self.get(key).and_then(text)
    }

    fn is_true(&self, key: &str) -> bool {
        self.get(key).is_some_and(|raw| raw.get() == "true")
    }
}

fn text(raw: &RawValue) -> Option<String> {
    serde_json::from_str(raw.get())
        .ok()
        .filter(|text: &String| !text.is_empty())
}

/// Where a borrowed value stands in the body it was borrowed from.
pub(super) fn span(body: &[u8], raw: &RawValue) -> Option<Range<usize>> {
    let start = raw.get().as_ptr().addr().checked_sub(body.as_ptr().addr())?;
    let end = start.checked_add(raw.get().len())?;
    (end <= body.len()).then_some(start..end)
}

#[cfg(test)]
mod tests;
