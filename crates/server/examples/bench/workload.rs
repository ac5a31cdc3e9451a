//! What is sent and answered.

use tollgate_testkit::Script;
use tollgate_testkit::load::{Endpoint, Traffic};

const MODEL: &str = "gpt-4o";
/// With names and punctuation the request is then about 1 KB.
pub(crate) const PROMPT_BYTES: usize = 900;
const JSON_TEXT_BYTES: usize = 600;
const CHUNKS: usize = 100;
const CHUNK_BYTES: usize = 24;

/// One kind of exchange, always the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Workload {
    /// A request and an answer of about 1 KB each.
    Json,
    /// The same request; an answer of 100 deltas, written out as fast as it can be read.
    Stream,
}

impl Workload {
    pub(crate) const ALL: [Self; 2] = [Self::Json, Self::Stream];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Json => "JSON 1 KB",
            Self::Stream => "SSE 100 chunks",
        }
    }

    /// How many requests a round has, of what the arguments say.
    pub(crate) const fn requests(self, asked: u64) -> u64 {
        match self {
            Self::Json => asked,
            Self::Stream => asked / 4,
        }
    }

    pub(crate) fn traffic(self) -> Traffic {
        let traffic = Traffic::new(Endpoint::OpenAiChat, MODEL, 1);
        match self {
            Self::Json => traffic,
            Self::Stream => traffic.streamed(),
        }
    }

    /// What the simulated provider does with it.
    pub(crate) fn script(self) -> Script {
        let (bytes, chunks) = match self {
            Self::Json => (JSON_TEXT_BYTES, 1),
            Self::Stream => (CHUNKS * CHUNK_BYTES, CHUNKS),
        };
        Script {
            text: Some("lorem ipsum ".chars().cycle().take(bytes).collect()),
            chunks,
            ..Script::tokens(250, 120)
        }
    }
}
