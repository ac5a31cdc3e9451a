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
    /// `POST /v1/completions`.
    OpenaiCompletions,
    /// `POST /v1/images/generations`, `/v1/images/edits` and `/v1/images/variations`.
    OpenaiImages,
    /// `POST /v1/audio/transcriptions` and `/v1/audio/translations`.
    OpenaiTranscriptions,
    /// `POST /v1/audio/speech`.
    OpenaiSpeech,
    /// `POST /v1/moderations`.
    OpenaiModerations,
    /// `POST /v1/rerank` and `/v2/rerank`.
    Rerank,
    /// `POST /v1/messages`, and the free `/v1/messages/count_tokens`.
    AnthropicMessages,
    /// `POST /v1beta/models/{m}:generateContent`, `:streamGenerateContent` and the free `:countTokens`, also under
    /// `/v1/models/`; and the code-assist envelope, `POST /v1internal:generateContent` and so on.
    GeminiGenerate,
    /// `POST /v1beta/models/{m}:embedContent` and `:batchEmbedContents`, also under `/v1/models/`.
    GeminiEmbed,
}

impl Protocol {
    /// Whose conventions it follows.
    pub const fn dialect(self) -> Dialect {
        match self {
            Self::OpenaiChat
            | Self::OpenaiResponses
            | Self::OpenaiEmbeddings
            | Self::OpenaiCompletions
            | Self::OpenaiImages
            | Self::OpenaiTranscriptions
            | Self::OpenaiSpeech
            | Self::OpenaiModerations
            | Self::Rerank => Dialect::OpenAi,
            Self::AnthropicMessages => Dialect::Anthropic,
            Self::GeminiGenerate | Self::GeminiEmbed => Dialect::Gemini,
        }
    }

    /// The meters this protocol's usage object can express; a plan is cut down to them, so that the
    /// invoice never bills what the wire could not have said.
    pub(crate) const fn expressible(self) -> &'static [Meter] {
        use Meter::{
            AudioCacheRead, AudioInput, AudioOutput, CacheRead, CacheWrite1h, CacheWrite5m, CharactersIn,
            ImageInput, ImageOutput, ImagesOut, Input, Output, Queries, Reasoning, SecondsIn, VideoInput,
            WebSearch,
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
            Self::OpenaiCompletions => &[Input, Output],
            Self::OpenaiImages => &[Input, ImageInput, ImageOutput, ImagesOut],
            Self::OpenaiTranscriptions => &[Input, AudioInput, Output, SecondsIn],
            Self::OpenaiSpeech => &[CharactersIn, Input, AudioOutput],
            Self::OpenaiModerations => &[],
            Self::Rerank => &[Input, Queries],
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
