//! Wire protocols the simulator speaks.

use serde::{Deserialize, Serialize};

use crate::counts::Meter;

/// Whose conventions apply to headers and errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// `Authorization: Bearer`, `{"error":{"message","type","param","code"}}`.
    OpenAi,
    /// `x-api-key` (or a bearer token), `{"type":"error","error":{"type","message"}}`.
    Anthropic,
    /// `x-goog-api-key` or `?key=`, `{"error":{"code","message","status"}}`.
    Gemini,
}

/// One request and response shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Protocol {
    /// `POST /v1/chat/completions`.
    OpenaiChat,
    /// `POST /v1/responses`.
    OpenaiResponses,
    /// `POST /v1/embeddings`.
    OpenaiEmbeddings,
    /// `POST /v1/messages`.
    AnthropicMessages,
    /// `POST /v1beta/models/{m}:generateContent` and `:streamGenerateContent`, also under `/v1/models/`.
    GeminiGenerate,
    /// `POST /v1beta/models/{m}:embedContent` and `:batchEmbedContents`, also under `/v1/models/`.
    GeminiEmbed,
}

impl Protocol {
    /// Whose conventions it follows.
    pub const fn dialect(self) -> Dialect {
        match self {
            Self::OpenaiChat | Self::OpenaiResponses | Self::OpenaiEmbeddings => Dialect::OpenAi,
            Self::AnthropicMessages => Dialect::Anthropic,
            Self::GeminiGenerate | Self::GeminiEmbed => Dialect::Gemini,
        }
    }

    /// The meters this protocol's usage object can express; a plan is cut down to them, so that the
    /// invoice never bills what the wire could not have said.
    pub(crate) const fn expressible(self) -> &'static [Meter] {
        use Meter::{
            AudioCacheRead, AudioInput, AudioOutput, CacheRead, CacheWrite1h, CacheWrite5m, ImageInput,
            ImageOutput, Input, Output, Reasoning, VideoInput, WebSearch,
        };
        match self {
            Self::OpenaiChat => &[
                Input,
                CacheRead,
                CacheWrite5m,
                AudioInput,
                Output,
                Reasoning,
                AudioOutput,
            ],
            Self::OpenaiResponses => &[Input, CacheRead, CacheWrite5m, Output, Reasoning, WebSearch],
            Self::OpenaiEmbeddings | Self::GeminiEmbed => &[Input],
            Self::AnthropicMessages => &[
                Input,
                CacheRead,
                CacheWrite5m,
                CacheWrite1h,
                Output,
                Reasoning,
                WebSearch,
            ],
            Self::GeminiGenerate => &[
                Input,
                CacheRead,
                AudioInput,
                AudioCacheRead,
                ImageInput,
                VideoInput,
                Output,
                Reasoning,
                AudioOutput,
                ImageOutput,
            ],
        }
    }
}
