//! Reading an answer as it passes.

use tollgate_domain::{Protocol, ProviderName};

use crate::coding::Decoder;
use crate::flags;
use crate::observed::Observed;
use crate::protocol::Wire;
use crate::scan::{Events, JsonScanner, Needles, Running, SseScanner};
use crate::variant::Variant;
use crate::{BodyKind, ContentCoding, Reading};

/// How an answer is to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeterSpec {
    /// The wire protocol it speaks.
    pub protocol: Protocol,
    /// The vendor; selects the protocol's variant.
    pub provider: ProviderName,
}

/// What an answer has told so far. Both stay true once they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// The protocol's terminal event has been seen, or the JSON value has ended: nothing more is to come.
    /// Gemini's event streams have no terminal event; they end with the body.
    pub terminal: bool,
    /// Something was generated.
    pub content: bool,
}

/// Reads one answer's usage from its bytes, in any pieces, in bounded memory (below 1 MiB; compressed bodies below
/// 4 MiB, and as much more as brotli and zstd look back, at most 16 MiB), without changing or holding them.
///
/// ```
/// use tollgate_domain::{Meter, Protocol, ProviderName};
/// use tollgate_metering::{BodyKind, ContentCoding, MeterSpec, ResponseMeter};
///
/// let spec = MeterSpec { protocol: Protocol::AnthropicMessages, provider: ProviderName::new("anthropic") };
/// let mut meter = ResponseMeter::new(&spec, BodyKind::Sse, ContentCoding::Identity);
/// meter.push(b"data: {\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":25}}}\n\n");
/// meter.push(b"data: {\"type\":\"message_delta\",\"usage\":{\"output_tokens\":15}}\n\n");
/// assert!(meter.push(b"data: {\"type\":\"message_stop\"}\n\n").terminal);
/// let usage = meter.finish().usage.unwrap();
/// assert_eq!((usage.get(Meter::Input).get(), usage.get(Meter::Output).get()), (25, 15));
/// ```
pub struct ResponseMeter {
    decoder: Decoder,
    body: Body,
}

/// The plain body.
struct Body {
    kind: BodyKind,
    scanner: Scanner,
    observed: Observed,
}

enum Scanner {
    /// Before the first byte that tells one from the other.
    Undecided(Box<(SseScanner, JsonScanner)>),
    Json(Box<JsonScanner>),
    Sse(Box<SseScanner>),
    /// Nothing to read.
    Opaque,
}

impl ResponseMeter {
    /// A meter for one answer.
    pub fn new(spec: &MeterSpec, kind: BodyKind, coding: ContentCoding) -> Self {
        Self::build(spec, kind, coding, None)
    }

    /// A meter that also keeps up to `cap` bytes of what is generated, for [`Reading::generated`]. Every event is
    /// scanned then; a meter from [`ResponseMeter::new`] pays nothing for this.
    pub fn keeping_text(spec: &MeterSpec, kind: BodyKind, coding: ContentCoding, cap: usize) -> Self {
        Self::build(spec, kind, coding, Some(cap))
    }

    fn build(spec: &MeterSpec, kind: BodyKind, coding: ContentCoding, keep: Option<usize>) -> Self {
        let (wire, variant) = (Wire::of(spec.protocol), Variant::of(&spec.provider));
        let told = if keep.is_some() { wire.told } else { &[] };
        let json = || JsonScanner::new(wire.fields.iter().chain(variant.fields).chain(told));
        let sse = SseScanner::new(Needles::new(wire.needles), Running::new(wire.running), json());
        let mut observed = Observed::new(wire, variant, keep);
        if coding == ContentCoding::Unsupported {
            observed.flags.raise(flags::UNSUPPORTED_ENCODING);
        }
        let scanner = if kind == BodyKind::Opaque {
            Scanner::Opaque
        } else {
            Scanner::Undecided(Box::new((sse, json())))
        };
        Self {
            decoder: Decoder::new(coding),
            body: Body {
                kind,
                scanner,
                observed,
            },
        }
    }

    /// Reads the next piece of the body, as it came over the wire.
    pub fn push(&mut self, chunk: &[u8]) -> Progress {
        let Self { decoder, body } = self;
        if decoder.push(chunk, &mut |plain| body.push(plain)).is_err() {
            body.observed.flags.raise(flags::UNDECODABLE_BODY);
        }
        body.progress()
    }

    /// What the answer told. The same call whether the body ended, was cut, or is given up.
    pub fn finish(self) -> Reading {
        self.body.end()
    }
}

impl Body {
    fn push(&mut self, mut plain: &[u8]) {
        if let Scanner::Undecided(_) = self.scanner {
            let Some(at) = plain.iter().position(|byte| is_telling(*byte)) else {
                return;
            };
            plain = plain.get(at..).unwrap_or_default();
            self.decide(plain.first().copied().unwrap_or_default());
        }
        match &mut self.scanner {
            Scanner::Json(json) => json.push(plain, &mut self.observed),
            Scanner::Sse(sse) => sse.push(plain, &mut self.observed),
            Scanner::Opaque => self.observed.opaque(plain),
            Scanner::Undecided(_) => {}
        }
    }

    /// Goes by the first byte: no event stream begins with a bracket, no JSON answer with a field name.
    fn decide(&mut self, first: u8) {
        let streams = match first {
            b'{' | b'[' => false,
            b'd' | b'e' | b'i' | b'r' | b':' => true,
            _ => self.kind == BodyKind::Sse,
        };
        if streams != (self.kind == BodyKind::Sse) {
            self.observed.flags.raise(flags::MISLABELLED_BODY);
        }
        let undecided = std::mem::replace(&mut self.scanner, Scanner::Json(Box::new(JsonScanner::new([]))));
        if let Scanner::Undecided(both) = undecided {
            let (sse, json) = *both;
            self.scanner = if streams {
                Scanner::Sse(Box::new(sse))
            } else {
                Scanner::Json(Box::new(json))
            };
        }
    }

    fn progress(&self) -> Progress {
        let closed = matches!(&self.scanner, Scanner::Json(json) if json.is_closed());
        Progress {
            terminal: closed || self.observed.is_terminal(),
            content: self.observed.has_content(),
        }
    }

    fn end(self) -> Reading {
        let Self {
            scanner,
            mut observed,
            ..
        } = self;
        let complete = match scanner {
            Scanner::Undecided(_) | Scanner::Opaque => false,
            Scanner::Json(json) => {
                observed.event_ended(b"", b"");
                json.is_closed()
            }
            Scanner::Sse(mut sse) => {
                sse.finish(&mut observed);
                observed.stream_is_complete()
            }
        };
        observed.into_reading(complete)
    }
}

/// Whether a byte can be the first of a body's text; blanks and the byte order mark are not.
fn is_telling(byte: u8) -> bool {
    !byte.is_ascii_whitespace() && !matches!(byte, 0xef | 0xbb | 0xbf)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HELD_AT_MOST: usize = 512 * 1024;

    fn held(meter: &ResponseMeter) -> usize {
        match &meter.body.scanner {
            Scanner::Sse(sse) => sse.held(),
            Scanner::Json(json) => json.held(),
            Scanner::Undecided(_) | Scanner::Opaque => 0,
        }
    }

    /// Streams 3 MB; `benches/scanner.rs` does the same with a gigabyte.
    #[track_caller]
    fn check(protocol: Protocol, kind: BodyKind, begin: &str, more: &str) {
        let spec = MeterSpec {
            protocol,
            provider: ProviderName::new("openai"),
        };
        let mut meter = ResponseMeter::new(&spec, kind, ContentCoding::Identity);
        meter.push(begin.as_bytes());
        let (chunk, mut sent) = (more.repeat(1 + 16_000 / more.len()), 0);
        while sent < 3 << 20 {
            meter.push(chunk.as_bytes());
            sent += chunk.len();
            assert!(held(&meter) <= HELD_AT_MOST, "{} held after {sent}", held(&meter));
        }
        meter.finish();
    }

    #[test]
    fn a_stream_without_end_is_read_in_constant_memory() {
        let event = r#"data: {"choices":[{"delta":{"content":"paid in full"}}],"usage":null}"#;
        check(Protocol::OpenaiChat, BodyKind::Sse, "", &format!("{event}\n\n"));
        let counted = r#"data: {"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2}}"#;
        check(
            Protocol::OpenaiChat,
            BodyKind::Sse,
            "",
            &format!("{counted}\r\n\r\n"),
        );
    }

    #[test]
    fn one_event_one_line_and_one_value_without_end_are_too() {
        check(
            Protocol::OpenaiImages,
            BodyKind::Sse,
            "data: {\"b64_json\":\"",
            "iVBORw0KGgo",
        );
        check(
            Protocol::OpenaiChat,
            BodyKind::Sse,
            "data: {\"usage\":{\"a\":\"",
            "x",
        );
        check(Protocol::OpenaiChat, BodyKind::Sse, "", "data:\n");
        check(Protocol::OpenaiChat, BodyKind::Sse, "event: ", "name");
        check(Protocol::OpenaiChat, BodyKind::Json, "{\"usage\":", "[{\"a\":");
        check(
            Protocol::GeminiGenerate,
            BodyKind::JsonArray,
            "[",
            "{\"usageMetadata\":{\"a\":1}},",
        );
    }
}
