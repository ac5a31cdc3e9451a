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
    /// OpenAI Responses.
    OpenaiResponses,
    /// OpenAI embeddings.
    OpenaiEmbeddings,
    /// Anthropic messages.
    AnthropicMessages,
    /// Gemini `generateContent` and `streamGenerateContent`.
    GeminiGenerate,
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
    pub const ALL: [Self; 5] = [
        Self::OpenaiChat,
        Self::OpenaiResponses,
        Self::OpenaiEmbeddings,
        Self::AnthropicMessages,
        Self::GeminiGenerate,
    ];

    /// The stable name: `openai_chat` and so on.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OpenaiChat => "openai_chat",
            Self::OpenaiResponses => "openai_responses",
            Self::OpenaiEmbeddings => "openai_embeddings",
            Self::AnthropicMessages => "anthropic_messages",
            Self::GeminiGenerate => "gemini_generate",
        }
    }

    /// The error shape of its callers.
    pub const fn dialect(self) -> Dialect {
        match self {
            Self::OpenaiChat | Self::OpenaiResponses | Self::OpenaiEmbeddings => Dialect::Openai,
            Self::AnthropicMessages => Dialect::Anthropic,
            Self::GeminiGenerate => Dialect::Gemini,
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
