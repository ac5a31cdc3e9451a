//! The request side: what routing and billing need from a body, and two splices.

mod audio;
mod include_usage;
mod peek;
mod prompt;
mod rewrite;

pub use audio::audio_seconds;
pub use include_usage::{IncludeUsage, Splice};
pub use peek::{PeekError, RequestPeek, peek_request};
pub use prompt::{PromptText, prompt_text};
pub use rewrite::{rewrite, with_include_usage, with_model};
