//! What the simulated provider is told to do with a request.

use serde::{Deserialize, Serialize};

use crate::counts::{Counts, Meter};
use crate::error::TestkitError;

use super::presets;

/// Instructions for one answer. The default is an ordinary success with usage derived from the request's
/// bytes. Build one with struct update syntax: `Script { chunks: 3, ..Script::default() }`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "independent switches, set by name")]
pub struct Script {
    /// What the request uses; `None` derives it from the request body, the same every time. Meters the
    /// protocol cannot express are left out.
    pub usage: Option<Counts>,
    /// How many of the `input` tokens Gemini reports as tool-use prompt.
    pub tool_use_prompt_tokens: u64,
    /// How much of the usage the caller gets to see. The invoice is not affected.
    pub report: Report,
    /// The model the answer names; `None` is the one asked for.
    pub model_served: Option<String>,
    /// Name no model in the answer, and answer a request that names none, as a server of one model does.
    pub nameless: bool,
    /// The service tier the answer names; `None` is the one asked for.
    pub tier_served: Option<String>,
    /// The text generated; `None` is a fixed multi-lingual sentence.
    pub text: Option<String>,
    /// Answer with the last text of the request instead.
    pub echo: bool,
    /// How many text deltas a stream has, at least 1.
    pub chunks: usize,
    /// Milliseconds before the response's headers.
    pub header_delay_ms: u64,
    /// Milliseconds before each frame but the first.
    pub chunk_delay_ms: u64,
    /// Where to wait until the simulator is told to go on.
    pub hold: Option<HoldPoint>,
    /// `CR LF` line ends in streams instead of `LF`.
    pub crlf: bool,
    /// Where the body's frames are cut.
    pub chunking: Chunking,
    /// Whether a stream's last event ends with its blank line.
    pub final_blank_line: bool,
    /// Whether a stream has its terminal event: `[DONE]`, `message_stop`, `response.completed` (or
    /// `incomplete`, `failed`), Gemini's last chunk.
    pub terminal_event: bool,
    /// How a Responses answer ends; other protocols turn `Incomplete` into their "length" reason.
    pub ending: Ending,
    /// The quality an image answer names; `None` is the one asked for.
    pub quality_served: Option<String>,
    /// Compress the body whatever `Accept-Encoding` says.
    pub compression: Option<Compression>,
    /// Answer 400 when the request has `stream_options`.
    pub refuse_stream_options: bool,
    /// How often a background response or a batch is found to be going on before it has ended.
    pub pending_looks: u32,
    /// What goes wrong.
    pub fault: Option<Fault>,
    /// Whether the provider bills it; `None` bills whatever was answered with a 2xx status, except an
    /// error event before any output.
    pub billed: Option<bool>,
}

/// How much of the usage is reported.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Report {
    /// All of it; an OpenAI chat stream still only when the caller asked.
    #[default]
    Full,
    /// Anthropic's `message_delta` carries only `output_tokens`; the rest is in `message_start`.
    DeltaOutputOnly,
    /// None of it.
    Missing,
}

/// Where an answer waits for [`Simulator::release`](super::Simulator::release).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HoldPoint {
    /// Before the response's headers.
    BeforeHeaders,
    /// After this many body frames.
    AfterFrames(usize),
}

/// How the body is divided into HTTP chunks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Chunking {
    /// One per event; a JSON answer is one.
    #[default]
    PerEvent,
    /// Every this many bytes, also inside events and multi-byte characters.
    Bytes(usize),
    /// Everything in one.
    Whole,
}

/// How a Responses answer ends.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// `response.completed`.
    #[default]
    Completed,
    /// `response.incomplete`: the output limit was reached.
    Incomplete,
    /// `response.failed`, with usage.
    Failed,
}

/// A content coding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Compression {
    /// `gzip`.
    Gzip,
    /// `deflate`, which is zlib on the wire.
    Deflate,
    /// `br`.
    Br,
    /// `zstd`.
    Zstd,
}

/// What goes wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// An error answer in the dialect's shape.
    Status {
        /// HTTP status.
        code: u16,
        /// `retry-after` in seconds.
        #[serde(default)]
        retry_after: Option<u32>,
    },
    /// An error event inside a 200 stream after this many events; nothing follows it.
    ErrorEvent {
        /// Events before it.
        after: usize,
    },
    /// The connection breaks after this many events, or in the middle of a JSON body.
    Cut {
        /// Events before it.
        after: usize,
    },
    /// Never answers.
    Hang,
    /// Closes the connection without an answer.
    Drop,
}

impl Default for Script {
    fn default() -> Self {
        Self {
            usage: None,
            tool_use_prompt_tokens: 0,
            report: Report::Full,
            model_served: None,
            nameless: false,
            tier_served: None,
            text: None,
            echo: false,
            chunks: 6,
            header_delay_ms: 0,
            chunk_delay_ms: 0,
            hold: None,
            crlf: false,
            chunking: Chunking::PerEvent,
            final_blank_line: true,
            terminal_event: true,
            ending: Ending::Completed,
            quality_served: None,
            compression: None,
            refuse_stream_options: false,
            pending_looks: 0,
            fault: None,
            billed: None,
        }
    }
}

impl Script {
    /// A success that uses exactly this.
    pub fn usage(counts: Counts) -> Self {
        Self {
            usage: Some(counts),
            ..Self::default()
        }
    }

    /// A success that uses this many input and output tokens.
    pub fn tokens(input: u64, output: u64) -> Self {
        Self::usage(
            Counts::new()
                .with(Meter::Input, input)
                .with(Meter::Output, output),
        )
    }

    /// An error answer.
    pub fn status(code: u16) -> Self {
        Self::fault(Fault::Status {
            code,
            retry_after: None,
        })
    }

    /// An answer with a fault.
    pub fn fault(fault: Fault) -> Self {
        Self {
            fault: Some(fault),
            ..Self::default()
        }
    }

    /// A script by its name, as used in `sim-…` model names and `sim:…` user fields: `gzip`, `error-429`,
    /// `cut` and so on.
    pub fn preset(name: &str) -> Result<Self, TestkitError> {
        presets::find(name).ok_or_else(|| TestkitError::UnknownPreset {
            name: name.to_owned(),
            known: presets::names().collect::<Vec<_>>().join(", "),
        })
    }

    /// Whether the provider asks for money.
    pub(super) fn is_billed(&self) -> bool {
        self.billed.unwrap_or(!matches!(
            self.fault,
            Some(Fault::Status { .. } | Fault::Hang | Fault::Drop | Fault::ErrorEvent { after: 0 })
        ))
    }
}
