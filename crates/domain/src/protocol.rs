//! Wire protocols.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A wire protocol the gateway carries. It, not the vendor or model name, decides how usage is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Protocol {
    /// OpenAI chat completions.
    OpenaiChat,
    /// OpenAI's older text completions.
    OpenaiCompletions,
    /// OpenAI Responses.
    OpenaiResponses,
    /// OpenAI embeddings.
    OpenaiEmbeddings,
    /// OpenAI images: generations, edits and variations.
    OpenaiImages,
    /// OpenAI audio to text: transcriptions and translations.
    OpenaiTranscriptions,
    /// OpenAI text to audio.
    OpenaiSpeech,
    /// OpenAI moderations.
    OpenaiModerations,
    /// Reranking of documents, as Cohere and Jina have it.
    Rerank,
    /// Anthropic messages; `count_tokens`, which is free, belongs to it.
    AnthropicMessages,
    /// Gemini `generateContent` and `streamGenerateContent`; `countTokens`, which is free, belongs to it.
    GeminiGenerate,
    /// Gemini `embedContent` and `batchEmbedContents`.
    GeminiEmbed,
}

/// The shape a caller expects errors in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dialect {
    /// `{"error":{"message","type","param","code"}}`
    Openai,
    /// `{"type":"error","error":{"type","message"}}`
    Anthropic,
    /// `{"error":{"code","message","status"}}`
    Gemini,
}

impl Protocol {
    /// All of them, in declaration order.
    pub const ALL: [Self; 12] = [
        Self::OpenaiChat,
        Self::OpenaiCompletions,
        Self::OpenaiResponses,
        Self::OpenaiEmbeddings,
        Self::OpenaiImages,
        Self::OpenaiTranscriptions,
        Self::OpenaiSpeech,
        Self::OpenaiModerations,
        Self::Rerank,
        Self::AnthropicMessages,
        Self::GeminiGenerate,
        Self::GeminiEmbed,
    ];

    /// The stable name: `openai_chat` and so on.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OpenaiChat => "openai_chat",
            Self::OpenaiCompletions => "openai_completions",
            Self::OpenaiResponses => "openai_responses",
            Self::OpenaiEmbeddings => "openai_embeddings",
            Self::OpenaiImages => "openai_images",
            Self::OpenaiTranscriptions => "openai_transcriptions",
            Self::OpenaiSpeech => "openai_speech",
            Self::OpenaiModerations => "openai_moderations",
            Self::Rerank => "rerank",
            Self::AnthropicMessages => "anthropic_messages",
            Self::GeminiGenerate => "gemini_generate",
            Self::GeminiEmbed => "gemini_embed",
        }
    }

    /// Whether the model is named in the path, not in the body.
    pub const fn names_model_in_path(self) -> bool {
        matches!(self, Self::GeminiGenerate | Self::GeminiEmbed)
    }

    /// The error shape of its callers.
    pub const fn dialect(self) -> Dialect {
        match self {
            Self::AnthropicMessages => Dialect::Anthropic,
            Self::GeminiGenerate | Self::GeminiEmbed => Dialect::Gemini,
            Self::OpenaiChat
            | Self::OpenaiCompletions
            | Self::OpenaiResponses
            | Self::OpenaiEmbeddings
            | Self::OpenaiImages
            | Self::OpenaiTranscriptions
            | Self::OpenaiSpeech
            | Self::OpenaiModerations
            | Self::Rerank => Dialect::Openai,
        }
    }
}

impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Protocol {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|protocol| protocol.as_str() == text);
        found.ok_or_else(|| {
            let names: Vec<_> = Self::ALL.iter().map(|protocol| protocol.as_str()).collect();
            format!("{text:?} is not a protocol; known are {}", names.join(", "))
        })
    }
}
