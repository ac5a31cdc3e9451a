//! Scanning bytes as they pass: JSON and server-sent events, across any borders, in bounded memory.

mod field;
mod json;
mod needles;
mod running;
mod sse;

pub(crate) use field::{Field, Slot, Want, present, text, value};
pub(crate) use json::{JsonScanner, Sink};
pub(crate) use needles::{Needle, Needles};
pub(crate) use running::Running;
pub(crate) use sse::{Events, SseScanner};
