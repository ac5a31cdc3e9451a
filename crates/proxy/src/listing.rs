//! Lists of what upstreams keep: batches and files.
//!
//! An upstream's own list shows the objects of every key that shares its account. A key's list is therefore made of what
//! the gateway itself has noted of that key, and each object of a page is asked for where it is:
//!
//! ```text
//! parameters ─► own rows, in order ─► each at its upstream ─► page in the caller's dialect
//!                     ▲                       │
//!                     └── instead of those ───┴─► gone: left out, and not asked for again for a while
//!                                             └─► not to be seen now: in short, from what is noted
//! ```
//!
//! A list makes no attempt and no entry: nothing at a provider is used by it.

mod asked;
mod page;
mod rows;
mod seen;
mod short;
mod summary;
mod walk;

use tollgate_domain::ports::FileNaming;
use tollgate_domain::{DeferredKind, Protocol};

pub(crate) use asked::Asked;
pub(crate) use page::render;
pub(crate) use walk::{Walked, walk};

/// What is listed, as a protocol has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Listed {
    /// `GET /v1/batches`.
    OpenaiBatches,
    /// `GET /v1/files`.
    OpenaiFiles,
    /// `GET /v1/messages/batches`.
    AnthropicBatches,
    /// `GET /v1beta/batches`.
    GeminiBatches,
    /// `GET /v1beta/files`.
    GeminiFiles,
}

/// What the objects of a list are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    Operations(DeferredKind),
    Files(FileNaming),
}

impl Listed {
    pub(crate) const fn source(self) -> Source {
        match self {
            Self::OpenaiBatches => Source::Operations(DeferredKind::OpenaiBatch),
            Self::AnthropicBatches => Source::Operations(DeferredKind::AnthropicBatch),
            Self::GeminiBatches => Source::Operations(DeferredKind::GeminiBatch),
            Self::OpenaiFiles => Source::Files(FileNaming::Openai),
            Self::GeminiFiles => Source::Files(FileNaming::Gemini),
        }
    }

    /// The protocol its objects are asked for in.
    pub(crate) const fn protocol(self) -> Protocol {
        match self {
            Self::OpenaiBatches | Self::OpenaiFiles => Protocol::OpenaiChat,
            Self::AnthropicBatches => Protocol::AnthropicMessages,
            Self::GeminiBatches | Self::GeminiFiles => Protocol::GeminiGenerate,
        }
    }

    /// The name of an object's kind, for those who asked for one.
    pub(crate) const fn what(self) -> &'static str {
        match self.source() {
            Source::Operations(_) => "batch",
            Source::Files(_) => "file",
        }
    }
}
