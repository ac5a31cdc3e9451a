#![doc = include_str!("../README.md")]

mod body_kind;
mod coding;
mod counters;
#[cfg(feature = "estimate")]
mod estimate;
mod filter;
mod flags;
mod kept;
mod meter;
mod observed;
mod protocol;
mod reading;
mod request;
mod scan;
mod tools;
mod variant;

pub use body_kind::BodyKind;
pub use coding::ContentCoding;
#[cfg(feature = "estimate")]
pub use estimate::Estimator;
pub use filter::UsageEventFilter;
pub use kept::GeneratedText;
pub use meter::{MeterSpec, Progress, ResponseMeter};
pub use reading::Reading;
pub use request::{
    IncludeUsage, PeekError, PromptText, RequestPeek, Splice, audio_seconds, peek_request, prompt_text,
    rewrite, with_include_usage, with_model,
};
