//! An answer before it becomes bytes.

use serde_json::Value;

use crate::counts::Counts;
use crate::protocol::Protocol;

use super::request::RequestFacts;
use super::script::{Report, Script};

/// What a protocol's answer is made of.
#[derive(Debug)]
pub(super) struct Exchange {
    /// Unique part of every id in the answer.
    pub(super) unique: String,
    /// Seconds since 1970.
    pub(super) created: u64,
    /// The model the answer names.
    pub(super) model: String,
    /// The service tier the answer names, in the provider's own word.
    pub(super) tier: String,
    pub(super) counts: Counts,
    pub(super) text: String,
    pub(super) facts: RequestFacts,
    pub(super) script: Script,
}

#[derive(Debug)]
pub(super) enum Reply {
    Json(Value),
    Stream(Framing, Vec<Event>),
    /// A body of another kind, with its content type.
    Raw(&'static str, Vec<u8>),
}

/// How a stream's events become bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Framing {
    /// `text/event-stream`.
    Sse,
    /// One JSON array, element by element: Gemini without `alt=sse`.
    JsonArray,
}

#[derive(Debug)]
pub(super) struct Event {
    pub(super) name: Option<&'static str>,
    pub(super) data: String,
    /// Whether this is the protocol's terminal event.
    pub(super) terminal: bool,
}

impl Event {
    /// An event without a name.
    pub(super) fn data(value: &Value) -> Self {
        Self {
            name: None,
            data: value.to_string(),
            terminal: false,
        }
    }

    /// An event named like its `type`.
    pub(super) fn named(name: &'static str, value: &Value) -> Self {
        Self {
            name: Some(name),
            data: value.to_string(),
            terminal: false,
        }
    }

    pub(super) fn terminal(self) -> Self {
        Self {
            terminal: true,
            ..self
        }
    }
}

impl Exchange {
    /// The id in the body of the answer.
    pub(super) fn id(&self, protocol: Protocol) -> String {
        let unique = &self.unique;
        match protocol {
            Protocol::OpenaiChat => format!("chatcmpl-{unique}"),
            Protocol::OpenaiResponses => format!("resp_{unique}"),
            Protocol::AnthropicMessages => format!("msg_{unique}"),
            Protocol::OpenaiCompletions => format!("cmpl-{unique}"),
            Protocol::GeminiGenerate | Protocol::Rerank => unique.clone(),
            // No id in their bodies, or none that names a charge; this one is in their `x-request-id`.
            Protocol::OpenaiEmbeddings
            | Protocol::OpenaiImages
            | Protocol::OpenaiTranscriptions
            | Protocol::OpenaiSpeech
            | Protocol::OpenaiModerations
            | Protocol::GeminiEmbed => format!("req_{unique}"),
        }
    }

    /// The text in as many pieces as the script wants, cut between characters.
    pub(super) fn deltas(&self) -> Vec<String> {
        let characters: Vec<char> = self.text.chars().collect();
        let size = characters.len().div_ceil(self.script.chunks.max(1)).max(1);
        characters
            .chunks(size)
            .map(|piece| piece.iter().collect())
            .collect()
    }

    /// Whether the request has `stream_options.include_usage`.
    pub(super) fn asks_for_usage(&self) -> bool {
        self.facts.stream_options == Some(true)
    }

    /// The quality an image answer names, which is the one billed.
    pub(super) fn quality(&self) -> Option<&str> {
        self.script
            .quality_served
            .as_deref()
            .or(self.facts.quality.as_deref())
    }

    /// Whether the answer carries usage at all.
    pub(super) fn reports_usage(&self) -> bool {
        self.script.report != Report::Missing
    }
}
