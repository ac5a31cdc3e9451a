//! Whether a chat stream will say what it used.

use std::ops::Range;

use serde_json::value::RawValue;

use super::peek::span;
use crate::counters::members;

/// Whether a chat request asks for usage at the end of its stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IncludeUsage {
    /// It does.
    Asked,
    /// It does not (an explicit `false` included), and this edit would make it.
    Absent(Splice),
    /// Not a chat stream.
    NotApplicable,
}

/// One edit of a request body: a byte range and what goes in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Splice {
    pub(super) at: Range<usize>,
    pub(super) text: &'static str,
}

impl IncludeUsage {
    /// From the body of a streaming chat request, which has at least one member, and its `stream_options`.
    pub(super) fn of(body: &[u8], options: Option<&RawValue>) -> Self {
        let Some(options) = options else {
            let start = body.iter().position(|byte| *byte == b'{').map_or(0, |at| at + 1);
            return Self::insert(start, r#""stream_options":{"include_usage":true},"#);
        };
        let Some(whole) = span(body, options) else {
            return Self::NotApplicable;
        };
        let Ok(all) = members(options.get().as_bytes(), |_| true) else {
            return Self::Absent(Splice {
                at: whole,
                text: r#"{"include_usage":true}"#,
            });
        };
        match all.iter().rev().find(|(key, _)| key == "include_usage") {
            Some((_, raw)) if raw.get() == "true" => Self::Asked,
            Some((_, raw)) => match span(body, raw) {
                Some(at) => Self::Absent(Splice { at, text: "true" }),
                None => Self::NotApplicable,
            },
            None if all.is_empty() => Self::insert(whole.start + 1, r#""include_usage":true"#),
            None => Self::insert(whole.start + 1, r#""include_usage":true,"#),
        }
    }

    fn insert(at: usize, text: &'static str) -> Self {
        Self::Absent(Splice { at: at..at, text })
    }
}
