//! What shape an answer's body has.

use tollgate_domain::Protocol;

use crate::MeterSpec;

/// How the bytes of an answer are framed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BodyKind {
    /// One JSON value.
    Json,
    /// Server-sent events.
    Sse,
    /// One JSON array whose elements are the chunks of a stream (Gemini without `alt=sse`).
    JsonArray,
    /// Neither: audio, subtitles, plain text. Nothing in it is read; it ends where the body ends.
    Opaque,
}

impl BodyKind {
    /// What the answer's `content-type` says, or without a telling one what the request asked for. The meter
    /// still looks at the first byte: a JSON body labelled as a stream, or the reverse, is read as what it is.
    pub fn from_content_type(spec: &MeterSpec, content_type: Option<&str>, stream_requested: bool) -> Self {
        let essence = content_type.and_then(|value| value.split(';').next());
        let essence = essence.unwrap_or_default().trim().to_ascii_lowercase();
        let array = spec.protocol == Protocol::GeminiGenerate && stream_requested;
        let media = matches!(
            spec.protocol,
            Protocol::OpenaiSpeech | Protocol::OpenaiTranscriptions
        );
        match essence.as_str() {
            "text/event-stream" => Self::Sse,
            json if json == "application/json" || json.ends_with("+json") => {
                if array {
                    Self::JsonArray
                } else {
                    Self::Json
                }
            }
            "" if media && stream_requested => Self::Sse,
            _ if media => Self::Opaque,
            _ if stream_requested => Self::Sse,
            _ => Self::Json,
        }
    }
}

#[cfg(test)]
mod tests {
    use tollgate_domain::ProviderName;

    use super::*;

    fn kind(protocol: Protocol, content_type: Option<&str>, stream: bool) -> BodyKind {
        let spec = MeterSpec {
            protocol,
            provider: ProviderName::new("openai"),
        };
        BodyKind::from_content_type(&spec, content_type, stream)
    }

    #[test]
    fn the_content_type_decides_and_the_request_fills_in() {
        let chat = Protocol::OpenaiChat;
        assert_eq!(
            kind(chat, Some("Text/Event-Stream; charset=utf-8"), false),
            BodyKind::Sse
        );
        assert_eq!(kind(chat, Some("application/json"), true), BodyKind::Json);
        assert_eq!(
            kind(chat, Some("application/problem+json"), false),
            BodyKind::Json
        );
        assert_eq!(kind(chat, None, true), BodyKind::Sse);
        assert_eq!(kind(chat, Some("text/plain"), false), BodyKind::Json);
    }

    #[test]
    fn audio_and_subtitles_are_not_read() {
        for (protocol, content_type) in [
            (Protocol::OpenaiSpeech, "audio/mpeg"),
            (Protocol::OpenaiSpeech, "application/octet-stream"),
            (Protocol::OpenaiTranscriptions, "text/plain; charset=utf-8"),
            (Protocol::OpenaiTranscriptions, "text/vtt"),
        ] {
            assert_eq!(kind(protocol, Some(content_type), false), BodyKind::Opaque);
            assert_eq!(kind(protocol, Some(content_type), true), BodyKind::Opaque);
            assert_eq!(kind(protocol, Some("text/event-stream"), true), BodyKind::Sse);
            assert_eq!(kind(protocol, Some("application/json"), false), BodyKind::Json);
        }
    }

    #[test]
    fn a_gemini_stream_in_json_is_an_array() {
        let gemini = Protocol::GeminiGenerate;
        assert_eq!(
            kind(gemini, Some("application/json; charset=UTF-8"), true),
            BodyKind::JsonArray
        );
        assert_eq!(kind(gemini, Some("application/json"), false), BodyKind::Json);
        assert_eq!(kind(gemini, Some("text/event-stream"), true), BodyKind::Sse);
    }
}
